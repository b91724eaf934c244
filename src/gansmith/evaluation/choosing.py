"""Which samples of many are shown as the best: by a rule that is said beside them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from gansmith.metrics.given import Samples

DRAWN, NEAREST, PER_CLASS = 256, 16, 2
MOST_CLASSES = 16
"""With more of them a picture of each class is too large."""


class Chosen(NamedTuple):
    """Samples by row, and the rule that chose them."""

    rows: list[int]
    rule: str
    """A key of the words: "best_class" or "best_near"."""
    number: int
    """How many: of each class, or in all."""
    absent: list[int] = []  # noqa: RUF012
    """Classes that no sample was taken for."""


def choose(drawn: Samples, reference: Samples) -> Chosen:
    """The best of the samples that were drawn.

    With a classifier: of each class the samples that it is surest of. Without: those whose
    features lie closest to those of a reference image.

    Args:
        drawn: with features.
        reference: real images, with features.
    """
    probabilities = drawn.probabilities
    if probabilities is not None and probabilities.shape[1] <= MOST_CLASSES:
        return _of_each_class(probabilities)
    assert drawn.features is not None and reference.features is not None, "images have features"
    distance = cdist(drawn.features, reference.features).min(1)
    rows = np.argsort(distance, kind="stable")[:NEAREST].tolist()
    return Chosen(rows, "best_near", len(rows))


def _of_each_class(probabilities: np.ndarray) -> Chosen:
    taken, rows, absent = probabilities.argmax(1), [], []
    for label in range(probabilities.shape[1]):
        mine = np.flatnonzero(taken == label)
        surest = mine[np.argsort(-probabilities[mine, label], kind="stable")]
        rows += surest[:PER_CLASS].tolist()
        absent += [] if len(mine) else [label]
    return Chosen(rows, "best_class", PER_CLASS, absent)
