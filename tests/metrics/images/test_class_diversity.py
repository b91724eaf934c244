"""Diversity within classes, where theory gives the mean distance."""

from __future__ import annotations

from math import gamma

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

from gansmith.errors import DataError
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images import class_diversity as module
from gansmith.metrics.images.class_diversity import class_diversity, mean_distance, resampled_means
from gansmith.metrics.interval import bootstrap

D = 5


def expected(deviation: float, d: int = D) -> float:
    """E|x - y| of two draws from N(0, σ² I): x - y is N(0, 2 σ² I), whose norm is a chi."""
    return deviation * 2 * gamma((d + 1) / 2) / gamma(d / 2)


def clouds(seed: int, deviations: list[float], counts: list[int]) -> Samples:
    """A Gaussian cloud of features for each class, far from the others."""
    random = np.random.default_rng(seed)
    y = np.repeat(np.arange(len(counts)), counts)
    scale = np.repeat(deviations, counts)[:, None]
    features = np.float32(random.normal(size=(len(y), D)) * scale + 50 * y[:, None])
    return Samples(torch.zeros(len(y), 1, 2, 2), torch.from_numpy(y), features)


def measured(made: Samples, real: Samples, seed: int = 0):
    return class_diversity(Given(made, real, "held-out", real, seed=seed))


def test_the_mean_distance_of_a_gaussian():
    features = np.random.default_rng(0).normal(size=(3000, D)) * 1.7
    assert mean_distance(features) == pytest.approx(expected(1.7), rel=0.01)


def test_a_mean_over_different_rows_is_not_biased_by_their_number():
    """The mean over 2000 sets of three is that of endlessly many; with i = j it is 2/3 of it."""
    random = np.random.default_rng(0)
    values = [mean_distance(random.normal(size=(3, D))) for _ in range(2000)]
    assert np.mean(values) == pytest.approx(expected(1.0), rel=0.02)


def test_the_mean_distance_is_that_of_all_pairs():
    x = np.random.default_rng(0).normal(size=(40, D))
    pairs = cdist(x, x)[~np.eye(40, dtype=bool)]
    assert mean_distance(x) == pytest.approx(pairs.mean(), rel=1e-12)
    counts = np.random.default_rng(1).multinomial(40, np.full(40, 1 / 40), 3)
    rows = np.repeat(np.arange(40), counts[1])
    drawn, apart = cdist(x[rows], x[rows]), rows[:, None] != rows
    means = resampled_means(cdist(x, x), counts.astype(float))
    assert means[1] == pytest.approx(drawn[apart].mean(), rel=1e-12)


def test_ratios_of_unequally_many_and_the_least_varied_class():
    made = clouds(1, [1.0, 0.5, 0.8], [400, 150, 300])
    real = clouds(2, [1.0, 1.0, 0.8], [200, 400, 100])
    every, smallest = measured(made, real)
    ratios = [row["ratio"] for row in every.details["classes"].values()]
    assert ratios == pytest.approx([1.0, 0.5, 1.0], rel=0.08)
    assert every.value == pytest.approx(np.mean(ratios))
    assert smallest.value == min(ratios) and smallest.details["class"] == "1"
    one = every.details["classes"]["1"]
    assert one["generated"] == pytest.approx(mean_distance(made.features[400:550]))
    assert (one["count"], one["count_real"]) == (150, 400)
    assert every.n == 850 and every.n_reference == 700


def test_one_image_again_and_again_has_none():
    made = clouds(1, [0.0, 1.0], [50, 50])
    every, smallest = measured(made, clouds(2, [1.0, 1.0], [50, 50]))
    assert smallest.value == 0.0 and every.value == pytest.approx(0.5, abs=0.06)


def test_images_that_show_another_class_count():
    """Half of a class lies where another does: the class looks more varied, as is said."""
    made = clouds(1, [1.0, 1.0], [60, 60])
    mixed = made.features.copy()
    mixed[:30] += 50
    every, _ = measured(Samples(made.x, made.y, mixed), clouds(2, [1.0, 1.0], [60, 60]))
    assert every.details["classes"]["0"]["ratio"] > 5 and "All images asked for" in every.trust


def test_the_interval_holds_the_truth_in_about_95_of_100_cases():
    held, held_smallest = 0, 0
    for seed in range(120):
        made = clouds(2 * seed, [0.7, 0.9], [40, 60])
        every, smallest = measured(made, clouds(2 * seed + 1, [1.0, 1.0], [80, 30]), seed)
        held += every.interval[0] <= 0.8 <= every.interval[1]
        held_smallest += smallest.interval[0] <= 0.7 <= smallest.interval[1]
    assert held >= 105 and held_smallest >= 110, (held, held_smallest)


def test_the_bootstrap_is_that_of_rows_drawn_again():
    x = np.random.default_rng(0).normal(size=(60, D))
    distances = cdist(x, x)

    def drawn(rows: np.ndarray) -> float:
        apart = rows[:, None] != rows
        return distances[np.ix_(rows, rows)][apart].mean()

    low, high = bootstrap(drawn, 60, np.random.default_rng(0), 2000)
    counts = np.random.default_rng(1).multinomial(60, np.full(60, 1 / 60), 2000)
    ends = np.percentile(resampled_means(distances, counts.astype(float)), [2.5, 97.5])
    assert list(ends) == pytest.approx([low, high], rel=0.02)


def test_classes_without_two_real_images_are_left_out_and_said(monkeypatch):
    made = clouds(1, [1.0, 1.0, 1.0], [20, 20, 20])
    every, _ = measured(made, clouds(2, [1.0, 1.0], [20, 20]))
    assert list(every.details["classes"]) == ["0", "1"] and "1 of 3 classes lack" in every.trust
    with pytest.raises(DataError, match="no class has two"):
        measured(made, clouds(2, [0.0] * 3, [20] * 3))
    with pytest.raises(DataError, match="no classes"):
        measured(made, Samples(made.x, None, made.features))
    monkeypatch.setattr(module, "MOST", 10)
    (row, *_) = measured(made, made)[0].details["classes"].values()
    assert (row["count"], row["count_real"]) == (10, 10)


def test_it_follows_from_the_seed():
    made, real = clouds(1, [1.0], [30]), clouds(2, [1.0], [30])
    assert measured(made, real) == measured(made, real)
    assert measured(made, real)[0].interval != measured(made, real, 1)[0].interval
