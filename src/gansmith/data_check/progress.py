"""How far the reading of pictures is: a bar on a terminal, a few lines in a pipe, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

LINE_SECONDS = 5.0
"""A pipe gets a line at most this often."""


class Advance(Protocol):
    """Told after each picture."""

    def __call__(self) -> None:
        """One more is done."""
        ...


@contextmanager
def progress(what: str, total: int, quiet: bool) -> Iterator[Advance]:
    """Show how many of `total` are done, on stderr."""
    if quiet:
        yield lambda: None
    elif sys.stderr.isatty():
        with _bar(what, total) as advance:
            yield advance
    else:
        yield _Lines(what, total)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    text = TextColumn("{task.description}", markup=False)
    console = Console(stderr=True)
    with Progress(text, BarColumn(), MofNCompleteColumn(), Left(), console=console) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


class _Lines:
    """A line each 5 seconds: quick work prints none."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._due = time.monotonic() + LINE_SECONDS

    def __call__(self) -> None:
        """One more is done."""
        self._done += 1
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + LINE_SECONDS
            line = f"{self._what}: {self._done:,} of {self._total:,}"
            print(line, file=sys.stderr, flush=True)
