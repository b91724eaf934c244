"""The Fréchet distance against scipy's matrix root, closed forms and its known bias."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg

from gansmith.metrics.images.frechet import extrapolated, frechet, frechet_distance


def by_definition(a: np.ndarray, b: np.ndarray) -> float:
    """Heusel et al. 2017, equation 6, with scipy's root of the product."""
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = linalg.sqrtm(cov_a @ cov_b).real
    apart = np.square(a.mean(0) - b.mean(0)).sum()
    return float(apart + np.trace(cov_a + cov_b - 2 * root))


@pytest.mark.parametrize("dimensions", [2, 16, 64])
def test_it_is_that_of_the_paper(dimensions):
    random = np.random.default_rng(dimensions)
    a = random.normal(size=(500, dimensions)) @ random.normal(size=(dimensions, dimensions))
    b = random.normal(size=(400, dimensions)) + random.normal(size=dimensions)
    assert frechet_distance(a, b) == pytest.approx(by_definition(a, b), rel=1e-6)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-9)


def test_moved_samples_are_as_far_as_they_were_moved():
    a = np.random.default_rng(0).normal(size=(300, 8))
    assert frechet_distance(a, a + 3) == pytest.approx(8 * 9, rel=1e-9)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)


def test_spread_samples_are_as_far_as_their_deviations():
    a = np.random.default_rng(0).normal(size=(300, 8))
    deviations = a.std(0, ddof=1)
    wanted = np.square(deviations).sum() * (3 - 1) ** 2 + np.square(2 * a.mean(0)).sum()
    assert frechet_distance(a, 3 * a) == pytest.approx(wanted, rel=1e-9)


def test_features_without_spread_and_more_dimensions_than_samples_are_no_trouble():
    a = np.random.default_rng(0).normal(size=(5, 32)).astype(np.float32)
    assert frechet_distance(a, np.zeros((2, 32))) == pytest.approx(
        float(np.square(a.mean(0)).sum() + a.astype(float).var(0, ddof=1).sum()), rel=1e-5
    )


def test_one_sample_has_no_covariance():
    with pytest.raises(ValueError, match="at least two"):
        frechet_distance(np.zeros((1, 4)), np.zeros((5, 4)))


def test_few_samples_make_it_too_large_and_the_extrapolation_takes_most_of_that_away():
    raw, endless = [], []
    for seed in range(8):
        random = np.random.default_rng(seed)
        a, b = random.normal(size=(400, 16)), random.normal(size=(400, 16))  # the truth is 0
        raw.append(frechet_distance(a, b))
        endless.append(extrapolated(a, b, random))
    assert min(raw) > 0.3
    assert abs(np.mean(endless)) < np.mean(raw) / 5


@pytest.mark.parametrize(("n", "m", "dimensions"), [(300, 300, 64), (1000, 300, 16), (60, 60, 96)])
def test_too_few_samples_a_dimension_are_not_extrapolated(of_features, n, m, dimensions):
    """With n = 500 and D = 512 the line in 1/n gave 242 where the truth is 0."""
    random = np.random.default_rng(0)
    a, b = random.normal(size=(n, dimensions)), random.normal(size=(m, dimensions))
    (found,) = frechet(of_features(a, b))
    assert found.details["extrapolated"] is None
    assert f"needs {20 * dimensions:,} samples of each set" in found.trust
    assert "take the extrapolation" not in found.trust


def test_the_extrapolation_is_never_negative_in_words(of_features):
    found = []
    for seed in range(6):
        random = np.random.default_rng(seed)
        a, b = random.normal(size=(200, 4)), random.normal(size=(200, 4))  # the truth is 0
        found.append(frechet(of_features(a, b))[0])
    below = [one for one in found if one.details["extrapolated"] < 0]
    assert below, "chance makes some negative"
    assert all("to endlessly many: 0." in one.trust for one in below)
