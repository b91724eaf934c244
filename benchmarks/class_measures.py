"""What the measures of methods with labels say of real images, and how often intervals hold.

    python benchmarks/class_measures.py

Real training images, a hundred of each class in their place, are judged as generated ones would be:
they should be of their class, and as varied as held-out ones. The intervals of variety are tried
with Gaussian clouds, a class each, the ratio of whose mean distances is known.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from provenance import write

from gansmith.data import open_data
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images.class_accuracy import class_accuracy
from gansmith.metrics.images.class_diversity import class_diversity
from gansmith.metrics.judge import make_judge
from gansmith.metrics.measurement import Measurement

SETS = ("mnist", "fashion-mnist")
A_CLASS, DRAWS = 100, 20
"""Training images of each class, and draws of them."""
TRIALS, D = 400, 5
"""Of the intervals, and dimensions of the clouds."""
VARIED, COUNTS, REAL_COUNTS = (0.7, 0.9), (40, 60), (80, 30)
"""Deviations of the generated clouds (real ones have 1), and images of each."""


def main() -> None:
    """Both questions, and results/class_measures.json."""
    write("class_measures", {"real": {name: of_real(name) for name in SETS}, "held": held()})


def of_real(name: str) -> dict[str, Any]:
    """The least, the mean and the most that real training images come to, over draws."""
    judge = make_judge(open_data(name))
    assert judge.features is not None and judge.train.y is not None, "sets with classes"
    found: dict[str, list[float]] = {}
    for seed in range(DRAWS):
        rows = a_class(judge.train.y, np.random.default_rng(seed))
        given = judge.given(judge.train.x[rows], judge.train.y[rows], seed)
        for one in [*class_accuracy(given), *class_diversity(given)]:
            found.setdefault(one.key, []).append(one.value)
    spread = {key: [min(each), float(np.mean(each)), max(each)] for key, each in found.items()}
    own = judge.features.seen.facts["held_out_accuracy"]
    return {"held_out_accuracy": own, "a_class": A_CLASS, "draws": DRAWS, **spread}


def a_class(y: torch.Tensor, random: np.random.Generator) -> np.ndarray:
    """Rows of `A_CLASS` images of each class."""
    each = [np.flatnonzero(y.numpy() == number) for number in y.unique().tolist()]
    return np.concatenate([random.choice(rows, A_CLASS, replace=False) for rows in each])


def held() -> dict[str, Any]:
    """In what share of trials the nominal 95 % intervals hold the truth."""
    truth = {"class_diversity": float(np.mean(VARIED)), "class_diversity_smallest": min(VARIED)}
    times = dict.fromkeys(truth, 0)
    for trial in range(TRIALS):
        random = np.random.default_rng(trial)
        made, real = clouds(random, VARIED, COUNTS), clouds(random, (1.0, 1.0), REAL_COUNTS)
        for one in class_diversity(Given(made, real, "held-out", real, seed=trial)):
            times[one.key] += holds(one, truth[one.key])
    return {"trials": TRIALS, **{key: count / TRIALS for key, count in times.items()}}


def holds(one: Measurement, truth: float) -> bool:
    """Whether its interval does."""
    assert one.interval is not None, "this measure has one"
    return one.interval[0] <= truth <= one.interval[1]


def clouds(
    random: np.random.Generator, deviations: tuple[float, ...], counts: tuple[int, ...]
) -> Samples:
    """A Gaussian cloud of features for each class, far from the others."""
    y = np.repeat(np.arange(len(counts)), counts)
    scale = np.repeat(deviations, counts)[:, None]
    features = np.float32(random.normal(size=(len(y), D)) * scale + 50 * y[:, None])
    return Samples(torch.zeros(len(y), 1, 2, 2), torch.from_numpy(y), features)


if __name__ == "__main__":
    main()
