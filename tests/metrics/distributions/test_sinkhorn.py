"""Entropic transport against POT, and against the bounds that theory sets."""

from __future__ import annotations

import math

import numpy as np
import ot
import pytest
from scipy.spatial.distance import cdist

from gansmith.errors import DataError
from gansmith.metrics.distributions import sinkhorn
from gansmith.metrics.distributions.sinkhorn import entropic, sinkhorn_divergence
from gansmith.metrics.distributions.transport import wasserstein

N, M = 30, 42


@pytest.fixture(scope="module")
def both() -> tuple[np.ndarray, np.ndarray]:
    """Samples of two distributions."""
    random = np.random.default_rng(0)
    return random.normal(size=(N, 2)), random.normal(size=(M, 2)) + 0.7


def of_pot(x: np.ndarray, y: np.ndarray, epsilon: float, p: int) -> tuple[float, float]:
    """Transport and OT_ε of the plan that POT finds."""
    a, b, costs = ot.unif(len(x)), ot.unif(len(y)), cdist(x, y) ** p
    plan = ot.sinkhorn(a, b, costs, epsilon, "sinkhorn_log", stopThr=1e-13, numItermax=100_000)
    entropy = (plan * np.log(plan / np.outer(a, b))).sum()
    return float((plan * costs).sum()), float((plan * costs).sum() + epsilon * entropy)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("epsilon", [3.0, 0.5])
def test_against_pot(both, p, epsilon):
    found = entropic(*both, epsilon, p, tolerance=1e-11)
    costs = cdist(*both) ** p
    sinkhorn2 = ot.sinkhorn2(
        ot.unif(N), ot.unif(M), costs, epsilon, "sinkhorn_log", stopThr=1e-13, numItermax=100_000
    )
    transport, regularised = of_pot(*both, epsilon, p)
    assert found.transport == pytest.approx(float(sinkhorn2), rel=1e-6)
    assert found.transport == pytest.approx(transport, rel=1e-6)
    assert found.regularised == pytest.approx(regularised, rel=1e-6)


def test_the_divergence_against_pot(both):
    x, y = both
    between, of_x, of_y = (of_pot(*pair, 0.5, 2)[1] for pair in ((x, y), (x, x), (y, y)))
    found = sinkhorn_divergence(x, y, 0.5, tolerance=1e-10)
    assert found == pytest.approx(between - (of_x + of_y) / 2, rel=1e-6)


@pytest.mark.parametrize("epsilon", [2.0, 0.5, 0.1])
def test_the_stated_bias(both, epsilon):
    exact = wasserstein(*both, p=2) ** 2
    found = entropic(*both, epsilon)
    assert exact <= found.transport <= found.regularised <= exact + epsilon * math.log(N)


def test_the_divergence_is_nothing_between_equal_sets_and_counts_a_shift_exactly(both):
    x, _ = both
    assert entropic(x, x, 0.5).regularised > 0.1
    assert sinkhorn_divergence(x, x[::-1], 0.5, tolerance=1e-9) == pytest.approx(0, abs=1e-7)
    # For p = 2 a shift adds its square to every plan's cost, whatever ε is.
    shifted = sinkhorn_divergence(x, x + np.array([0.6, 0.8]), 0.5, tolerance=1e-10)
    assert shifted == pytest.approx(1, rel=1e-6)


def test_one_point_and_unlike_numbers():
    assert entropic([0.0], [2.0], 0.1) == (4.0, 4.0, 1)
    found = entropic([0.0], [1.0, 3.0], 0.1)  # only one plan
    assert found.transport == pytest.approx(5) and found.regularised == pytest.approx(5)


def test_chunks_change_nothing(both, monkeypatch):
    whole = entropic(*both, 0.5)
    monkeypatch.setattr(sinkhorn, "ROWS", 7)
    assert entropic(*both, 0.5) == pytest.approx(whole, rel=1e-12)


def test_an_epsilon_that_cannot_be_used_is_refused(both, monkeypatch):
    with pytest.raises(DataError, match="epsilon = 0"):
        entropic(*both, 0.0)
    monkeypatch.setattr(sinkhorn, "MOST", 3)
    with pytest.raises(DataError, match=r"not converged after 3 iterations.*larger than 0.001"):
        entropic(*both, 0.001)
