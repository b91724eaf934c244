"""Two forms of a run that differ in one thing, seed by seed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev

from scipy.stats import t


def middle_of(differences: Sequence[float]) -> tuple[float, float, float]:
    """Their mean and its 95 % interval by Student's t; of one alone without bounds."""
    middle, n = fmean(differences), len(differences)
    if n < 2:
        return middle, -math.inf, math.inf
    reach = float(t.ppf(0.975, n - 1)) * stdev(differences) / math.sqrt(n)
    return middle, middle - reach, middle + reach


def gain(before: Sequence[float], after: Sequence[float]) -> tuple[float, float, float]:
    """How much lower the second errors are, pair by pair; as `middle_of`."""
    return middle_of([a - b for a, b in zip(before, after, strict=True)])
