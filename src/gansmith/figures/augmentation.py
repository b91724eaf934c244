"""Whether a classifier with few labels gains by generated images, and by ordinary shifts.

A conditional generator learns from the same few labelled images as the classifier and makes more of
each class. The classifier is trained on the few alone, with generated ones as half of each batch,
on the few shifted at random, and on both: one architecture, the same first weights, as many
updates. Used so by Antoniou et al. 2017, arXiv:1711.04340, whose generator had other classes to
learn from besides; here nothing else is known, so that what is gained comes of the method.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.stats import t as student
from torch import Tensor

from gansmith.batch import DataSet
from gansmith.config import choose_method
from gansmith.data import open_data
from gansmith.errors import ConfigError, DataError
from gansmith.figures.asked import Asked
from gansmith.figures.augmentation_words import COMPARED, see
from gansmith.figures.drawn import COLOURS, INK, Drawn, canvas, dressed
from gansmith.figures.few_images import WAYS, few, right, stored
from gansmith.figures.judged import rounded
from gansmith.figures.tiles import show_grid
from gansmith.metrics.given import Samples
from gansmith.metrics.interval import Z95
from gansmith.metrics.judge import some_rows
from gansmith.training.sampling import conditions

COUNTS, SEEDS = (10, 30, 100), 3
"""Labels of each class; seeds, each with other labels, another generator and other weights."""
STEPS, UPDATES = 1500, 600
"""Of the generator's training, and of the classifier's."""
A_CLASS, COLUMNS, MOST = 100, 8, 10_000
"""Generated images of each class, those shown, and real ones that the few are chosen of at most."""


class Split(NamedTuple):
    """A labelled set."""

    train: Samples
    test: Samples
    classes: int
    largest: int
    """Images of the class that has the fewest."""


def draw(asked: Asked) -> Drawn:
    """Accuracy by labels a class for each way, differences with intervals, generated images."""
    split = _split(open_data(asked.data), asked.data)
    counts = [count for count in COUNTS if count <= split.largest]
    if not counts:
        raise DataError(f"{asked.data}: its smallest class has {split.largest} images, and the "
                        f"figure shows {COUNTS[0]} labels of each.")  # fmt: skip
    found, shown = {}, None
    for count in counts:
        answers: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
        for seed in range(asked.seed, asked.seed + SEEDS):
            real = few(split.train, count, split.classes, seed)
            made = _generated(replace(asked, seed=seed), real, f"{count}-of-each-{seed}")
            shown = shown if shown is not None or count != counts[len(counts) // 2] else made.x
            asked.tell(f"classifiers with {count} labels of each class, seed {seed}")
            given = real, made, split.test, split.classes, seed, asked.steps(UPDATES)
            for way, hits in right(*given).items():
                answers[way].append(hits)
        found[count] = numbers_of({way: np.stack(each) for way, each in answers.items()})
    assert shown is not None, "of the middle count"
    facts = {"data": asked.data, "method": asked.method, "classes": split.classes, "seeds": SEEDS,
             "updates": asked.steps(UPDATES), "generator_steps": asked.steps(STEPS),
             "test_images": len(split.test), "labels_a_class": found}  # fmt: skip
    return Drawn(_picture(found, shown, split.classes, asked.method), facts, see(facts))


def numbers_of(answers: dict[str, np.ndarray]) -> dict[str, Any]:
    """Accuracies and differences of ways whose answers are (seeds, test images)."""
    accuracy = {way: {**estimate(each), "seeds": [rounded(one) for one in each.mean(1)]}
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


def _generated(asked: Asked, real: Samples, name: str) -> Samples:
    """Images of each class by a generator that learned from these alone.

    Raises:
        ConfigError: the method does not generate by class.
    """
    data = stored(real, asked.folder / "few" / f"{name}.npz")
    method = choose_method(asked.method, None, "LabeledImages")
    spec = open_data(str(data)).spec
    if conditions(method, spec, 1) is None:
        raise ConfigError(
            f"--method {asked.method} does not generate by class. Take one that does, such as cgan."
        )
    run = asked.trained(name, asked.method, STEPS, data=str(data), sample_every=STEPS)
    number = A_CLASS * spec.classes
    return Samples(run.sample(number, seed=asked.seed), conditions(method, spec, number))


def _picture(found: dict[int, Any], shown: Tensor, classes: int, method: str):
    figure = canvas(14, 4.8)
    curves, apart, grid = figure.subplots(1, 3, width_ratios=(1.2, 1.2, 1))
    counts, places = [*found], np.arange(len(found))
    for number, (way, words) in enumerate(WAYS.items()):
        _with_intervals(curves, places, [found[count]["accuracy"][way] for count in counts],
                        number - 1.5, words, line="-")  # fmt: skip
    for number, name in enumerate(COMPARED):
        _with_intervals(apart, places, [found[count]["differences"][name] for count in counts],
                        number - 1.5, name, line="")  # fmt: skip
    apart.axhline(0, color=INK, lw=0.8)
    for axes, title in ((curves, "held-out accuracy, %"), (apart, "difference, points")):
        dressed(axes, title, "labels of each class").set_xticks(places, [str(n) for n in counts])
        axes.legend(fontsize=7, frameon=False, loc="best")
    rows = min(classes, 10)
    order = torch.arange(rows).repeat_interleave(COLUMNS) + classes * torch.arange(COLUMNS).repeat(
        rows
    )
    title = f"{method}, {counts[len(counts) // 2]} labels of each class: a row a class"
    show_grid(grid, shown[order], COLUMNS, title, 2)
    return figure


def _with_intervals(axes, places: np.ndarray, rows: list[dict], at: float, name: str, line: str):
    """Means in percent with their intervals, a little beside those of the other ways."""
    mean = 100 * np.array([row["mean"] for row in rows])
    ends = 100 * np.array([row["interval"] for row in rows])
    colour = COLOURS[round(at + 1.5) % len(COLOURS)]
    axes.errorbar(places + 0.06 * at, mean, [mean - ends[:, 0], ends[:, 1] - mean], color=colour,
                  marker="o", ms=4, ls=line, lw=1.2, capsize=2, label=name)  # fmt: skip
