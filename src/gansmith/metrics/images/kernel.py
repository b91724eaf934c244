"""The kernel distance between features: squared maximum mean discrepancy with a cubic kernel.

Source: Bińkowski et al. 2018, arXiv:1801.01401, section 4 (there, with Inception features, KID);
the estimate is the unbiased one of Gretton et al. 2012, lemma 6. Deviation: it is computed once, on
all samples, in place of the mean over random subsets of 1000: its error is smaller, and follows
from the samples themselves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gansmith.metrics.given import Given
from gansmith.metrics.interval import normal
from gansmith.metrics.measurement import Measurement

CHUNK = 1024
"""Rows of the kernel matrix in memory at a time."""
LEAST = 500
"""From here on the interval is no wider than 1.4 times the distance of mixtures of ten Gaussians
whose centres are off by 0.1 to 0.3 of their deviation, in 16 to 192 dimensions, so that it tells
these from equal ones; it held the truth in 93 of 100 draws or more from 50 samples on."""


class Discrepancy(NamedTuple):
    """An estimate with the standard deviation of its error."""

    value: float
    deviation: float


def cubic_kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(x·y / D + 1)³ of rows (N, D) and (M, D): (N, M)."""
    inner = x @ y.T
    inner /= x.shape[1]
    inner += 1
    return inner * inner * inner


def discrepancy(x: np.ndarray, y: np.ndarray) -> Discrepancy:
    """Unbiased squared MMD of features (N, D), (M, D); negative where chance makes it so.

    A U-statistic: its error is, to first order, the mean of one number a sample (Hoeffding 1948),
    u(x_i) = 2 (mean of k(x_i, other x) - mean of k(x_i, y)) and the same for y, so that its
    variance is Var u(x) / N + Var u(y) / M. Where both distributions are equal the true u is 0, and
    the noise of the u computed here doubles the variance: the deviation is √2 times too large
    there, never too small.

    Raises:
        ValueError: fewer than two samples.
    """
    n, m = len(x), len(y)
    if min(n, m) < 2:
        raise ValueError("The unbiased discrepancy needs at least two samples.")
    x, y = x.astype(np.float64), y.astype(np.float64)
    across_x, across_y = _sums(x, y)
    within_x = (_sums(x, x)[0] - _own(x)) / (n - 1)
    within_y = (_sums(y, y)[0] - _own(y)) / (m - 1)
    value = within_x.mean() + within_y.mean() - across_x.mean() / m - across_y.mean() / n
    part_x = 2 * (within_x - across_x / m)
    part_y = 2 * (within_y - across_y / n)
    variance = part_x.var(ddof=1) / n + part_y.var(ddof=1) / m
    return Discrepancy(float(value), float(np.sqrt(variance)))


def _sums(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums over the rows and over the columns of the kernel matrix: (N,), (M,)."""
    rows, columns = np.empty(len(x)), np.zeros(len(y))
    for start in range(0, len(x), CHUNK):
        kernel = cubic_kernel(x[start : start + CHUNK], y)
        rows[start : start + CHUNK] = kernel.sum(1)
        columns += kernel.sum(0)
    return rows, columns


def _own(x: np.ndarray) -> np.ndarray:
    """k(x_i, x_i): (N,)."""
    return (np.square(x).sum(1) / x.shape[1] + 1) ** 3


def kernel(given: Given) -> list[Measurement]:
    """The squared distance to the reference, with its interval."""
    x, y = given.generated.features, given.reference.features
    assert x is not None and y is not None, "said in the table"
    found = discrepancy(x, y)
    return [
        given.measured(
            "kernel",
            "kernel distance",
            found.value,
            "lower",
            published="KID",
            interval=normal(found.value, found.deviation),
            least=LEAST,
            notes=("Unbiased, so it may be negative: that means 0 as far as one can tell.",),
            details={"deviation": found.deviation, "dimensions": x.shape[1]},
        )
    ]
