"""Wasserstein distances W_p between samples, exact: what it costs to carry one set to the other.

W_p(x, y) = (min over plans of Σ plan_ij |x_i - y_j|^p)^(1/p), in the unit of the samples, with
Euclidean lengths; W_1 is the earth mover's distance.

    >>> wasserstein([0.0, 1.0], [3.0, 4.0])
    3.0

Of samples it is larger than of the distributions they come from: two draws of one distribution
have a distance too, which falls only as n^(-1/D) in D > 2 dimensions. For more points than exact
transport can do, see `sinkhorn`; for Gaussians, `gaussians.wasserstein2`.
Source: Peyré and Cuturi 2019, arXiv:1803.00567, section 2 and remark 2.28 (one dimension).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import csr_array, eye_array, kron, vstack
from scipy.spatial.distance import cdist

from gansmith.errors import DataError
from gansmith.metrics.distributions.points import pair

MOST_PAIRS = 50_000
"""That linear programming is asked to solve, in some seconds."""
MOST_REPEATED = 4_000
"""Samples of unequal number are repeated up to so many, to be assigned one to one."""


def wasserstein(x: ArrayLike, y: ArrayLike, p: int = 1) -> float:
    """W_p of samples, exact.

    In one dimension by sorting. Otherwise, for sets of equal size, by optimal assignment (1 to 2
    seconds for 2,000, growing with the cube); for unequal sizes in the same way, each sample
    repeated until they are equal, or by linear programming.

    Args:
        x: (N,) or (N, D).
        y: (M,) or (M, D).
        p: at least 1.

    Raises:
        DataError: samples of different spaces, or too many of unequal number.
    """
    a, b = pair(x, y)
    if a.shape[1] == 1:
        return wasserstein_1d(a[:, 0], b[:, 0], p)
    n, m = len(a), len(b)
    equal = math.lcm(n, m)
    if n == m or equal <= MOST_REPEATED:
        costs = cost(a.repeat(equal // n, 0), b.repeat(equal // m, 0), p)
        return float(costs[linear_sum_assignment(costs)].mean()) ** (1 / p)
    return earth_movers(np.full(n, 1 / n), np.full(m, 1 / m), cost(a, b, p)) ** (1 / p)


def wasserstein_1d(x: ArrayLike, y: ArrayLike, p: int = 1) -> float:
    """W_p in one dimension: (∫ |F⁻¹(t) - G⁻¹(t)|^p dt)^(1/p) of the quantile functions.

    The sizes may differ: both quantile functions are steps, and every piece between two steps
    counts with its width.

    Args:
        x: (N,).
        y: (M,).
        p: at least 1.
    """
    a, b = pair(x, y)
    _check(p)
    if a.shape[1] != 1:
        raise DataError(f"x has {a.shape[1]} dimensions: wasserstein_1d takes one.")
    a, b = np.sort(a[:, 0]), np.sort(b[:, 0])
    n, m = len(a), len(b)
    # Whole numbers, of which n m make 1, so that steps at the same place are the same.
    steps = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)
    widths = np.diff(steps, prepend=0) / (n * m)
    apart = np.abs(a[(steps - 1) // m] - b[(steps - 1) // n])
    return float((widths * apart**p).sum()) ** (1 / p)


def earth_movers(p: ArrayLike, q: ArrayLike, costs: ArrayLike) -> float:
    """The least cost of carrying the masses p to the masses q: min Σ plan_ij costs_ij.

    Args:
        p: (N,) masses, not negative.
        q: (M,) masses of the same sum.
        costs: (N, M) of carrying one unit of mass.

    Raises:
        DataError: shapes or sums that do not fit, or too many pairs.
    """
    p, q, costs = (np.asarray(given, dtype=np.float64) for given in (p, q, costs))
    n, m = len(p), len(q)
    if costs.shape != (n, m):
        raise DataError(f"The costs have the shape {costs.shape}: {(n, m)} is needed.")
    if min(p.min(), q.min()) < 0 or not np.isclose(p.sum(), q.sum(), rtol=1e-6):
        raise DataError(f"Masses of {p.sum():g} and {q.sum():g}: give equal sums, none negative.")
    if n * m > MOST_PAIRS:
        raise DataError(
            f"{n:,} and {m:,} samples make {n * m:,} pairs; of unequal numbers {MOST_PAIRS:,} can "
            "be solved. Take equally many of both, or `sinkhorn.entropic`."
        )
    leave = kron(eye_array(n), csr_array(np.ones((1, m))))
    arrive = kron(csr_array(np.ones((1, n))), eye_array(m))
    limits = np.concatenate([p, q * (p.sum() / q.sum())])
    # The last constraint follows from the others; rounding could make it contradict them.
    found = linprog(
        costs.ravel(), A_eq=vstack([leave, arrive]).tocsr()[:-1], b_eq=limits[:-1], method="highs"
    )
    if not found.success:
        raise DataError(f"No transport was found: {found.message}")
    return float(found.fun)


def cost(x: ArrayLike, y: ArrayLike, p: int = 1) -> np.ndarray:
    """(N, M) of |x_i - y_j|^p, Euclidean."""
    _check(p)
    a, b = pair(x, y)
    if p == 2:
        return cdist(a, b, "sqeuclidean")
    lengths = cdist(a, b)
    return lengths if p == 1 else lengths**p


def _check(p: int) -> None:
    if not p >= 1:
        raise DataError(f"p = {p}: W_p is a distance from p = 1 on; take 1 or 2.")
