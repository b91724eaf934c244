"""Smoothing, thinning, scale and limits against direct computations."""

from __future__ import annotations

import numpy as np
import pytest

from gansmith.plots.curves import (
    MOST_BINS,
    curve,
    envelope,
    robust_limits,
    smoothed,
    symlog_threshold,
)

RANDOM = np.random.default_rng(0)


def noisy(count: int, size: float = 1.0, offset: float = 0.0) -> np.ndarray:
    return offset + size * np.random.default_rng(count).normal(size=count)


def test_steps_are_sorted_and_infinities_become_gaps() -> None:
    steps, values = curve(np.array([3, 1, 2]), np.array([np.inf, 1.0, -np.inf]))
    assert steps.tolist() == [1, 2, 3]
    assert np.isnan(values).tolist() == [False, True, True]


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="expected one 1-D length"):
        curve(np.arange(3), np.arange(4))


@pytest.mark.parametrize("count", [1, 2, 10, 51, 999, 12_345])
def test_a_smoothed_constant_is_constant(count: int) -> None:
    line = smoothed(curve(np.arange(count), np.full(count, -3.7)))
    np.testing.assert_allclose(line.values, -3.7, rtol=1e-12)
    assert len(line.steps) <= MOST_BINS
    assert 0 <= line.steps[0] <= line.steps[-1] <= count - 1


def test_a_smoothed_straight_line_is_straight_away_from_its_ends() -> None:
    line = smoothed(curve(np.arange(700), 2.0 * np.arange(700)))
    np.testing.assert_allclose(line.values[20:-20], 2.0 * line.steps[20:-20])


def test_smoothing_equals_a_running_median_and_mean() -> None:
    values = noisy(400)
    values[200:203] = np.nan
    half = 4  # 400 / 50 = 8, made odd
    spans = [slice(max(0, i - half), i + half + 1) for i in range(400)]
    medians = np.array([np.nanmedian(values[span]) for span in spans])
    expected = np.array([medians[span].mean() for span in spans])
    expected[200:203] = np.nan
    np.testing.assert_allclose(smoothed(curve(np.arange(400), values)).values, expected)


def test_short_curves_are_not_smoothed() -> None:
    values = noisy(49)
    assert (smoothed(curve(np.arange(49), values)).values == values).all()


def test_a_spike_does_not_move_the_smoothed_curve() -> None:
    values = np.ones(1000)
    values[500] = 1e6
    np.testing.assert_allclose(smoothed(curve(np.arange(1000), values)).values, 1)


def test_smoothing_removes_noise_and_keeps_the_level() -> None:
    line = smoothed(curve(np.arange(200_000), noisy(200_000, 1.0, 5.0)))
    assert np.abs(line.values - 5).max() < 0.1


def test_gaps_stay_gaps() -> None:
    values = np.ones(8000)
    values[4000:4400] = np.nan
    line = smoothed(curve(np.arange(8000), values))
    assert (np.isnan(line.values) == ((line.steps > 3999) & (line.steps < 4400))).all()


def test_the_envelope_keeps_every_extreme() -> None:
    values = noisy(12_345)
    values[777], values[9_999], values[5000:5100] = 40, -50, np.nan
    thin = envelope(curve(np.arange(12_345), values))
    length = -(-12_345 // MOST_BINS)
    assert len(thin.values) == 2 * -(-12_345 // length)
    for index in range(len(thin.values) // 2):
        part = values[index * length : (index + 1) * length]
        expected = (np.nanmin(part), np.nanmax(part)) if np.isfinite(part).any() else [np.nan] * 2
        np.testing.assert_array_equal(thin.values[2 * index : 2 * index + 2], expected)


def test_short_curves_are_their_own_envelope() -> None:
    raw = curve(np.arange(100), noisy(100))
    assert envelope(raw) is raw


@pytest.mark.parametrize(
    ("levels", "threshold"),
    [
        ((0.6, 1.4), None),  # the usual pair
        ((-5.0, -150.0), None),  # Wasserstein losses, 30 apart
        ((-0.05, -100.0), 0.01),
        ((-5.0, 1000.0), 1.0),
        ((1.386, 0.693), None),
        ((0.0, 5.0), None),  # a loss that is off says nothing about scale
        ((1e-9, 1e3), 1e-3),  # six decades are enough
    ],
)
def test_the_scale_is_logarithmic_only_where_sizes_differ_by_fifty(
    levels: tuple[float, float], threshold: float | None
) -> None:
    curves = [curve(np.arange(500), level * (1 + noisy(500, 0.01))) for level in levels]
    assert symlog_threshold(curves) == (threshold and pytest.approx(threshold))


def test_one_curve_over_decades_is_logarithmic() -> None:
    steps = np.arange(1000)
    assert symlog_threshold([curve(steps, 500 * np.exp(-steps / 50) + 0.05)]) == pytest.approx(0.01)
    assert symlog_threshold([curve(steps, 5 * np.exp(-steps / 300))]) is None


def test_rare_spikes_do_not_make_the_scale_logarithmic() -> None:
    values = noisy(1000, 0.1, 1.0)
    values[:20] = 1e5
    assert symlog_threshold([curve(np.arange(1000), values)]) is None


def test_no_values_need_no_scale() -> None:
    assert symlog_threshold([]) is None
    assert symlog_threshold([curve(np.arange(3), np.full(3, np.nan))]) is None


def test_limits_hold_everything_without_spikes() -> None:
    values = noisy(1000)
    assert robust_limits([values, values + 1]) == (values.min(), values.max() + 1)


def test_limits_leave_spikes_outside() -> None:
    values = np.linspace(0, 1, 1001)
    spiked = np.concatenate([[1e6] * 3, values])
    low, high = robust_limits([spiked])
    band = np.quantile(spiked, [0.05, 0.95])
    assert low == 0
    assert high == pytest.approx(band[1] + (band[1] - band[0]))


def test_limits_have_height_and_survive_gaps() -> None:
    assert robust_limits([np.array([2.0])]) == pytest.approx((1.8, 2.2))
    assert robust_limits([np.zeros(9), np.array([np.nan])]) == (-0.1, 0.1)
    assert robust_limits([np.array([np.nan])]) == (0.0, 1.0)
