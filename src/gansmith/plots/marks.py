"""What a picture says of values that it cannot show."""

from __future__ import annotations

import numpy as np


def apart(steps: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The marked ones of the ascending steps, at most about 150 so that one sees them apart."""
    marked = steps[where]
    if len(marked) < 2:
        return marked
    cells = (marked - steps[0]) * 150 // max(steps[-1] - steps[0], 1e-9)
    return marked[np.unique(cells, return_index=True)[1]]


def notes_on(name: str, outside: np.ndarray, lost: int) -> list[str]:
    """What the picture does not show of a curve, as no or one phrase."""
    parts = []
    if len(outside):
        furthest = number(float(outside[np.argmax(np.abs(outside))]))
        parts.append(f"{len(outside):,} outside, furthest {furthest}")
    if lost:
        parts.append(f"{lost:,} not finite (×)")
    return [f"{name}: {'; '.join(parts)}"] if parts else []


def number(value: float) -> str:
    """Thousands apart, short exponents: 0.01, −1,453, 2.4e8."""
    digits = ",.4g" if abs(value) < 1e4 else ",.0f" if abs(value) < 1e6 else ".2g"
    return (
        format(value, digits)
        .replace("e+0", "e")
        .replace("e+", "e")
        .replace("e-0", "e-")
        .replace("-", "−")
    )
