"""Parts made by several processes, handed on in order; nobody works on when the first is gone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from multiprocessing.context import BaseContext
from pathlib import Path

from gansmith.errors import DataError
from gansmith.prepare.job import Job
from gansmith.prepare.part import Part, done_part, make_part


def made_parts(job: Job, out: Path, workers: int) -> Iterator[Part]:
    """Every part in order, those of an earlier attempt included.

    Raises:
        DataError: a process was killed.
    """
    workers = min(workers, job.parts)
    if workers < 2:
        yield from (_made(job, out, number) for number in range(job.parts))
        return
    pool = ProcessPoolExecutor(workers, _context(), _begin, (job, out))
    try:
        for coming in [pool.submit(_make, number) for number in range(job.parts)]:
            yield coming.result()
    except BrokenProcessPool as error:
        raise DataError(
            "A process that converts pictures was killed, perhaps because memory was full. What is "
            "done is kept: give the same command again."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def processors() -> int:
    """Those that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _context() -> BaseContext:
    """Processes that share no threads or locks with this one, and start quickly where they can."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


_at_work: list[tuple[Job, Path]] = []
"""In a worker process: what it works on; it is told once."""


def _make(number: int) -> Part:
    return _made(*_at_work[0], number)


def _made(job: Job, out: Path, number: int) -> Part:
    return done_part(job, out, number) or make_part(job, out, number)


def _begin(job: Job, out: Path) -> None:
    """In a new process: what it works on, and that it ends when the first one does."""
    _at_work.append((job, out))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
