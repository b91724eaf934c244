"""What the sections of the page of results share: stored results, tables, means."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from provenance import RESULTS

WAITING = "*Not measured yet.*"


def stored(name: str) -> Any:
    """A result, or None where there is none."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def of_one_kind(rows: Iterable[Mapping[str, Any]]) -> None:
    """Stop where rows that are to be one mean come of runs with different hyper-parameters."""
    fields = [row["fields"] for row in rows if "fields" in row]
    differing = {name for one in fields for name in one if one[name] != fields[0].get(name)}
    if differing:
        sys.exit(f"Rows differ by {', '.join(sorted(differing))}: delete the older, measure anew.")


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
