"""Samples as this package computes with them: (N, D) in double precision."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gansmith.errors import DataError


def as_points(x: ArrayLike, name: str = "x") -> np.ndarray:
    """(N,) or (N, D) → (N, D) float64.

    Raises:
        DataError: another shape, no sample, or a number that is not finite.
    """
    points = np.asarray(x, dtype=np.float64)
    if points.ndim == 1:
        points = points[:, None]
    if points.ndim != 2 or points.size == 0:
        raise DataError(f"{name} has the shape {points.shape}: give samples as (N,) or (N, D).")
    if not np.isfinite(points).all():
        raise DataError(f"{name} holds numbers that are not finite: leave those samples out.")
    return points


def pair(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of samples of one space, (N, D) and (M, D) float64.

    Raises:
        DataError: see `as_points`; or their dimensions differ.
    """
    a, b = as_points(x, "x"), as_points(y, "y")
    if a.shape[1] != b.shape[1]:
        raise DataError(
            f"x has {a.shape[1]} dimensions, y {b.shape[1]}: give samples of one space."
        )
    return a, b
