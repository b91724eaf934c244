"""Divergences of samples in one or two dimensions, estimated from histograms with common cells.

The cells are those of a grid over the range of the reference, with a row of open cells around it
for what lies outside: they follow from the reference alone, so that every generator that is
compared with it is seen through the same ones. Source of the correction for few samples: Miller
1955, "Note on the bias of information estimates". Deviation: taken to second order for
Jensen-Shannon with two sample sizes, of which Miller's (K - 1) / 2n for one entropy is a case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gansmith.errors import DataError
from gansmith.metrics.distributions import divergences
from gansmith.metrics.distributions.divergences import LOG2
from gansmith.metrics.distributions.points import as_points, pair
from gansmith.metrics.interval import normal

CELLS = {1: 64, 2: 32}
"""Inner cells along an axis, by the number of axes."""
PSEUDO = 0.5
"""Samples that are added to every cell in use, so that the estimate of KL is finite."""
RESAMPLES = 200


@dataclass(frozen=True)
class Histograms:
    """Two samples counted in the same cells; only cells that hold any sample."""

    p: np.ndarray
    """(K,) counts of the reference."""
    q: np.ndarray
    """(K,) counts of the generated samples."""

    @property
    def shares(self) -> tuple[np.ndarray, np.ndarray]:
        """(K,) probabilities of each."""
        return self.p / self.p.sum(), self.q / self.q.sum()

    @property
    def unseen(self) -> float:
        """The part of the generated samples in cells without any real one."""
        return float(self.q[self.p == 0].sum() / self.q.sum())

    def smoothed(self) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities with PSEUDO samples added to each cell: none of them is zero."""
        p, q = self.p + PSEUDO, self.q + PSEUDO
        return p / p.sum(), q / q.sum()

    def jensen_shannon(self) -> float:
        """In nats, in [0, log 2], less what few samples add to it."""
        plain = divergences.jensen_shannon(*self.shares)
        return min(LOG2, max(0.0, plain - self.bias()))

    def bias(self) -> float:
        """What few samples add to Jensen-Shannon, to first order in 1/n.

        Half of the second derivative by each probability, times its variance.
        """
        p, q = self.shares
        middle = (p + q) / 2
        added = 0.0
        for share, counts in ((p, self.p), (q, self.q)):
            spread = (1 - share) * (share > 0)
            added += float((spread * (1 - share / middle / 2)).sum()) / (4 * counts.sum())
        return added

    def interval(self, random: np.random.Generator) -> tuple[float, float]:
        """Of `jensen_shannon` with these cells: by the spread of what resampled counts give."""
        again = (Histograms(*self._drawn(random)).jensen_shannon() for _ in range(RESAMPLES))
        low, high = normal(self.jensen_shannon(), float(np.std(list(again), ddof=1)))
        return max(0.0, low), min(LOG2, high)

    def _drawn(self, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        p, q = (
            random.multinomial(int(counts.sum()), share)
            for counts, share in zip((self.p, self.q), self.shares, strict=True)
        )
        used = (p + q) > 0
        return p[used], q[used]


def histograms(reference: ArrayLike, generated: ArrayLike, cells: int | None = None) -> Histograms:
    """Both sets of samples counted in the same cells.

    Args:
        reference: (N,), (N, 1) or (N, 2): the grid lies over its range.
        generated: (M,), (M, 1) or (M, 2).
        cells: along an axis; 64 in one dimension and 32 in two where it is not given.

    Raises:
        DataError: samples of more than two dimensions, or that do not fit.

    Examples:
        >>> far = histograms([0.0, 1.0], [5.0, 6.0])
        >>> far.jensen_shannon() == LOG2
        True
        >>> divergences.kl(*far.shares)
        inf
    """
    real, made = pair(reference, generated)
    edges = grid(real, cells)
    numbers = [_cells(points, edges) for points in (real, made)]
    most = int(max(number.max() for number in numbers)) + 1
    p, q = (np.bincount(number, minlength=most) for number in numbers)
    used = (p + q) > 0
    return Histograms(p[used], q[used])


def grid(reference: ArrayLike, cells: int | None = None) -> list[np.ndarray]:
    """The inner edges of the cells along each axis, evenly from least to largest of the reference.

    Raises:
        DataError: more than two dimensions, or no cells.
    """
    points = as_points(reference, "reference")
    if points.shape[1] not in CELLS:
        raise DataError(
            f"The samples have {points.shape[1]} dimensions: histograms hold one or two. Take "
            "`transport.wasserstein`."
        )
    number = cells or CELLS[points.shape[1]]
    if number < 1:
        raise DataError(f"cells = {number}: give at least 1.")
    edges = [np.linspace(axis.min(), axis.max(), number + 1) for axis in points.T]
    for axis in edges:
        axis[-1] = np.nextafter(axis[-1], np.inf)  # the largest lies inside
    return edges


def _cells(points: np.ndarray, edges: list[np.ndarray]) -> np.ndarray:
    """(N,) the number of each point's cell."""
    axes = [np.searchsorted(e, x, side="right") for e, x in zip(edges, points.T, strict=True)]
    return np.asarray(np.ravel_multi_index(axes, [len(e) + 1 for e in edges]))
