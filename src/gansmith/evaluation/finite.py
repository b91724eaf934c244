"""Values as JSON holds them, which has no word for infinity or for what is no number."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any


def finite(value: Any) -> Any:
    """The value as JSON holds it: null for what is no finite number."""
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Path) else value
