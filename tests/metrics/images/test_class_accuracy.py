"""Whether images show the class asked for, and the test error of a method's own classifier."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import binomtest
from torchmetrics.functional.classification import multiclass_confusion_matrix, multiclass_recall

from gansmith.errors import DataError
from gansmith.metrics.given import Given, Samples, Seen
from gansmith.metrics.images.class_accuracy import class_accuracy
from gansmith.metrics.images.classifier_error import classifier_error
from gansmith.metrics.images.confusion import accuracy_by_class, confusion, lowest
from gansmith.metrics.measuring import measure

K, NAMES = 4, ("zero", "one", "two", "three")
RANDOM = np.random.default_rng(0)
TRUE, CHOSEN = RANDOM.integers(0, K, 300), RANDOM.integers(0, K, 300)


def oracle_counts(true: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    given = torch.from_numpy(chosen), torch.from_numpy(true)
    return multiclass_confusion_matrix(*given, num_classes=K).numpy()


def oracle_recalls(true: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    given = torch.from_numpy(chosen), torch.from_numpy(true)
    return multiclass_recall(*given, num_classes=K, average="none").numpy()


def wilson(hits: int, n: int) -> list[float]:
    return [*binomtest(hits, n).proportion_ci(0.95, "wilson")]


def samples(y: np.ndarray, chosen: np.ndarray | None = None) -> Samples:
    """Black images of classes y, which a classifier takes for these."""
    p = None if chosen is None else np.float32(0.1 + 0.6 * np.eye(K)[chosen])
    return Samples(torch.zeros(len(y), 1, 2, 2), torch.from_numpy(y), p, p)


def given(made: Samples, real: Samples, split: str = "held-out", **more) -> Given:
    names = {"class_names": NAMES, "seen": Seen("classifier")} | more
    return Given(made, real, split, real, **names)


def test_confusion_is_that_of_torchmetrics():
    counts = confusion(TRUE, CHOSEN, K)
    assert np.array_equal(counts, oracle_counts(TRUE, CHOSEN))
    by_class = accuracy_by_class(counts, list(NAMES))
    recalls = oracle_recalls(TRUE, CHOSEN)
    assert [one["accuracy"] for one in by_class.values()] == pytest.approx(list(recalls))
    assert lowest(by_class).startswith(NAMES[int(recalls.argmin())])


def test_the_share_of_the_class_asked_for():
    """Of 4 classes, 50 each: all of two right, half of one, none of one."""
    y = np.arange(200) % K
    chosen = np.where((y == 2) & (np.arange(200) < 100), 0, y)
    chosen = np.where(y == 3, 1, chosen)
    real = samples(np.arange(40) % K, np.where(np.arange(40) < 2, 3, np.arange(40) % K))
    (one,) = class_accuracy(given(samples(y, chosen), real))
    assert one.value == 125 / 200
    assert one.interval == pytest.approx(wilson(125, 200))
    accuracies = {name: row["accuracy"] for name, row in one.details["classes"].items()}
    assert accuracies == {"zero": 1.0, "one": 1.0, "two": 0.5, "three": 0.0}
    assert one.details["classes"]["three"]["mistaken_for"] == "one"
    assert np.array_equal(one.details["confusion"], oracle_counts(y, chosen))
    assert one.details["classifier"]["accuracy"] == 38 / 40
    assert "three with 0.0% of 50" in one.trust and "right of 95.0% of 40 held-out" in one.trust
    assert not one.trusted and (one.least, one.n_reference) == (400, 0)


def test_of_training_images_the_classifiers_own_accuracy_is_that_of_images_left_out():
    facts = {"held_out_accuracy": 0.875, "measured": 80}
    made = samples(TRUE, CHOSEN)
    (one,) = class_accuracy(given(made, made, "training", seen=Seen("classifier", facts=facts)))
    assert "right of 87.5% of 80 images left out" in one.trust
    (one,) = class_accuracy(given(made, made, "training"))
    assert "classifier is right" not in one.trust


def test_classes_of_inception_are_not_those_of_the_data():
    made = samples(TRUE, CHOSEN)
    assert class_accuracy(given(made, made, seen=Seen("inception"))) == []


def test_the_error_of_a_classifier_is_that_of_torchmetrics():
    """Its logits stand in the images."""
    logits = torch.from_numpy(np.random.default_rng(1).normal(size=(300, K))).float()
    logits[torch.arange(300), torch.from_numpy(TRUE)] += 1
    real = Samples(logits.view(300, 1, 2, 2), torch.from_numpy(TRUE))
    (one,) = classifier_error(given(real, real, classify=lambda x: x.flatten(1)))
    chosen = logits.argmax(1).numpy()
    assert one.value == pytest.approx((chosen != TRUE).mean())
    wrong = int((chosen != TRUE).sum())
    assert one.details["errors"] == wrong
    assert one.interval == pytest.approx(wilson(wrong, 300))
    errors = [row["error"] for row in one.details["classes"].values()]
    assert errors == pytest.approx(list(1 - oracle_recalls(TRUE, chosen)))
    assert np.array_equal(one.details["confusion"], oracle_counts(TRUE, chosen))
    assert (one.features, one.n_reference, one.better) == ("", 300, "lower")


def test_what_cannot_be_compared_is_refused():
    plain, labelled = Samples(torch.zeros(20, 1, 2, 2)), samples(np.arange(20) % K)
    with pytest.raises(DataError, match="no classes"):
        classifier_error(given(plain, plain, classify=lambda x: x.flatten(1)))
    with pytest.raises(DataError, match="knows 2 classes"):
        classifier_error(given(labelled, labelled, classify=lambda x: x.flatten(1)[:, :2]))
    beyond = samples(TRUE, CHOSEN)
    with pytest.raises(DataError, match="class 9"):
        class_accuracy(given(Samples(beyond.x, torch.full((300,), 9), None, beyond.probabilities),
                             beyond))  # fmt: skip


def test_several_attributes_are_no_classes():
    """Of multi-label methods: there is no one class that was asked for."""
    several = samples(TRUE, CHOSEN)
    several = Samples(several.x, torch.zeros(300, 3), several.features, several.probabilities)
    names = ["class_accuracy", "class_diversity"]
    assert set(measure(given(several, several), names).left_out) == set(names)
