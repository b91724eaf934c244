"""How far two measurements of the same thing lie apart, and whether that may be chance.

Source: from two intervals: Newcombe 1998, Statistics in Medicine 17, 873-890, method 10. Where both
keep influences: their difference sample by sample, so that what the two share (the real samples,
the noise) cancels.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from gansmith.metrics.measurement import Measurement


class Difference(NamedTuple):
    """One value less another, and where the true one lies in 95 of 100 cases."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether it is not zero by more than chance."""
        return self.low > 0 or self.high < 0


def difference(one: Measurement, other: Measurement) -> Difference | None:
    """The first less the second; None where an interval is not known or a value is not finite."""
    value = one.value - other.value
    if one.interval is None or other.interval is None or not math.isfinite(value):
        return None
    half = _paired(one, other)
    if half is not None:
        return Difference(value, value - half, value + half)
    (low, high), (other_low, other_high) = one.interval, other.interval
    below = _together(one.value - low, other_high - other.value)
    above = _together(high - one.value, other.value - other_low)
    return Difference(value, value - below, value + above)


def _together(*arms: float) -> float:
    """Root of the sum of squares; of an interval that leaves out its own value, the arm is none."""
    return math.hypot(*(max(0.0, arm) for arm in arms))


def _paired(one: Measurement, other: Measurement) -> float | None:
    """Half the width of the interval; None where the two do not keep the same samples' parts."""
    mine, others = one.details.get("influences"), other.details.get("influences")
    if not mine or not others or not _same_samples(one, other):
        return None
    variance, parts = 0.0, math.inf
    for name, values in mine.items():
        apart = np.subtract(values, others[name])
        variance += apart.var(ddof=1) / len(apart)
        parts = min(parts, len(apart))
    return float(stats.t.ppf(0.975, parts - 1)) * math.sqrt(variance)


def _same_samples(one: Measurement, other: Measurement) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("key", "n", "n_reference", "reference", "features", "resizer", "seed")
    )
