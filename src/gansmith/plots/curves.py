"""What a curve of noisy values needs before it is drawn: smoothing, thinning, scale and limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

MOST_BINS = 800
"""A curve is drawn in at most this many bins, about one for each pixel across."""
SMOOTHING = 1 / 50
"""Length of the smoothing window as a part of the curve."""
SPREAD = 50
"""How many times larger than the smallest curve the largest must be for a symmetric log scale."""


class Curve(NamedTuple):
    """Values over steps, both 1-D and equally long; NaN is a gap."""

    steps: np.ndarray
    values: np.ndarray


def curve(steps: np.ndarray, values: np.ndarray) -> Curve:
    """Both as float64 in ascending order of step; infinite values become gaps.

    Raises ValueError where they are not 1-D and equally long.
    """
    steps, values = np.asarray(steps, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if steps.ndim != 1 or steps.shape != values.shape:
        raise ValueError(f"steps {steps.shape} and values {values.shape}; expected one 1-D length")
    order = np.argsort(steps, kind="stable")
    return Curve(steps[order], np.where(np.isfinite(values), values, np.nan)[order])


def envelope(raw: Curve) -> Curve:
    """The least and the greatest value of each bin in turn; the curve itself where it is short.

    Every extreme value stays; a bin without any value is a gap.
    """
    if len(raw.steps) <= 2 * MOST_BINS:
        return raw
    steps, values = _binned(raw)
    extremes = np.stack([np.fmin.reduce(values, axis=1), np.fmax.reduce(values, axis=1)], axis=1)
    return Curve(_row_median(steps).repeat(2), extremes.ravel())


def smoothed(raw: Curve) -> Curve:
    """A running median, then a running mean of the same length: a fiftieth of the curve.

    The median leaves single spikes out, the mean rounds its corners. Both windows are centred and,
    at the ends and at gaps, divide by what they hold: nothing is pulled towards zero or an earlier
    value. Up to 50 values are not smoothed. Gaps stay gaps.
    """
    if not len(raw.steps):
        return raw
    steps, values = _binned(raw)
    middle = _row_median(values)
    window = int(len(middle) * SMOOTHING) | 1
    padded = np.pad(middle, window // 2, constant_values=np.nan)
    medians = _row_median(np.lib.stride_tricks.sliding_window_view(padded, window))
    known, ones = np.isfinite(medians), np.ones(window)
    total = np.convolve(np.where(known, medians, 0.0), ones, mode="same")
    mean = total / np.maximum(np.convolve(known.astype(float), ones, mode="same"), 1)
    gap = np.isnan(middle)
    return Curve(_row_median(steps), np.where(gap, np.nan, mean))


def symlog_threshold(curves: Sequence[Curve]) -> float | None:
    """Where a symmetric log scale turns linear around zero; None where a linear scale will do.

    The size of a curve is the median of |value|. Let m be the smallest size above zero, and M the
    largest 95 % quantile of |value|. The scale is symmetric log where M > 50 m: a linear axis would
    press the smaller curve, or most of one that spans decades, into a fiftieth of the picture. It
    is linear below the power of ten at or under m, but reaches at most six decades below M.
    """
    sizes = [np.abs(values[np.isfinite(values)]) for _, values in curves]
    sizes = [size for size in sizes if len(size)]
    smallest = min((m for size in sizes if (m := np.median(size)) > 0), default=0.0)
    largest = max((np.quantile(size, 0.95) for size in sizes), default=0.0)
    if not smallest or largest <= SPREAD * smallest:
        return None
    return float(10.0 ** np.floor(np.log10(max(smallest, largest * 1e-6))))


def robust_limits(values: Sequence[np.ndarray]) -> tuple[float, float]:
    """From the least to the greatest value, but not far beyond the middle 90 % of any curve.

    The band reaches from the smallest 5 % quantile of a curve to the largest 95 % quantile of one;
    the limits go at most one height of the band beyond it: spikes at the start do not flatten the
    rest. `values`: one array a curve, in the units of the axis (after the logarithm, if any).
    """
    known = [array[np.isfinite(array)] for array in values]
    known = [array for array in known if len(array)]
    if not known:
        return 0.0, 1.0
    low = min(float(np.quantile(array, 0.05)) for array in known)
    high = max(float(np.quantile(array, 0.95)) for array in known)
    beyond = high - low
    least, greatest = min(map(np.min, known)), max(map(np.max, known))
    low, high = max(float(least), low - beyond), min(float(greatest), high + beyond)
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-9):  # one value, or equal ones
        room = 0.1 * abs(low) or 0.1
        return low - room, high + room
    return low, high


def _binned(raw: Curve) -> tuple[np.ndarray, np.ndarray]:
    """Steps and values as (bins, length) in order, filled with NaN at the end."""
    length = max(1, -(-len(raw.steps) // MOST_BINS))
    missing = -len(raw.steps) % length
    steps, values = (np.pad(array, (0, missing), constant_values=np.nan) for array in raw)
    return steps.reshape(-1, length), values.reshape(-1, length)


def _row_median(table: np.ndarray) -> np.ndarray:
    """The median of each row without its NaNs; NaN for a row of nothing else."""
    ordered = np.sort(table, axis=1)  # NaN goes last
    count = np.isfinite(ordered).sum(axis=1)
    rows = np.arange(len(ordered))
    lower, upper = np.maximum(count - 1, 0) // 2, count // 2
    upper = np.minimum(upper, np.maximum(count - 1, 0))
    return (ordered[rows, lower] + ordered[rows, upper]) / 2
