"""Results that are measured row by row, over days and commits: what is done is not done again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock
from provenance import RESULTS, commit, machine

from gansmith.methods import find
from gansmith.whole_file import write_whole


class Rows:
    """results/NAME.json: {"command", "rows": {key: {"commit", "machine", ...}}}.

    Several processes may add rows.

    Args:
        name: of the file.
        command: that measures them.
    """

    def __init__(self, name: str, command: str) -> None:
        self.path, self.command = RESULTS / f"{name}.json", command

    def read(self) -> dict[str, dict[str, Any]]:
        """The rows that are there, by key."""
        return json.loads(self.path.read_text())["rows"] if self.path.exists() else {}

    def add(self, key: str, row: Mapping[str, Any]) -> None:
        """One more row, with the commit and the machine that gave it."""
        with FileLock(self.path.with_suffix(".lock")):
            rows = self.read() | {key: {**row, "commit": commit(), "machine": machine()}}
            ordered = {key: rows[key] for key in sorted(rows)}
            text = json.dumps({"command": self.command, "rows": ordered}, indent=2)
            write_whole(self.path, (text + "\n").encode())
        print(f"{key}: {json.dumps(dict(row))[:400]}", flush=True)


def folder(name: str, method: str = "") -> Path:
    """Where the runs of a benchmark lie, beside the results; not committed.

    Those of a method whose defaults have changed lie elsewhere, and are not taken for today's.
    """
    path = Path(__file__).parent / "runs" / name
    if method:
        defaults = repr(find(method)()).encode()
        path /= f"{method}-{hashlib.sha256(defaults).hexdigest()[:8]}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def slug(name: str) -> str:
    """A name of a row as that of a folder: letters and digits, others as one hyphen."""
    return re.sub(r"[^0-9A-Za-z.]+", "-", name).strip("-")
