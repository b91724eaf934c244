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

from typing import Any, NamedTuple

import numpy as np

from gansmith.errors import DataError
from gansmith.metrics.given import Given
from gansmith.metrics.images.balls import Inside, inside, radii
from gansmith.metrics.interval import normal, wilson
from gansmith.metrics.measurement import Measurement

K = 5
LEAST = 1000
"""From here on a share is told to about ±0.05. No n takes the bias away: between mixtures of ten
Gaussians precision falls by 0.03 from 1000 to 4000 samples in 16 dimensions, by 0.08 in 64."""
SAME_N = "Compare it at the same n: balls shrink as it grows."
NARROW = "The interval is a little narrow: in trials it held 87 to 90 of 100 draws, not 95."


class Manifold(NamedTuple):
    """Two sets within the balls of each other."""

    generated: Inside
    """Generated samples in balls of reference ones."""
    reference: Inside
    """Reference samples in balls of generated ones."""
    k: int

    @property
    def shares(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Precision, recall and coverage: what is counted (N,) bool, and how much of it is lost
        without each sample of the other set (M,).
        """
        x, y = self.generated, self.reference
        return {
            "precision": (x.balls > 0, x.only_here),
            "recall": (y.balls > 0, y.only_here),
            "coverage": (x.samples > 0, x.alone),
        }

    @property
    def density(self) -> float:
        """Reference balls that a generated sample lies in, on average, over k."""
        return float(self.generated.balls.mean() / self.k)


def manifold_of(generated: np.ndarray, reference: np.ndarray, k: int = K) -> Manifold:
    """Of features (N, D), (M, D).

    Raises:
        ValueError: either set has not more than k samples.
    """
    if min(len(generated), len(reference)) <= k:
        raise ValueError(f"The {k}-th nearest neighbour needs more than {k} samples.")
    centre = reference.mean(0, dtype=np.float64)  # small numbers lose fewer digits when squared
    x, y = generated - centre, reference - centre
    return Manifold(inside(x, y, radii(y, k)), inside(y, x, radii(x, k)), k)


def share_interval(counted: np.ndarray, lost: np.ndarray) -> tuple[float, float]:
    """Of a share that two sets of samples make, where both are drawn at random.

    Its variance is taken as that of a share of independent samples plus the delete-one jackknife
    over the other set (Efron and Stein 1981), without the growth of balls whose neighbour is left
    out; Wilson's interval is that of as many independent samples as have this variance.

    Args:
        counted: (N,) bool, the share being its mean.
        lost: (M,) how many of these are lost without each sample of the other set.
    """
    n, share = len(counted), float(counted.mean())
    own, other = share * (1 - share) / n, float((len(lost) - 1) * (lost / n).var())
    effective = n * own / (own + other) if own else n
    return wilson(share * effective, effective)


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
    more: dict[str, Any] = {
        "n": n,
        "n_reference": n,
        "least": LEAST,
        "notes": (*notes, SAME_N),
        "details": {"k": k},
    }
    made = []
    for key, (counted, lost) in found.shares.items():
        interval, share = share_interval(counted, lost), float(counted.mean())
        made.append(given.measured(key, key, share, "higher", interval=interval, **more))
    balls, samples = found.generated.balls / k, found.generated.samples / k
    deviation = float(np.sqrt((balls.var(ddof=1) + samples.var(ddof=1)) / n))
    more["notes"] = (*notes, "1 where both sets are alike.", SAME_N, NARROW)
    interval = normal(found.density, deviation)
    return [
        *made,
        given.measured("density", "density", found.density, "neither", interval=interval, **more),
    ]
