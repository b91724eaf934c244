"""Divergences against scipy, and against what theory says of the ends of their ranges."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from scipy.spatial.distance import jensenshannon

from gansmith.errors import DataError
from gansmith.metrics.distributions.divergences import (
    LOG2,
    jensen_shannon,
    kl,
    reverse_kl,
    total_variation,
)


@pytest.fixture(params=[2, 7, (5, 6), 1000])
def both(request) -> tuple[np.ndarray, np.ndarray]:
    """Two distributions with some cells that only one of them has none of."""
    random = np.random.default_rng(0)
    p, q = random.exponential(size=(2, *np.atleast_1d(request.param)))
    if p.size > 2:
        p.flat[0] = p.flat[-1] = 0
    return p / p.sum(), q / q.sum()


def test_against_scipy(both):
    p, q = both
    assert kl(p, q) == pytest.approx(scipy.stats.entropy(p.ravel(), q.ravel()), rel=1e-9)
    assert reverse_kl(q, p) == kl(p, q)
    oracle = jensenshannon(p.ravel(), q.ravel()) ** 2
    assert jensen_shannon(p, q) == pytest.approx(oracle, rel=1e-9)
    assert jensen_shannon(q, p) == pytest.approx(oracle, rel=1e-9)


def test_total_variation_is_what_the_best_event_gains(both):
    p, q = both
    best = p > q  # no other event tells them apart better
    assert total_variation(p, q) == pytest.approx(p[best].sum() - q[best].sum(), rel=1e-9)
    # Pinsker: TV ≤ √(KL / 2).
    assert total_variation(p, q) <= math.sqrt(kl(p, q) / 2)


def test_kl_is_infinite_where_q_has_nothing():
    assert kl([0.5, 0.5], [1, 0]) == math.inf
    assert reverse_kl([1, 0], [0.5, 0.5]) == math.inf
    assert kl([1, 0], [0.5, 0.5]) == pytest.approx(LOG2, rel=1e-12)


def test_the_smallest_numbers_are_no_reason_for_log_2():
    smallest = 5e-324  # half of it is 0
    p, q = [0.5, 0.5, smallest], [0.4, 0.6, 0.0]
    assert jensen_shannon(p, q) == pytest.approx(jensenshannon(p[:2], q[:2]) ** 2, rel=1e-9)


@pytest.mark.parametrize("cells", [2, 3, 10, 1001])
def test_disjoint_supports(cells):
    """Whatever the probabilities, to the last bit."""
    random = np.random.default_rng(cells)
    p, q = random.exponential(size=(2, cells))
    p[::2], q[1::2] = 0, 0
    p, q = p / p.sum(), q / q.sum()
    assert jensen_shannon(p, q) == math.log(2)
    assert total_variation(p, q) == pytest.approx(1, rel=1e-12)
    assert kl(p, q) == reverse_kl(p, q) == math.inf


def test_of_a_distribution_and_itself(both):
    for distance in (kl, reverse_kl, jensen_shannon, total_variation):
        assert distance(both[0], both[0]) == 0


def test_float32_probabilities_are_taken():
    p = np.random.default_rng(0).exponential(size=999).astype(np.float32)
    q = p[::-1] / p.sum()
    p /= p.sum()
    assert kl(p, q) == pytest.approx(scipy.stats.entropy(p.astype(float), q.astype(float)), 1e-6)


@pytest.mark.parametrize(
    ("p", "q", "words"),
    [
        ([0.5, 0.5], [1.0], r"shape \(2,\), q \(1,\)"),
        ([1.5, -0.5], [0.5, 0.5], "p holds -0.5"),
        ([0.5, 0.5], [2, 3], "q sums to 5, not to 1: divide it by its sum"),
        ([0.5, math.nan], [0.5, 0.5], "p holds nan"),
        ([], [], "no distribution"),
        (1.0, 1.0, "no distribution"),
    ],
)
def test_what_is_no_distribution_is_refused(p, q, words):
    for distance in (kl, reverse_kl, jensen_shannon, total_variation):
        with pytest.raises(DataError, match=words):
            distance(p, q)
