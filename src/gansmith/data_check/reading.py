"""A look at every picture of a source, side by side, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from gansmith.data.decode import reason
from gansmith.data.source import FileSource, Source
from gansmith.data_check.look import THUMB, Look, look_at
from gansmith.data_check.progress import progress
from gansmith.data_check.room import ROOM, Room

AT_ONCE = 1024
"""Pictures that are handed to the threads together."""
MOST_THREADS = 8
LARGE_FILE = 8_000_000
"""A file of more bytes has the whole room for itself."""
MOST_BYTES = 300_000_000
"""A file of more bytes is not read."""
TOO_MANY_BYTES = f"a file of more than {MOST_BYTES // 10**6} MB"


class Survey(NamedTuple):
    """What was seen of N pictures."""

    looks: list[Look]
    """Without their prints."""
    seen: np.ndarray
    """bool (N,): which have prints."""
    digests: np.ndarray
    """uint64 (N, 2)."""
    bits: np.ndarray
    """uint64 (N,): difference hashes."""
    thumbs: np.ndarray
    """uint8 (N, THUMB * THUMB * 3)."""


def survey(source: Source, quiet: bool) -> Survey:
    """Look at every picture; threads do it, since decoders let others run meanwhile."""
    number = len(source)
    found = Survey(
        [],
        np.zeros(number, dtype=bool),
        np.zeros((number, 2), dtype=np.uint64),
        np.zeros(number, dtype=np.uint64),
        np.zeros((number, THUMB * THUMB * 3), dtype=np.uint8),
    )
    with progress("Reading pictures", number, quiet) as advance:
        for look in _looks(source):
            _keep(found, look)
            advance()
    return found


def _keep(found: Survey, look: Look) -> None:
    number = len(found.looks)
    found.looks.append(look._replace(prints=None))
    if look.prints is not None:
        found.seen[number] = True
        found.digests[number] = np.frombuffer(look.prints.digest, dtype=np.uint64)
        found.bits[number] = look.prints.bits
        found.thumbs[number] = look.prints.thumb


def _looks(source: Source) -> Iterator[Look]:
    room = Room()
    pool = ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1))
    try:
        for start in range(0, len(source), AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, len(source)))
            yield from pool.map(lambda number: _look(source, number, room), numbers)
    finally:
        pool.shutdown(cancel_futures=True)


def _look(source: Source, number: int, room: Room) -> Look:
    try:
        size = os.stat(source.path(number)).st_size if isinstance(source, FileSource) else 0
        if size > MOST_BYTES:
            return Look(fault="too-large", reason=TOO_MANY_BYTES)
        if size <= LARGE_FILE:
            return look_at(source.read(number), room)
        with room.taken(ROOM):
            return look_at(source.read(number), Room())
    except OSError as error:
        why = error.strerror or reason(error)
        return Look(fault="unreadable", reason=why[:1].lower() + why[1:])
