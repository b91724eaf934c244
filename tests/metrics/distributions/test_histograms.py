"""Histogram estimates against numpy, and against divergences known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from scipy.spatial.distance import jensenshannon

from gansmith.errors import DataError
from gansmith.metrics.distributions import divergences, gaussians
from gansmith.metrics.distributions.histograms import Histograms, grid, histograms


@pytest.mark.parametrize("d", [1, 2])
def test_counts_against_numpy(d):
    """Where no sample lies outside the reference's range the cells are those of numpy."""
    random = np.random.default_rng(d)
    real = random.normal(size=(500, d))
    made = real[random.integers(0, 500, 300)] * 0.9
    both = histograms(real, made, cells=9)
    ranges = [(axis.min(), axis.max()) for axis in real.T]
    p, q = (np.histogramdd(x, 9, range=ranges)[0].ravel() for x in (real, made))
    used = p + q > 0
    assert both.p.tolist() == p[used].tolist() and both.q.tolist() == q[used].tolist()
    oracle = jensenshannon(p / 500, q / 300) ** 2
    assert divergences.jensen_shannon(*both.shares) == pytest.approx(oracle, rel=1e-9)


def test_what_lies_outside_has_cells_of_its_own():
    real = np.array([0.0, 0.5, 1.0])
    both = histograms(real, [-3.0, -2.0, 1.5, 0.5], cells=2)
    assert both.p.tolist() == [0, 1, 2, 0] and both.q.tolist() == [2, 0, 1, 1]
    assert both.unseen == 0.75
    # The grid is that of the reference, whatever was generated.
    assert np.allclose(grid(real, 2)[0], [0, 0.5, 1])


def test_a_reference_of_one_value_has_a_cell():
    both = histograms([2.0, 2.0], [2.0, 3.0])
    assert sorted(both.p) == [0, 2] and sorted(both.q) == [1, 1]


def test_samples_of_gaussians_tend_to_the_closed_forms():
    random = np.random.default_rng(0)
    both = histograms(random.normal(size=300_000), 0.5 + 0.8 * random.normal(size=300_000))
    js, kl = gaussians.jensen_shannon(0, 1, 0.5, 0.64), gaussians.kl(0, 1, 0.5, 0.64)
    assert both.jensen_shannon() == pytest.approx(js, rel=0.02)
    assert divergences.kl(*both.smoothed()) == pytest.approx(kl, rel=0.02)


def test_the_correction_takes_off_what_few_samples_add():
    """In the mean over many draws, with unequal sizes and unequal distributions."""
    random, cells = np.random.default_rng(0), 20
    p, q = np.arange(1, cells + 1.0), np.arange(cells, 0, -1.0) ** 0.5
    p, q = p / p.sum(), q / q.sum()
    exact = jensenshannon(p, q) ** 2
    drawn = [Histograms(random.multinomial(600, p), random.multinomial(300, q)) for _ in range(400)]
    plain = np.mean([divergences.jensen_shannon(*both.shares) for both in drawn])
    corrected = np.mean([both.jensen_shannon() for both in drawn])
    assert plain - exact > 0.005
    assert abs(corrected - exact) < 0.1 * (plain - exact)


def test_the_correction_of_equal_distributions_is_that_of_miller():
    """Three entropies, (K - 1) / 2n each: one of 2n samples, less half of two with n."""
    n, cells = 50, 10
    counts = np.full(cells, n)
    miller = 2 * (cells - 1) / (2 * n * cells) / 2 - (cells - 1) / (2 * 2 * n * cells)
    assert Histograms(counts, counts).bias() == pytest.approx(miller, rel=1e-12)


def test_the_smoothed_ones_are_finite_and_the_plain_ones_are_not():
    both = Histograms(np.array([4, 0, 6]), np.array([0, 8, 2]))
    assert divergences.kl(*both.shares) == math.inf
    oracle = scipy.stats.entropy([4.5, 0.5, 6.5], [0.5, 8.5, 2.5])
    assert divergences.kl(*both.smoothed()) == pytest.approx(oracle, rel=1e-12)


def test_the_interval_narrows_and_ends_at_log_2():
    random = np.random.default_rng(0)
    x, y = random.normal(size=(2, 8000))
    few, many = (histograms(x[:n], 1 + y[:n]).interval(random) for n in (500, 8000))
    assert 0 < many[1] - many[0] < 0.5 * (few[1] - few[0])
    assert few[0] < gaussians.jensen_shannon(0, 1, 1, 1) < few[1]
    assert histograms(x, 100 + y).interval(random) == pytest.approx((math.log(2),) * 2, rel=1e-12)


@pytest.mark.parametrize(
    ("x", "y", "cells", "words"),
    [
        (np.zeros((4, 3)), np.zeros((4, 3)), None, "have 3 dimensions"),
        (np.zeros((4, 2)), np.zeros((4, 1)), None, "x has 2 dimensions, y 1"),
        (np.zeros(4), np.zeros(4), -1, "cells = -1"),
    ],
)
def test_what_has_no_histogram_is_refused(x, y, cells, words):
    with pytest.raises(DataError, match=words):
        histograms(x, y, cells)
