"""Intervals against scipy's, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gansmith.metrics.interval import bootstrap, normal, wilson


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (10, 10), (3, 10), (450, 2000), (1, 1)])
def test_wilson_is_scipys(hits, n):
    wanted = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    assert wilson(hits, n) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


def test_normal_holds_95_percent():
    low, high = normal(1.0, 2.0)
    assert stats.norm(1, 2).cdf(high) - stats.norm(1, 2).cdf(low) == pytest.approx(0.95, rel=1e-9)


def test_the_bootstrap_of_a_mean_is_its_normal_interval():
    values = np.random.default_rng(0).normal(size=2000)
    random = np.random.default_rng(1)
    low, high = bootstrap(lambda rows: float(values[rows].mean()), 2000, random, 2000)
    error = values.std() / 2000**0.5
    assert (low, high) == pytest.approx(normal(values.mean(), error), abs=0.3 * error)


def test_the_bootstrap_follows_from_its_random_numbers():
    values = np.arange(50.0)
    one, other = (
        bootstrap(lambda rows: float(values[rows].mean()), 50, np.random.default_rng(3))
        for _ in range(2)
    )
    assert one == other
