"""The score and the shares of classes against closed forms and scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats

from gansmith.metrics.distributions.divergences import kl
from gansmith.metrics.given import Seen
from gansmith.metrics.images.classes import (
    classes,
    divergence_bias,
    entropy_bias,
)
from gansmith.metrics.images.frechet import frechet
from gansmith.metrics.images.kernel import kernel
from gansmith.metrics.images.score import classifier_score, entropy, score
from gansmith.metrics.interval import wilson

K = 4


def one_hot(counts: list[int]) -> np.ndarray:
    """So many samples of each class, of which the classifier is sure."""
    return np.eye(len(counts), dtype=np.float32)[np.repeat(np.arange(len(counts)), counts)]


def by_key(measurements):
    return {one.key: one for one in measurements}


def test_entropy_and_divergence_equal_scipy():
    p, q = np.random.default_rng(0).dirichlet(np.ones(7), 2)
    p[2] = 0
    p /= p.sum()
    assert entropy(p) == pytest.approx(scipy.stats.entropy(p), rel=1e-12)
    assert kl(p, q) == pytest.approx(scipy.stats.entropy(p, q), rel=1e-12)
    assert kl(q, p) == math.inf


def test_the_score_is_k_for_sure_and_even_and_1_for_all_alike():
    assert classifier_score(one_hot([5] * K)) == pytest.approx(K, rel=1e-12)
    assert classifier_score(one_hot([5, 0, 0, 0])) == pytest.approx(1, rel=1e-12)
    alike = np.tile(np.float32([0.1, 0.2, 0.3, 0.4]), (9, 1))
    assert classifier_score(alike) == pytest.approx(1, rel=1e-12)


def test_the_score_is_the_mean_divergence_by_scipy(of_probabilities):
    p = np.random.default_rng(0).dirichlet(np.full(K, 0.3), 300)
    oracle = math.exp(scipy.stats.entropy(p, p.mean(0, keepdims=True), axis=1).mean())
    one = score(of_probabilities(p, p))[0]
    assert one.value == pytest.approx(oracle, rel=1e-9)
    assert one.interval is not None
    assert 1 < one.interval[0] < one.value < one.interval[1] < K
    assert one.name == "classifier score (classifier features)"
    assert one == score(of_probabilities(p, p))[0]


def test_with_inception_there_is_its_score_and_no_classes(of_probabilities):
    given = of_probabilities(one_hot([9] * K), one_hot([9] * K), seen=Seen("inception"))
    assert score(given)[0].name == "Inception score"
    assert classes(given) == []


def test_weights_of_torchvision_give_no_fid_kid_or_inception_score(of_features, of_probabilities):
    seen = Seen("torchvision inception", "abcdef0123")
    p = one_hot([9] * K)
    x, y = np.random.default_rng(0).normal(size=(2, 40, 3))
    given, others = of_probabilities(p, p, seen=seen), of_features(x, y, seen=seen)
    names = [one.name for one in (*score(given), *frechet(others), *kernel(others))]
    assert all(name.endswith("(torchvision inception features)") for name in names)
    assert not {"FID", "KID", "Inception score"} & set(names)
    assert classes(given) == []


def test_shares_of_classes(of_probabilities):
    counts, reference = [50, 30, 20, 0], [25, 25, 25, 25]
    given = of_probabilities(one_hot(counts), one_hot(reference), class_names=tuple("abcd"))
    found = by_key(classes(given))
    plain, miller = scipy.stats.entropy(counts), 2 / 200  # three classes of 100 samples
    oracle = plain + miller
    assert found["class_entropy"].value == pytest.approx(oracle, rel=1e-12)
    assert found["class_entropy"].details["over_log_k"] == pytest.approx(oracle / math.log(K))
    oracle = math.log(K) - plain - miller - 3 / 200
    assert found["class_divergence"].value == pytest.approx(oracle, rel=1e-9)
    smallest, empty = found["class_smallest"], found["class_empty"]
    assert (smallest.value, smallest.details["class"]) == (0, "d")
    oracle = scipy.stats.binomtest(0, 100).proportion_ci(1 - 0.05 / K, "wilson")
    assert smallest.interval == pytest.approx(tuple(oracle), abs=1e-12)
    assert (empty.value, empty.details["classes"]) == (1, ["d"])
    histogram = smallest.details["histogram"]
    assert [histogram[name]["count"] for name in "abcd"] == counts
    assert histogram["b"]["interval"] == pytest.approx(list(wilson(30, 100)))


def test_the_divergence_is_from_the_reference_and_finite_where_it_lacks_a_class(of_probabilities):
    p, q = one_hot([50, 30, 20, 0]), one_hot([10, 20, 30, 40])
    found = by_key(classes(of_probabilities(p, q)))["class_divergence"]
    oracle = scipy.stats.entropy([50, 30, 20, 0], [10, 20, 30, 40])
    added = 2 / 200 + (0.5 * 0.9 / 0.1 + 0.3 * 0.8 / 0.2 + 0.2 * 0.7 / 0.3) / 200
    assert found.value == pytest.approx(oracle - added, rel=1e-9)
    assert found.details["plain"] == pytest.approx(oracle, rel=1e-9)
    found = by_key(classes(of_probabilities(p, one_hot([0, 20, 30, 40]))))["class_divergence"]
    oracle = scipy.stats.entropy([50, 30, 20, 0], [0.5, 20.5, 30.5, 40.5])
    assert found.details["plain"] == pytest.approx(oracle, rel=1e-9)
    assert "lacks 0:" in found.trust


def test_equal_shares_have_intervals_that_reach_the_truth(of_probabilities):
    """Plug-in entropies of samples are too small, so percentiles alone would miss log K."""
    random, held = np.random.default_rng(0), {"entropy": 0, "divergence": 0, "smallest": 0}
    for _ in range(20):
        p, q = (one_hot(list(random.multinomial(200, [1 / K] * K))) for _ in range(2))
        found = by_key(classes(of_probabilities(p, q)))
        for key, truth in {"entropy": math.log(K), "divergence": 0, "smallest": 1 / K}.items():
            low, high = found[f"class_{key}"].interval
            held[key] += low <= truth <= high
    assert min(held.values()) >= 17, held


@pytest.mark.parametrize("shares", [[0.25] * 4, [0.1, 0.2, 0.3, 0.4]])
def test_what_few_samples_add_is_taken_off(of_probabilities, shares):
    """Means of draws: of 60 samples the plain entropy is 0.025 too small, the divergence more."""
    random, found = np.random.default_rng(0), []
    shares, even = np.array(shares), np.full(4, 0.25)
    for _ in range(400):
        p, q = random.multinomial(60, shares), random.multinomial(60, even)
        plain = scipy.stats.entropy(p / 60, q / 60) if q.all() else math.nan
        found.append((entropy(p / 60) + entropy_bias(p), plain - divergence_bias(p, q)))
    found_entropy, found_divergence = np.nanmean(found, 0)
    assert found_entropy == pytest.approx(scipy.stats.entropy(shares), abs=0.008)
    assert found_divergence == pytest.approx(scipy.stats.entropy(shares, even), abs=0.02)


@pytest.mark.parametrize("n", [20, 100])
def test_intervals_hold_their_own_value(of_probabilities, n):
    """Even classes: resamples are all less even, so the turned ends left the value out."""
    random = np.random.default_rng(0)
    for _ in range(10):
        p, q = (one_hot(list(random.multinomial(n, [1 / 10] * 10))) for _ in range(2))
        given = of_probabilities(p, q)
        for one in [*classes(given), *score(given)]:
            if one.interval is not None:
                low, high = one.interval
                assert low <= one.value <= high, one.key
