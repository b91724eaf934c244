"""Intervals that hold the value of endlessly many samples in 95 of 100 cases."""

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
    return 0.0 if hits <= 0 else max(0.0, centre - half), min(1.0, centre + half)


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
