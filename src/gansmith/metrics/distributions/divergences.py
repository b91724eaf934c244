"""Divergences between discrete distributions, exact, in nats.

Each takes two arrays of probabilities over the same cells, of any equal shape:

    >>> round(kl([0.5, 0.5], [0.75, 0.25]), 6)
    0.143841
    >>> kl([0.5, 0.5], [1.0, 0.0])
    inf
    >>> jensen_shannon([1.0, 0.0], [0.0, 1.0]) == LOG2
    True

Where p is the data and q what was generated, `kl` punishes modes that were missed and `reverse_kl`
samples where there is no data. Source: Lin 1991, "Divergence measures based on the Shannon
entropy", for Jensen-Shannon; Goodfellow et al. 2014, arXiv:1406.2661, theorem 1, for its part in
GANs.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gansmith.errors import DataError

LOG2 = math.log(2)
"""The Jensen-Shannon divergence of distributions that have no cell in common."""
TOLERANCE = 1e-6
"""Probabilities may sum to 1 within this, as those of float32 do; they are then scaled to 1."""


def kl(p: ArrayLike, q: ArrayLike) -> float:
    """Kullback-Leibler divergence KL(p‖q) = Σ p log(p/q), in nats, in [0, ∞].

    Infinite where q = 0 < p in any cell; cells with p = 0 add nothing.

    Args:
        p: probabilities of any shape.
        q: probabilities of the same shape.

    Raises:
        DataError: other shapes, negative numbers, or a sum that is not 1.
    """
    return _kl(*_both(p, q))


def reverse_kl(p: ArrayLike, q: ArrayLike) -> float:
    """KL(q‖p), in nats, in [0, ∞]: infinite where p = 0 < q. See `kl`."""
    p, q = _both(p, q)
    return _kl(q, p)


def jensen_shannon(p: ArrayLike, q: ArrayLike) -> float:
    """½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2, in nats, in [0, log 2].

    Exactly log 2 where p and q have no cell in common, however far apart they lie. Its root is a
    metric. See `kl` for arguments and errors.
    """
    p, q = _both(p, q)
    if not np.any((p > 0) & (q > 0)):
        return LOG2
    return min(LOG2, max(0.0, (_to_middle(p, q) + _to_middle(q, p)) / 2))


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """½ Σ |p - q|, in [0, 1]: the most by which the probability of any event can differ.

    See `kl` for arguments and errors.
    """
    p, q = _both(p, q)
    return min(1.0, float(np.abs(p - q).sum()) / 2)


def _to_middle(p: np.ndarray, q: np.ndarray) -> float:
    """KL(p‖(p + q)/2), never infinite: the half of the smallest numbers would be zero."""
    there = p > 0
    p, q = p[there], q[there]
    return float(np.sum(p * np.log(2 * (p / (p + q)))))


def _kl(p: np.ndarray, q: np.ndarray) -> float:
    there = p > 0
    p, q = p[there], q[there]
    if np.any(q == 0):
        return math.inf
    return max(0.0, float(np.sum(p * (np.log(p) - np.log(q)))))


def _both(p: ArrayLike, q: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Two distributions over the same cells, as float64 (K,)."""
    first, second = _probabilities(p, "p"), _probabilities(q, "q")
    if first.shape != second.shape:
        raise DataError(
            f"p has the shape {first.shape}, q {second.shape}: give the same cells to both."
        )
    return first.ravel(), second.ravel()


def _probabilities(given: ArrayLike, name: str) -> np.ndarray:
    values = np.asarray(given, dtype=np.float64)
    if values.size == 0 or values.ndim == 0:
        raise DataError(f"{name} holds no distribution: give an array of probabilities.")
    if not np.all(values >= 0):
        raise DataError(f"{name} holds {values.min():g}: a probability is a number from 0 to 1.")
    total = float(values.sum())
    if not abs(total - 1) <= TOLERANCE:
        raise DataError(f"{name} sums to {total:g}, not to 1: divide it by its sum.")
    return values / total
