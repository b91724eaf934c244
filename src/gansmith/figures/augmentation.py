"""Whether a classifier with few labels gains by generated images, and by ordinary shifts.

A conditional generator learns from the same few labelled images as the classifier and makes more of
each class. The classifier is trained on the few alone, with generated ones as half of each batch,
on the few shifted at random, and on both: one architecture, the same first weights, as many
updates. Used so by Antoniou et al. 2017, arXiv:1711.04340, whose generator had other classes to
learn from besides; here nothing else is known, so that what is gained comes of the method.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.stats import t as student

from gansmith.batch import DataSet, DataSpec
from gansmith.config import choose_method
from gansmith.data import open_data
from gansmith.errors import ConfigError, DataError
from gansmith.figures.asked import Asked
from gansmith.figures.augmentation_picture import picture
from gansmith.figures.augmentation_words import COMPARED, see
from gansmith.figures.drawn import Drawn
from gansmith.figures.few_images import WAYS, few, right, stored
from gansmith.figures.judged import rounded
from gansmith.method import Method
from gansmith.metrics.given import Samples
from gansmith.metrics.interval import Z95
from gansmith.metrics.judge import some_rows
from gansmith.training.sampling import conditions

COUNTS, SEEDS = (10, 30, 100), 4
"""Labels of each class; seeds, each with other labels, another generator and other weights."""
STEPS, UPDATES, WIDTH = 1000, 600, 16
"""Of the generator's training, and of the classifier's; channels of its networks, where they are
chosen by that."""
A_CLASS, MOST = 100, 10_000
"""Generated images of each class, and real ones that the few are chosen of at most."""


class Split(NamedTuple):
    """A labelled set."""

    train: Samples
    test: Samples
    classes: int
    largest: int
    """Images of the class that has the fewest."""


def draw(asked: Asked) -> Drawn:
    """Accuracy by labels a class for each way, differences with intervals, generated images."""
    data = open_data(asked.data)
    split, method = _split(data, asked.data), _method(asked.method, data.spec)
    counts = [count for count in COUNTS if count <= split.largest]
    if not counts:
        raise DataError(f"{asked.data}: its smallest class has {split.largest} images, and the "
                        f"figure shows {COUNTS[0]} labels of each.")  # fmt: skip
    found, shown = {}, None
    for count in counts:
        answers: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
        for seed in range(asked.seed, asked.seed + SEEDS):
            real = few(split.train, count, split.classes, seed)
            made = _generated(replace(asked, seed=seed), method, real, f"{count}-of-each-{seed}")
            shown = shown if shown is not None or count != counts[len(counts) // 2] else made.x
            asked.tell(f"classifiers with {count} labels of each class, seed {seed}")
            given = real, made, split.test, split.classes, seed, asked.steps(UPDATES)
            for way, hits in right(*given).items():
                answers[way].append(hits)
        found[count] = numbers_of({way: np.stack(each) for way, each in answers.items()})
    assert shown is not None, "of the middle count"
    facts = {"data": asked.data, "method": Path(asked.method).name, "classes": split.classes,
             "seeds": SEEDS, "updates": asked.steps(UPDATES), "generator_steps": asked.steps(STEPS),
             "test_images": len(split.test), "labels_a_class": found}  # fmt: skip
    return Drawn(picture(facts, shown), facts, see(facts))


def numbers_of(answers: dict[str, np.ndarray]) -> dict[str, Any]:
    """Accuracies and differences of ways whose answers are (seeds, test images)."""
    accuracy = {way: {**_share(each), "seeds": [rounded(one) for one in each.mean(1)]}
                for way, each in answers.items()}  # fmt: skip
    pairs = {name: (answers[one], answers[other]) for name, (one, other) in COMPARED.items()}
    apart = {name: estimate(one.astype(float) - other) for name, (one, other) in pairs.items()}
    return {"accuracy": accuracy, "differences": apart}


def estimate(values: np.ndarray) -> dict[str, Any]:
    """Mean of values (S, N) and its 95 % interval, over seeds and over test images.

    Seeds' means vary as Student's t has it, and images' means (over seeds) normally; both widths
    are put together as those of independent errors.
    """
    by_seed, by_image = values.mean(1), values.mean(0)
    of_seeds = student.ppf(0.975, len(by_seed) - 1) * by_seed.std(ddof=1) / len(by_seed) ** 0.5
    of_images = Z95 * by_image.std(ddof=1) / len(by_image) ** 0.5
    mean, half = float(values.mean()), float(np.hypot(of_seeds, of_images))
    return {"mean": rounded(mean), "interval": [rounded(mean - half), rounded(mean + half)]}


def _share(hits: np.ndarray) -> dict[str, Any]:
    """The same of a share, whose interval ends at 0 and 1."""
    found = estimate(hits)
    return {**found, "interval": [min(max(end, 0.0), 1.0) for end in found["interval"]]}


def _split(data: DataSet, name: str) -> Split:
    """Training images to choose from, and held-out ones.

    Raises:
        DataError: there are not two classes, or nothing is held out.
    """
    held_out, classes = data.held_out(), data.spec.classes
    if classes < 2 or held_out is None or len(data.spec.shape) != 3:
        raise DataError(f"{name}: the figure needs images of two classes at least, some held out.")
    train = data.take(some_rows(data.spec.size, MOST))
    both = [Samples(one.x.float(), one.y) for one in (train, held_out)]  # type: ignore[union-attr]
    least = int(torch.bincount(train.y, minlength=classes).min())  # type: ignore[union-attr]
    return Split(both[0], both[1], classes, least)


def _method(name: str, spec: DataSpec) -> Method:
    """The method, with its defaults.

    Raises:
        ConfigError: it does not generate by class.
    """
    method = choose_method(name, None, "LabeledImages")
    if conditions(method, spec, 1) is None:
        raise ConfigError(
            f"--method {name} does not generate by class. Take one that does, such as cgan."
        )
    return method


def _generated(asked: Asked, method: Method, real: Samples, name: str) -> Samples:
    """Images of each class by a generator that learned from these alone."""
    data = str(stored(real, asked.folder / "few" / f"{name}.npz"))
    narrow = {"width": WIDTH} if hasattr(method, "width") else {}
    run = asked.trained(name, asked.method, STEPS, data=data, sample_every=STEPS, **narrow)
    number = A_CLASS * run.config.spec.classes
    y = conditions(method, run.config.spec, number)
    return Samples(run.sample(number, seed=asked.seed), y)
