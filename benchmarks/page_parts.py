"""What the sections of the page of results share: stored results, tables, means."""

from __future__ import annotations

import json
import statistics
from typing import Any

from provenance import RESULTS

WAITING = "*Not measured yet.*"


def stored(name: str) -> Any:
    """A result, or None where there is none."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def table(head: list[str], rows: list[list[str]]) -> str:
    """In Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def spread(values: list[float], digits: int = 2) -> str:
    """The mean and, of several seeds, the lowest and the highest."""
    mean = f"{statistics.fmean(values):.{digits}f}"
    if len(values) < 2:
        return mean
    return f"{mean} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def deviation(values: list[float], digits: int = 2) -> str:
    """The mean ± the standard deviation over seeds, where there are several."""
    mean = f"{statistics.fmean(values):.{digits}f}"
    return mean if len(values) < 2 else f"{mean} ± {statistics.stdev(values):.{digits}f}"
