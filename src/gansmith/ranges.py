"""The values that a hyper-parameter may take; checked when a run is configured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both included."""

    low: float = -math.inf
    high: float = math.inf


Count = Annotated[int, Range(1)]
NaturalNumber = Annotated[int, Range(0)]
NotNegative = Annotated[float, Range(0.0)]
Fraction = Annotated[float, Range(0.0, 1.0)]
