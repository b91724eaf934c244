"""Features of a classifier of the data's own labels."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.special import softmax

from gansmith.batch import CaptionedImages, DataSet, DataSpec, LabeledImages
from gansmith.data.resident import ResidentImages, resident
from gansmith.errors import ConfigError, DataError
from gansmith.metrics.features import choose, learned, make_features
from gansmith.metrics.features.classifier import Classifier, fitted_temperature
from gansmith.metrics.features.learned import only


def test_it_learns_the_classes_and_says_how_well(make_set):
    data = make_set((3, 8, 12))
    features = make_features("classifier", data)
    test = data.held_out()
    vectors, probabilities = features(test.x)
    assert vectors.shape == (40, 64) and vectors.dtype == np.float32
    assert probabilities.shape == (40, 2)
    assert probabilities.sum(1) == pytest.approx(1, abs=1e-6)
    right = np.mean(probabilities.argmax(1) == test.y.numpy())
    assert right >= 0.95
    facts = features.seen.facts
    assert facts["held_out_accuracy"] == pytest.approx(right)
    assert facts["measured_on"] == "held-out samples"
    assert (facts["trained_on"], facts["calibrated_on"], facts["measured"]) == (72, 8, 40)
    assert facts["classes"] == 2 and "warning" not in facts
    assert (features.seen.name, features.seen.resizer) == ("classifier", "none")


def test_probabilities_are_those_of_the_fitted_temperature(make_set):
    features = make_features("classifier", make_set())
    x = make_set(seed=5).held_out().x
    _, probabilities = features(x)
    logits = learned.passed(features._nets, x)[1].numpy().astype(np.float64)
    expected = softmax(logits / features.seen.facts["temperature"], axis=1)
    np.testing.assert_allclose(probabilities, expected, atol=1e-6)


def test_one_image_is_seen_as_among_others(make_set):
    features = make_features("classifier", make_set())
    x = make_set(seed=1).held_out().x
    np.testing.assert_allclose(features(x[:1])[0], features(x)[0][:1], atol=1e-5)


def test_without_held_out_samples_those_left_out_are_measured(make_set):
    facts = make_features("classifier", make_set(held_out=False)).seen.facts
    assert facts["measured_on"] == "training samples left out for this"
    assert facts["measured"] == 8


def test_what_is_left_out_is_not_trained_on(make_set, monkeypatch):
    data = make_set(held_out=False)
    shown = {}

    def remember(method, part, seed):
        shown["trained"] = part.take(torch.arange(part.spec.size)).x
        return learn(method, part, seed)

    def passed(nets, x):
        shown["left"] = x
        return see(nets, x)

    learn, see = learned.learned, learned.passed
    monkeypatch.setattr(learned, "learned", remember)
    monkeypatch.setattr("gansmith.metrics.features.classifier.passed", passed)
    make_features("classifier", data)
    both = torch.cat([shown["trained"], shown["left"]]).flatten(1)
    every = data.take(torch.arange(80)).x.flatten(1)
    assert len(both.unique(dim=0)) == len(every.unique(dim=0)) == 80


def test_the_seed_decides_the_weights(make_set, monkeypatch, tmp_path):
    hashes = []
    for place, seed in enumerate((3, 3, 4)):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / str(place)))
        monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / str(place)))
        torch.rand(place + 1)  # what was drawn before does not matter
        hashes.append(make_features("classifier", make_set(), seed=seed).seen.hash)
    assert hashes[0] == hashes[1] != hashes[2]


def test_training_leaves_the_global_generator_alone(make_set):
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    make_features("classifier", make_set())
    assert torch.equal(torch.rand(1), expected)


def test_labels_that_mean_nothing_are_told():
    random = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (240, 1, 8, 8), generator=random, dtype=torch.uint8)
    y = torch.randint(2, (240,), generator=random)
    train, test = ResidentImages(images[:80], y[:80]), ResidentImages(images[80:], y[80:])
    spec = DataSpec(
        name="noise", batch=LabeledImages, shape=(1, 8, 8), size=80, class_names=("a", "b")
    )
    facts = make_features("classifier", resident(spec, train, test)).seen.facts
    assert "guessing" in facts["warning"]


def test_captions_are_not_looked_at(make_set):
    plain = make_set()

    def take(rows):
        return CaptionedImages(*plain.take(rows), rows)

    spec = DataSpec(**{**vars(plain.spec), "batch": CaptionedImages})
    captioned = DataSet(spec=spec, take=take, to=lambda device: captioned)
    facts = make_features("classifier", captioned).seen.facts
    assert facts["held_out_accuracy"] == 1.0


def test_a_part_of_a_set_is_numbered_anew_and_told_ahead(make_set):
    told = []
    whole = make_set()
    whole = DataSet(spec=whole.spec, take=whole.take, to=whole.to, expect=told.append)
    rows = torch.tensor([5, 7, 11])
    part = only(whole, rows)
    assert part.spec.size == 3
    assert torch.equal(part.take(torch.tensor([2, 0])).x, whole.take(torch.tensor([11, 5])).x)
    part.expect([torch.tensor([1])])
    assert [batch.tolist() for batch in told[0]] == [[7]]


@pytest.mark.parametrize("names", [(), ("all",)], ids=["none", "one"])
def test_without_classes_it_is_refused(make_set, names):
    with pytest.raises(DataError, match="--features rotation"):
        make_features("classifier", make_set(class_names=names))


@pytest.mark.parametrize(
    ("names", "expected"),
    [((), "rotation"), (("all",), "rotation"), (("above", "left"), "classifier")],
)
def test_labels_decide_what_is_chosen(make_set, names, expected):
    assert choose(make_set(class_names=names)) == expected


def test_one_image_is_refused(make_set):
    with pytest.raises(DataError, match="at least two"):
        make_features("classifier", only(make_set(), torch.tensor([0])))


def test_it_generates_nothing():
    method = Classifier()
    for generating in (method.draws, method.inputs, method.generate):
        with pytest.raises(ConfigError, match="generates none"):
            generating(None, None)


def test_the_temperature_makes_labels_most_likely():
    """There, the mean score of the true class is the one that the probabilities expect."""
    random = np.random.default_rng(0)
    logits = random.normal(0, 3, (4000, 5))
    cumulated = softmax(logits / 2.5, axis=1).cumsum(1)
    y = (random.random((4000, 1)) > cumulated).sum(1).clip(max=4)
    temperature = fitted_temperature(logits, y)
    expected = (softmax(logits / temperature, axis=1) * logits).sum(1).mean()
    assert logits[np.arange(4000), y].mean() == pytest.approx(expected, abs=1e-4)
    assert temperature == pytest.approx(2.5, rel=0.1)


@pytest.mark.parametrize(("right", "bound"), [(1, 0.25), (0, 10.0)], ids=["all right", "all wrong"])
def test_the_temperature_stays_in_its_range(right, bound):
    logits = np.array([[5.0, 0.0], [0.0, 5.0]])
    y = np.array([0, 1]) if right else np.array([1, 0])
    assert fitted_temperature(logits, y) == pytest.approx(bound, rel=1e-3)
