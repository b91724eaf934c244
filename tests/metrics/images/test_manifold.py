"""Precision, recall, density and coverage against the package prdc and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.spatial
import scipy.stats
from prdc import compute_prdc

from gansmith.errors import DataError
from gansmith.metrics.images import balls, manifold
from gansmith.metrics.images.manifold import manifold_of
from gansmith.metrics.interval import wilson

KEYS = ["precision", "recall", "coverage", "density"]


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("offset", [0, 1000])
def test_equals_prdc(k, offset, monkeypatch):
    monkeypatch.setattr(balls, "CHUNK", 32)
    random = np.random.default_rng(k)
    x, y = random.normal(0.5, 0.8, (110, 5)) + offset, random.normal(0, 1, (90, 5)) + offset
    found = manifold_of(x, y, k)
    oracle = compute_prdc(y, x, nearest_k=k)
    shares = {key: counted.mean() for key, (counted, _) in found.shares.items()}
    assert shares | {"density": found.density} == pytest.approx(oracle)
    assert 0 < oracle["recall"] < 1
    assert 0 < oracle["coverage"] < 1


def test_equal_distributions_are_covered_as_naeem_says():
    """1 - C(2N - k - 1, N) / C(2N - 1, N): the k nearest of one's own all come first else."""
    n, k = 12, 3
    random = np.random.default_rng(0)
    covered = [
        (manifold_of(*random.normal(size=(2, n, 4)), k).generated.samples > 0).mean()
        for _ in range(2000)
    ]
    missed = math.prod((n - i) / (2 * n - i) for i in range(1, k + 1))
    assert np.mean(covered) == pytest.approx(1 - missed, abs=4 * np.std(covered) / math.sqrt(2000))


def test_the_same_samples_are_perfect_and_far_ones_worthless(of_features):
    x = np.random.default_rng(0).normal(size=(40, 3))
    same = manifold.manifold(of_features(x, x))
    assert [one.key for one in same] == KEYS
    assert [one.value for one in same if one.key != "density"] == [1, 1, 1]
    assert [one.value for one in manifold.manifold(of_features(x + 100, x))] == [0, 0, 0, 0]


def test_the_larger_set_is_cut_and_that_is_said(of_features):
    random = np.random.default_rng(0)
    x, y = random.normal(size=(30, 3)), random.normal(size=(50, 3))
    for one in manifold.manifold(of_features(x, y)):
        assert (one.n, one.n_reference) == (30, 30)
        assert "30 samples of each set" in one.trust
    assert "of each set" not in manifold.manifold(of_features(x, y[:30]))[0].trust


def test_what_is_lost_without_a_sample_is_what_the_balls_without_it_lose(monkeypatch):
    monkeypatch.setattr(balls, "CHUNK", 16)
    random = np.random.default_rng(0)
    x, y = random.normal(0.5, 0.8, (40, 6)), random.normal(0, 1, (30, 6))
    found = manifold_of(x, y, 2)
    near = np.sort(scipy.spatial.distance.cdist(y, y))[:, 2]
    within = scipy.spatial.distance.cdist(x, y) <= near
    precision, coverage = (found.shares[key] for key in ("precision", "coverage"))
    for j in range(len(y)):
        left = np.delete(within, j, 1).any(1)
        assert precision[1][j] == precision[0].sum() - left.sum()
    for i in range(len(x)):
        left = np.delete(within, i, 0).any(0)
        assert coverage[1][i] == coverage[0].sum() - left.sum()
    assert precision[1].max() > 0
    assert coverage[1].max() > 0


def test_the_interval_of_a_share_is_wilsons_where_the_other_set_does_not_matter():
    counted = np.arange(50) < 20
    assert manifold.share_interval(counted, np.zeros(9)) == pytest.approx(wilson(20, 50))
    assert manifold.share_interval(counted > 2, np.ones(9)) == pytest.approx(wilson(0, 50))
    counted = np.arange(5000) < 2000
    low, high = manifold.share_interval(counted, np.repeat([0.0, 2.0], 2500))
    own, other = 0.4 * 0.6 / 5000, 4999 / 5000**2
    n = 5000 * own / (own + other)
    oracle = scipy.stats.norm.interval(0.95, 0.4, np.sqrt(own + other))
    assert (low, high) == pytest.approx(wilson(0.4 * n, n))
    assert high - low == pytest.approx(oracle[1] - oracle[0], rel=0.01)


@pytest.mark.parametrize("shift", [0.0, 0.7])
def test_intervals_hold_the_mean_of_draws(of_features, shift):
    random = np.random.default_rng(0)
    pairs = ((random.normal(shift, 1, (80, 6)), random.normal(size=(80, 6))) for _ in range(60))
    drawn = [manifold.manifold(of_features(x, y)) for x, y in pairs]
    for ones in zip(*drawn, strict=True):
        mean = np.mean([one.value for one in ones])
        held = [one.interval[0] <= mean <= one.interval[1] for one in ones]
        assert np.mean(held) >= 0.8, ones[0].key


def test_few_samples_have_fewer_neighbours_and_one_has_none(of_features):
    x = np.random.default_rng(0).normal(size=(4, 3))
    one = manifold.manifold(of_features(x, x))[0]
    assert one.details["k"] == 3
    assert "3 neighbours instead of 5" in one.trust
    assert not one.trusted
    with pytest.raises(DataError, match="two samples"):
        manifold.manifold(of_features(x[:1], x))
    with pytest.raises(ValueError, match="more than 5 samples"):
        manifold_of(x, x)
