"""Closed forms against torch, POT and discretised densities."""

from __future__ import annotations

import math

import numpy as np
import ot
import pytest
import torch
from scipy.spatial.distance import jensenshannon
from scipy.stats import norm
from torch.distributions import MultivariateNormal, kl_divergence

from gansmith.errors import DataError
from gansmith.metrics.distributions import gaussians


@pytest.fixture(params=[1, 2, 20])
def both(request) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Means and covariances of two Gaussians."""
    random, d = np.random.default_rng(request.param), request.param
    roots = random.normal(size=(2, d, d + 2))
    means = random.normal(size=(2, d))
    return means[0], roots[0] @ roots[0].T, means[1], roots[1] @ roots[1].T


def test_kl_against_torch(both):
    mean_p, cov_p, mean_q, cov_q = map(torch.from_numpy, both)
    oracle = kl_divergence(MultivariateNormal(mean_p, cov_p), MultivariateNormal(mean_q, cov_q))
    assert gaussians.kl(*both) == pytest.approx(float(oracle), rel=1e-9)


def test_w2_against_pot(both):
    mean_p, cov_p, mean_q, cov_q = both
    oracle = ot.gaussian.bures_wasserstein_distance(mean_p, mean_q, cov_p, cov_q)
    assert gaussians.wasserstein2(*both) == pytest.approx(float(oracle), rel=1e-7)


def test_by_hand():
    assert gaussians.kl(0, 1, 1, 1) == pytest.approx(0.5)
    assert gaussians.kl(0, 4, 0, 1) == pytest.approx((4 - 1 - math.log(4)) / 2)
    assert gaussians.wasserstein2(0, 4, 3, 1) == pytest.approx(math.sqrt(9 + (2 - 1) ** 2))
    # Two lines in the plane: no density and no KL, but a distance.
    line = np.diag([0.0, 1.0])
    assert gaussians.wasserstein2([0, 0], line, [0.3, 0], line) == pytest.approx(0.3)
    with pytest.raises(DataError, match="not positive definite"):
        gaussians.kl([0, 0], line, [0.3, 0], line)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        ((0, 1), (1, 1)),
        ((0, 1), (0, 9)),
        ((-2, 0.25), (1, 4)),
        ((0, 1), (0.01, 1)),
        ((0, 1), (0.5, 1e-4)),
    ],
)
def test_jensen_shannon_against_fine_cells(p, q):
    x = np.linspace(-30, 30, 600_001)
    densities = [norm.pdf(x, mean, math.sqrt(variance)) for mean, variance in (p, q)]
    oracle = jensenshannon(*densities) ** 2
    assert gaussians.jensen_shannon(*p, *q) == pytest.approx(oracle, rel=1e-6)
    assert gaussians.jensen_shannon(*q, *p) == pytest.approx(oracle, rel=1e-6)


def test_jensen_shannon_saturates():
    assert gaussians.jensen_shannon(0, 1, 0, 1) == pytest.approx(0, abs=1e-12)
    assert gaussians.jensen_shannon(0, 1, 100, 1) == pytest.approx(math.log(2), rel=1e-12)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (([0, 0], np.eye(2), [0], [[1]]), "p has 2 dimensions, q 1"),
        (([0, 0], np.eye(3), [0, 0], np.eye(2)), r"covariance of \(3, 3\)"),
        (([0, 0], [[1, 2], [0, 1]], [0, 0], np.eye(2)), "not symmetric"),
        ((0, -1, 0, 1), "not positive definite"),
    ],
)
def test_what_is_no_gaussian_is_refused(given, words):
    with pytest.raises(DataError, match=words):
        gaussians.kl(*given)


def test_a_variance_has_to_be_positive():
    with pytest.raises(DataError, match="positive"):
        gaussians.jensen_shannon(0, 0, 0, 1)
