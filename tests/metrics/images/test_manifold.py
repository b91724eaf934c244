"""Precision, recall, density and coverage against the package prdc and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from prdc import compute_prdc

from gansmith.errors import DataError
from gansmith.metrics.images import manifold
from gansmith.metrics.images.manifold import manifold_of
from gansmith.metrics.interval import wilson

KEYS = ["precision", "recall", "density", "coverage"]


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("offset", [0, 1000])
def test_equals_prdc(k, offset, monkeypatch):
    monkeypatch.setattr(manifold, "CHUNK", 32)
    random = np.random.default_rng(k)
    x, y = random.normal(0.5, 0.8, (110, 5)) + offset, random.normal(0, 1, (90, 5)) + offset
    found = manifold_of(x, y, k)
    oracle = compute_prdc(y, x, nearest_k=k)
    assert dict(zip(KEYS, (every.mean() for every in found), strict=True)) == pytest.approx(oracle)
    assert 0 < oracle["recall"] < 1
    assert 0 < oracle["coverage"] < 1


def test_equal_distributions_are_covered_as_naeem_says():
    """1 - C(2N - k - 1, N) / C(2N - 1, N): the k nearest of one's own all come first else."""
    n, k = 12, 3
    random = np.random.default_rng(0)
    covered = [
        manifold_of(random.normal(size=(n, 4)), random.normal(size=(n, 4)), k).covered.mean()
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
    precision = manifold.manifold(of_features(x, y[:30]))[0]
    assert "of each set" not in precision.trust
    assert precision.interval == wilson(round(30 * precision.value), 30)


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
