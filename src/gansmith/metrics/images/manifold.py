"""Precision, recall, density and coverage: whether samples lie where the others lie, by neighbours.

Each sample is given the ball that reaches to its k-th nearest neighbour of its own set. Precision
is the share of generated samples within a ball of a reference sample, recall the share of reference
samples within a ball of a generated one; density is in how many reference balls a generated sample
lies, over k; coverage the share of reference balls with a generated sample within.

Source: Kynkäänniemi et al. 2019, arXiv:1904.06991, equations 1 to 3 (precision, recall); Naeem et
al. 2020, arXiv:2002.09797, equations 3 and 5 (density, coverage). Deviation: k = 5 for all four, as
in the latter; the former takes 3 for precision and recall.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gansmith.errors import DataError
from gansmith.metrics.given import Given
from gansmith.metrics.interval import normal, wilson
from gansmith.metrics.measurement import Measurement

K = 5
CHUNK = 1024
"""Rows of the matrix of distances in memory at a time."""
LEAST = 1000
"""From here on a share is told to ±0.031 against a fixed set, and to a standard deviation of about
0.02 where both sets of mixtures of ten Gaussians are drawn anew. No n takes the bias away: from
1000 to 4000 samples precision falls by 0.03 in 16 dimensions, by 0.08 in 64."""
FIXED = (
    "Compare it at the same n: balls shrink as it grows. The interval takes the {0} samples as "
    "fixed; with others the number would vary more."
)


class Manifold(NamedTuple):
    """Which samples lie within balls of the other set."""

    realistic: np.ndarray
    """(N,) whether each generated sample lies in a ball of a reference one."""
    recalled: np.ndarray
    """(M,) whether each reference sample lies in a ball of a generated one."""
    crowding: np.ndarray
    """(N,) in how many reference balls each generated sample lies, over k."""
    covered: np.ndarray
    """(M,) whether the ball of each reference sample has a generated one within."""


def manifold_of(generated: np.ndarray, reference: np.ndarray, k: int = K) -> Manifold:
    """Of features (N, D), (M, D).

    Raises:
        ValueError: either set has not more than k samples.
    """
    if min(len(generated), len(reference)) <= k:
        raise ValueError(f"The {k}-th nearest neighbour needs more than {k} samples.")
    centre = reference.mean(0, dtype=np.float64)  # small numbers lose fewer digits when squared
    x, y = generated - centre, reference - centre
    radius_x, radius_y = _radii(x, k), _radii(y, k)
    recalled, covered = np.zeros(len(y), bool), np.zeros(len(y), bool)
    balls = np.empty(len(x), int)
    for start in range(0, len(x), CHUNK):
        rows = slice(start, start + CHUNK)
        squared = _squared_distances(x[rows], y)
        recalled |= (squared <= radius_x[rows, None]).any(0)
        within = squared <= radius_y
        covered |= within.any(0)
        balls[rows] = within.sum(1)
    return Manifold(balls > 0, recalled, balls / k, covered)


def _radii(x: np.ndarray, k: int) -> np.ndarray:
    """(N,) squared distance of each sample to its k-th nearest neighbour."""
    found = np.empty(len(x))
    for start in range(0, len(x), CHUNK):
        squared = _squared_distances(x[start : start + CHUNK], x)
        squared[np.arange(len(squared)), np.arange(len(squared)) + start] = np.inf
        found[start : start + CHUNK] = np.partition(squared, k - 1, axis=1)[:, k - 1]
    return found


def _squared_distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(N, D), (M, D) → (N, M)."""
    squared = x @ y.T
    squared *= -2
    squared += np.square(x).sum(1)[:, None]
    squared += np.square(y).sum(1)
    return squared.clip(0, out=squared)


def equal_numbers(given: Given) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Features of as many generated samples as reference ones, drawn of the larger set; a note.

    Raises:
        DataError: there are fewer than two.
    """
    x, y = given.generated.features, given.reference.features
    assert x is not None and y is not None, "said in the table"
    n = min(len(x), len(y))
    if n < 2:
        raise DataError(f"Neighbours need two samples of each set: {len(x)} and {len(y)} given.")
    random = np.random.default_rng(given.seed)
    x, y = (every[np.sort(random.permutation(len(every))[:n])] for every in (x, y))
    cut = len(given.generated) != len(given.reference)
    return (
        x,
        y,
        (f"Computed from {n:,} samples of each set, so that balls compare.",) if cut else (),
    )


def manifold(given: Given) -> list[Measurement]:
    """The four numbers; with few samples, of as many neighbours as there are."""
    x, y, notes = equal_numbers(given)
    n, k = len(x), min(K, len(x) - 1)
    found = manifold_of(x, y, k)
    if k < K:
        notes += (f"Of {k} neighbours instead of {K}: there are no more.",)
    more = {"n": n, "n_reference": n, "least": LEAST, "details": {"k": k}}

    def share(key: str, which: np.ndarray, fixed: str) -> Measurement:
        interval, told = wilson(int(which.sum()), n), (*notes, FIXED.format(fixed))
        return given.measured(
            key, key, float(which.mean()), "higher", interval=interval, notes=told, **more
        )

    deviation = float(found.crowding.std(ddof=1) / np.sqrt(n))
    density = float(found.crowding.mean())
    return [
        share("precision", found.realistic, "reference"),
        share("recall", found.recalled, "generated"),
        given.measured(
            "density",
            "density",
            density,
            "neither",
            interval=normal(density, deviation),
            notes=(*notes, "1 where both sets are alike.", FIXED.format("reference")),
            **more,
        ),
        share("coverage", found.covered, "reference"),
    ]
