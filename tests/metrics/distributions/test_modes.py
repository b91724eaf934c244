"""Modes counted where the answer can be told by hand, and by scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from scipy.spatial import cKDTree
from scipy.stats import binomtest

from gansmith.data.points import MODES
from gansmith.errors import DataError
from gansmith.metrics.distributions import modes
from gansmith.metrics.distributions.modes import ModeCounts, count_modes
from gansmith.metrics.interval import wilson

CENTRES = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])


def test_the_minimum_share():
    """Of 100 samples and 4 modes a fair share is 25, and a fifth of it 5."""
    x = np.repeat(CENTRES, [70, 21, 5, 4], axis=0)
    counts = count_modes(x, CENTRES, 1.0)
    assert counts.near.tolist() == [70, 21, 5, 4] == counts.nearest.tolist()
    assert counts.captured == 3
    assert counts.parts == pytest.approx([2.8, 0.84, 0.2, 0.16])


def test_three_standard_deviations():
    x = [[2.99, 0], [0, -3.0], [3.01, 0], [2.2, 2.2], [10, 2.5]]
    counts = count_modes(x, CENTRES, 1.0)
    assert counts.near.tolist() == [2, 1, 0, 0]
    assert counts.nearest.tolist() == [4, 1, 0, 0]
    assert counts.high_quality == 0.6


@pytest.mark.parametrize("data", MODES)
def test_against_a_tree(data, monkeypatch):
    monkeypatch.setattr(modes, "ROWS", 999)  # so that there are several chunks
    centres, deviation = (MODES[data][0].double().numpy(), MODES[data][1])
    x = np.random.default_rng(0).normal(size=(3000, 2))
    x[:1000] = centres[np.arange(1000) % len(centres)] + 2 * deviation * x[:1000]
    distances, nearest = cKDTree(centres).query(x)
    counts = count_modes(x, centres, deviation)
    assert counts.nearest.tolist() == np.bincount(nearest, minlength=len(centres)).tolist()
    near = nearest[distances <= 3 * deviation]
    assert counts.near.tolist() == np.bincount(near, minlength=len(centres)).tolist()


def test_kl_both_ways():
    counts = ModeCounts(1000, np.zeros(4), np.array([400, 300, 200, 100]))
    shares, uniform = [0.4, 0.3, 0.2, 0.1], [0.25] * 4
    assert counts.kl() == pytest.approx(scipy.stats.entropy(uniform, shares), rel=1e-12)
    oracle = scipy.stats.entropy(shares, uniform) - 3 / 2000
    assert counts.reverse_kl() == pytest.approx(oracle, rel=1e-12)
    collapsed = ModeCounts(1000, np.zeros(4), np.array([1000, 0, 0, 0]))
    assert collapsed.kl() == math.inf
    assert collapsed.reverse_kl() == pytest.approx(math.log(4), rel=1e-12)
    random = np.random.default_rng(0)
    low, high = counts.reverse_kl_interval(random)
    assert 0 < low < oracle < high < math.log(4)


def test_a_mode_that_surely_counts_and_one_that_may():
    counts = ModeCounts(2000, np.array([900, 600, 104, 90]), np.array([900, 600, 400, 100]))
    assert counts.captured == 3  # 100 are needed
    assert counts.captured_interval() == (2, 4)
    clear = ModeCounts(2000, np.array([900, 600, 300, 2]), np.array([900, 600, 300, 200]))
    assert clear.captured_interval() == (3, 3)


@pytest.mark.parametrize(("hits", "n"), [(0, 50), (7, 50), (50, 50), (431, 2000)])
def test_wilson_at_any_level(hits, n):
    for level in (0.95, 0.99):
        oracle = binomtest(hits, n).proportion_ci(level, "wilson")
        z = scipy.stats.norm.ppf((1 + level) / 2)
        assert wilson(hits, n, z) == pytest.approx(tuple(oracle), rel=1e-9, abs=1e-12)


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(DataError, match="x has 3 dimensions, y 2"):
        count_modes(np.zeros((5, 3)), CENTRES, 1.0)
    with pytest.raises(DataError, match="deviation = 0"):
        count_modes(np.zeros((5, 2)), CENTRES, 0.0)
