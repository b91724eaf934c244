"""What is kept of features: whole, checked, and made anew where it is not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gansmith.metrics.features import cache, learned, make_features
from gansmith.metrics.features.learned import LearnedFeatures
from gansmith.metrics.given import Seen
from gansmith.metrics.judge import make_judge


@pytest.fixture
def trainings(monkeypatch):
    """How often something was trained."""
    counted = []

    def counting(method, data, seed):
        counted.append(seed)
        return learn(method, data, seed)

    learn = learned.learned
    monkeypatch.setattr(learned, "learned", counting)
    return counted


def entries(home):
    return sorted(home.glob("features/*/weights.safetensors"))


@pytest.mark.parametrize("name", ["classifier", "rotation"])
def test_features_are_learned_once(make_set, trainings, name):
    data = make_set()
    first, second = (make_features(name, data) for _ in range(2))
    assert len(trainings) == 1
    assert first.seen == second.seen
    for mine, theirs in zip(first(data.held_out().x), second(data.held_out().x), strict=True):
        assert (mine is theirs is None) or np.array_equal(mine, theirs)


def truncated(content):
    return content[: len(content) // 2]


def flipped(content):
    return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]


@pytest.mark.parametrize("damage", [truncated, flipped, lambda content: b""])
def test_a_damaged_entry_is_made_anew(make_set, trainings, cache_home, damage):
    whole = make_features("classifier", make_set()).seen
    (path,) = entries(cache_home)
    path.write_bytes(damage(path.read_bytes()))
    assert make_features("classifier", make_set()).seen == whole
    assert len(trainings) == 2
    make_features("classifier", make_set())
    assert len(trainings) == 2


def test_whatever_weights_follow_from_tells_them_apart(make_set, trainings, monkeypatch):
    make_features("classifier", make_set())
    make_features("rotation", make_set())
    make_features("classifier", make_set(), seed=1)
    make_features("classifier", make_set(seed=1))
    make_features("classifier", make_set(held_out=False))
    make_features("classifier", make_set(class_names=("a", "b", "c")))
    assert len(trainings) == 6
    monkeypatch.setattr(cache, "VERSION", -1)
    make_features("classifier", make_set())
    assert len(trainings) == 7


def test_a_disk_that_cannot_be_written_costs_no_more_than_time(make_set, trainings, cache_home):
    cache_home.parent.mkdir()
    cache_home.write_text("a file where the folder would be")
    for _ in range(2):
        make_features("classifier", make_set())
    assert len(trainings) == 2


class Counting:
    """Features that count how many images they were shown."""

    def __init__(self, digest="1", probable=True):
        self.seen, self.shown, self._probable = Seen("counting", digest), 0, probable

    def __call__(self, x):
        self.shown += len(x)
        means = x.mean((1, 2, 3)).numpy()[:, None]
        return means, (np.abs(means) if self._probable else None)


@pytest.mark.parametrize("probable", [True, False])
def test_real_images_are_seen_once(probable):
    features, x = Counting(probable=probable), torch.rand(5, 1, 4, 4)
    first, second = (cache.seen_before(features, x) for _ in range(2))
    assert features.shown == 5
    np.testing.assert_array_equal(first[0], second[0])
    if probable:
        np.testing.assert_array_equal(first[1], second[1])
    else:
        assert first[1] is second[1] is None


def test_other_images_and_other_features_are_not_mixed_up():
    features, x = Counting(), torch.rand(5, 1, 4, 4)
    cache.seen_before(features, x)
    cache.seen_before(features, x.flip(0))
    cache.seen_before(features, x.reshape(5, 1, 2, 8))
    assert features.shown == 15
    other = Counting("2")
    cache.seen_before(other, x)
    assert other.shown == 5


def test_how_images_lie_in_memory_does_not_matter():
    features, x = Counting(), torch.rand(5, 3, 4, 4)
    cache.seen_before(features, x)
    cache.seen_before(features, x.contiguous(memory_format=torch.channels_last))
    assert features.shown == 5


def test_damaged_features_of_real_images_are_made_anew(cache_home):
    features, x = Counting(), torch.rand(5, 1, 4, 4)
    first = cache.seen_before(features, x)
    (path,) = cache_home.glob("features/samples/*")
    path.write_bytes(flipped(path.read_bytes()))
    second = cache.seen_before(features, x)
    assert features.shown == 10
    np.testing.assert_array_equal(first[0], second[0])


def test_a_second_judge_looks_at_no_real_image(make_set, monkeypatch):
    first = make_judge(make_set())

    def refuse(self, x):
        raise AssertionError("seen again")

    monkeypatch.setattr(LearnedFeatures, "__call__", refuse)
    second = make_judge(make_set())
    np.testing.assert_array_equal(first.train.features, second.train.features)
    np.testing.assert_array_equal(first.held_out.probabilities, second.held_out.probabilities)
