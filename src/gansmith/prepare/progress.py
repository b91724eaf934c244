"""How far a preparation is: a bar on a terminal, a line now and then in a pipe, or nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LINE_SECONDS = 5.0
"""A pipe gets a line at most this often."""


@contextmanager
def progress(total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Something to be told how many more of `total` pictures are done; shown on stderr."""
    if quiet:
        yield lambda pictures: None
    elif sys.stderr.isatty():
        with _bar(total) as advance:
            yield advance
    else:
        yield _lines(total)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("Preparing", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=total)
        yield lambda pictures: bar.advance(task, pictures)


def _lines(total: int) -> Callable[[int], None]:
    done, due = 0, time.monotonic() + LINE_SECONDS

    def advance(pictures: int) -> None:
        nonlocal done, due
        done += pictures
        if time.monotonic() >= due:
            due = time.monotonic() + LINE_SECONDS
            print(f"Preparing: {done:,} of {total:,} pictures", file=sys.stderr, flush=True)

    return advance
