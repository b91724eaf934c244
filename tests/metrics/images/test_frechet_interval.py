"""The interval of the Fréchet distance: against closed forms, the jackknife and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from gansmith.metrics.difference import Difference, difference
from gansmith.metrics.images.frechet import frechet_distance, frechet_interval, influence
from gansmith.metrics.measurement import Measurement


def normal(random: np.random.Generator, n: int, shift: float = 0.0, scale: float = 1.0):
    deviations = np.linspace(1, 0.2, 6)
    return random.standard_normal((n, 6)) * deviations * scale + shift


def measured(value: float, interval=None, **more) -> Measurement:
    return Measurement(
        key="k",
        name="K",
        value=value,
        better="lower",
        n=9,
        n_reference=9,
        interval=interval,
        **more,
    )


def test_in_one_dimension_it_is_the_closed_form():
    random = np.random.default_rng(0)
    a, b = random.normal(1, 2, (50, 1)), random.normal(0, 1, (70, 1))
    c, s_a, s_b = a[:, 0] - a.mean(), a.std(ddof=1), b.std(ddof=1)
    wanted = 2 * (a.mean() - b.mean()) * c + (1 - s_b / s_a) * c**2  # of (μ-μ')² + (σ-σ')²
    np.testing.assert_allclose(influence(a, b), wanted - wanted.mean(), rtol=1e-6, atol=1e-9)


def test_its_deviation_is_that_of_the_jackknife():
    random = np.random.default_rng(1)
    a, b = normal(random, 300, 0.4, 0.7), normal(random, 200)
    without = [frechet_distance(np.delete(a, row, 0), b) for row in range(len(a))]
    jackknife = np.sqrt((len(a) - 1) * np.var(without))
    assert influence(a, b).std() / np.sqrt(len(a)) == pytest.approx(jackknife, rel=0.03)


@pytest.mark.parametrize(("shift", "scale"), [(0.3, 1.0), (0.1, 0.6), (0.0, 1.0)])
def test_it_holds_the_expected_distance_at_the_same_n(shift, scale):
    values, intervals = [], []
    for seed in range(100):
        random = np.random.default_rng(seed)
        a, b = normal(random, 250, shift, scale), normal(random, 250)
        values.append(frechet_distance(a, b))
        intervals.append(frechet_interval(a, b, values[-1])[0])
    held = np.mean([low <= np.mean(values) <= high for low, high in intervals])
    assert held >= 0.9  # 0.95 less two standard deviations of 100 trials


def test_an_interval_is_not_needlessly_wide():
    random = np.random.default_rng(0)
    pairs = [(normal(random, 250, 0.3), normal(random, 250)) for _ in range(80)]
    values = [frechet_distance(a, b) for a, b in pairs]
    widths = [np.diff(frechet_interval(a, b, 1e9)[0])[0] for a, b in pairs]
    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.std(values), rel=0.25)


def trial(seed: int, shift: float = 0.3) -> Difference:
    """Two generators against the same real samples."""
    random = np.random.default_rng(seed)
    real = normal(random, 120)
    found = []
    for moved in (0.3, shift):
        a = normal(random, 400, moved)
        value = frechet_distance(a, real)
        interval, influences = frechet_interval(a, real, value)
        found.append(measured(value, interval, details={"influences": influences}))
    made = difference(*found)
    assert made is not None
    return made


def test_equal_generators_are_told_apart_in_few_cases():
    told = np.mean([trial(seed).clear for seed in range(120)])
    assert 0.0 < told < 0.1  # 0.05 and two and a half standard deviations of 120 trials


def test_real_samples_in_common_narrow_a_difference():
    random = np.random.default_rng(0)
    real = normal(random, 60)
    a, b = normal(random, 2000, 0.5), normal(random, 2000, 0.52)
    kept = [frechet_interval(one, real, frechet_distance(one, real)) for one in (a, b)]
    (mine, influences), (others, other_influences) = kept
    paired = difference(
        measured(1.0, mine, details={"influences": influences}),
        measured(1.0, others, details={"influences": other_influences}),
    )
    apart = difference(measured(1.0, mine), measured(1.0, others))
    assert paired is not None and apart is not None
    assert paired.high < 0.6 * apart.high


def half_width(real: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    """Of the difference of two generators against the same real samples."""
    kept = [frechet_interval(a, real, 1.0, seed=5) for a in (one, other)]
    made = difference(*(measured(1.0, at, details={"influences": parts}) for at, parts in kept))
    assert made is not None
    return made.high


def test_the_order_of_classes_does_not_widen_a_difference():
    """Real samples 0 1 … 9 0 1 …, as sets of digits have them: every 40th is of one class."""
    random = np.random.default_rng(0)
    centres = random.normal(0, 3, (10, 6))
    real = centres[np.arange(800) % 10] + random.normal(size=(800, 6))
    one, other = (random.normal(0, s, (800, 6)) for s in (2.0, 3.0))
    cyclic = half_width(real, one, other)
    shuffled = np.mean([half_width(random.permutation(real), one, other) for _ in range(10)])
    assert cyclic == pytest.approx(shuffled, rel=0.35)  # ± 11 % of a deviation of 40 parts


def test_a_difference_of_two_intervals_is_newcombes():
    """56 of 70 and 48 of 80: 0.0524 to 0.3339, Newcombe 1998, table II (a), method 10."""
    made = difference(measured(56 / 70, (0.6918, 0.8769)), measured(48 / 80, (0.4904, 0.7004)))
    assert made is not None and made.clear
    assert (made.low, made.high) == pytest.approx((0.0524, 0.3339), abs=2e-4)


def test_an_arm_below_nothing_is_none():
    """Squared, the distance of a value above its own interval counted as one below."""
    made = difference(measured(2.0, (0.5, 1.5)), measured(1.0, (0.9, 1.2)))
    assert made is not None
    assert made.high == pytest.approx(2.0 - 1.0 + 0.1)  # only the other's lower arm
    assert made.low == pytest.approx(1.0 - np.hypot(1.5, 0.2))


@pytest.mark.parametrize("value", [1.0, float("nan")])
def test_without_intervals_there_is_none(value):
    interval = None if value == 1.0 else (0.0, 1.0)
    assert difference(measured(value, interval), measured(1.0, (0.9, 1.1))) is None


def test_a_collapsed_generator_has_an_interval():
    random = np.random.default_rng(0)
    real, same = normal(random, 100), np.ones((100, 6))
    value = frechet_distance(same, real)
    (low, high), _ = frechet_interval(same, real, value)
    assert 0 <= low <= value <= high
