"""Intervals that hold the true value, or the expected one at this n, in 95 of 100 cases."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

Z95 = 1.959963984540054
"""Of the normal distribution, 95 % lies within so many standard deviations."""
RESAMPLES = 500


def normal(value: float, deviation: float) -> tuple[float, float]:
    """Of an estimate whose error is normal with this standard deviation."""
    return value - Z95 * deviation, value + Z95 * deviation


def wilson(hits: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Of a share, hits of n; right at 0 and 1 too. Source: Wilson 1927.

    Args:
        hits: how many.
        n: of how many.
        z: standard deviations to either side, where not 95 % are wanted.
    """
    share, z2 = hits / n, z**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if hits <= 0 else max(0.0, centre - half)
    return low, 1.0 if hits >= n else min(
        1.0, centre + half
    )  # without rounding: they hold hits / n


def bootstrap(
    statistic: Callable[[np.ndarray], float],
    n: int,
    random: np.random.Generator,
    resamples: int = RESAMPLES,
) -> tuple[float, float]:
    """Of a statistic of n samples: percentiles of what it is of rows drawn with replacement.

    Args:
        statistic: takes row numbers (n,).
        n: samples.
        random: what the draws follow from.
        resamples: how many draws.
    """
    values = [statistic(random.integers(0, n, n)) for _ in range(resamples)]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def reflected(value: float, low: float, high: float) -> tuple[float, float]:
    """The basic bootstrap interval of the percentile one: its ends, turned about the value.

    For statistics that few samples bias, such as an entropy: a resample is biased against the
    samples as these are against the truth, so the turn corrects what percentiles do twice.
    Source: Davison and Hinkley 1997, section 5.2.1.
    """
    return 2 * value - high, 2 * value - low


def holding(
    value: float, ends: tuple[float, float], least: float, most: float
) -> tuple[float, float]:
    """An interval with its own value in it, within what is possible.

    A turned interval may leave out its value: of an entropy near its largest, all resamples are
    smaller.

    Args:
        value: from least to most.
        ends: of the interval.
        least: no number of this kind is less.
        most: nor more.
    """
    low, high = (float(min(max(end, least), most)) for end in ends)
    return min(low, value), max(high, value)
