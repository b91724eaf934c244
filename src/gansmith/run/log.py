"""The run's log: one JSON object a line, appended; nothing in it depends on the clock."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gansmith.whole_file import write_whole


class MetricsLog:
    """Appends the values of each step; `sync` makes them last.

    Args:
        path: metrics.jsonl, made where it is missing.
        step: lines after this step are cut: what a resumed run will write again.
    """

    def __init__(self, path: Path, step: int) -> None:
        cut_after(path, step)
        self._file = path.open("a", encoding="utf-8", newline="\n")

    def append(self, step: int, values: Mapping[str, float]) -> None:
        """One line, values to 6 significant digits."""
        numbers = ", ".join(f'"{name}": {_number(value)}' for name, value in values.items())
        self._file.write(f'{{"step": {step}, {numbers}}}\n')

    def sync(self) -> None:
        """Make all lines outlive a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Write what is left."""
        self._file.close()


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else "null"


def cut_after(path: Path, step: int) -> None:
    """Drop the lines of later steps, and lines that were not written whole."""
    if not path.exists():
        return
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if line.endswith(b"\n") and _step(line) <= step]
    if len(kept) != len(lines):
        write_whole(path, b"".join(kept), synced=True)


def _step(line: bytes) -> float:
    try:
        return json.loads(line)["step"]
    except (ValueError, KeyError, TypeError):
        return math.inf


def read_metrics(path: Path) -> dict[str, np.ndarray]:
    """The log as columns: "step" and each "phase/name", NaN where a step has no such value."""
    if not path.exists():
        return {"step": np.empty(0, dtype=np.int64)}
    lines = [line for line in path.read_text(encoding="utf-8").splitlines(keepends=True)]
    rows = [json.loads(line) for line in lines if line.endswith("\n")]
    names = dict.fromkeys(name for row in rows for name in row if name != "step")
    columns: dict[str, np.ndarray] = {
        "step": np.array([row["step"] for row in rows], dtype=np.int64)
    }
    for name in names:
        found = (row.get(name) for row in rows)
        columns[name] = np.array([math.nan if v is None else v for v in found], dtype=np.float64)
    return columns


def last_seconds(path: Path, step: float = math.inf) -> float:
    """Seconds that the run had taken at the last timed step up to `step`; 0 where none is noted."""
    if not path.exists():
        return 0.0
    lines = path.read_bytes().splitlines(keepends=True)
    rows = [json.loads(line) for line in lines if line.endswith(b"\n") and _step(line) <= step]
    return float(rows[-1]["seconds"]) if rows else 0.0


def seconds_at(path: Path, step: int) -> float:
    """Seconds that the run had taken at a step, in even parts between two timed ones."""
    rows = [{"step": 0, "seconds": 0.0}]
    if path.exists():
        lines = path.read_bytes().splitlines(keepends=True)
        rows += [json.loads(line) for line in lines if line.endswith(b"\n") and _step(line) > 0]
    steps, seconds = ([float(row[name]) for row in rows] for name in ("step", "seconds"))
    return float(np.interp(step, steps, seconds))
