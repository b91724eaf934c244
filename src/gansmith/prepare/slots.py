"""The array while it is made: one file with room for every picture, each part in its own place.

Where all pictures can be read and are in colour, nothing has to be moved: it is the array already.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gansmith.data.manifest import AT_WORK
from gansmith.prepare.job import Job
from gansmith.prepare.npy import npy_header

HEADER = 128
"""Bytes before the pictures: as many as a .npy file of pictures begins with."""
CHANNELS = 3
"""Each picture has room for colour."""


def header(job: Job, count: int, channels: int) -> bytes:
    """How the .npy file of so many pictures begins."""
    shape = (count, job.conversion.height, job.conversion.width, channels)
    return npy_header(shape, np.dtype(np.uint8))


def fill(job: Job, out: Path, number: int, images: np.ndarray) -> str:
    """Write the pictures of a part, (n, H, W, channels), into its place; their sha256."""
    pixels = images.reshape(-1).data
    path = slots(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666), "r+b", buffering=0) as file:
        file.seek(_place(job, number))
        _write_all(file, pixels)
    return hashlib.sha256(pixels).hexdigest()


def filled(job: Job, out: Path, number: int, count: int, channels: int) -> np.ndarray:
    """The pictures of a part, (count, H, W, channels).

    Raises:
        OSError, ValueError: they were never written to their end.
    """
    shape = (count, job.conversion.height, job.conversion.width, channels)
    pixels = np.fromfile(slots(out), np.uint8, int(np.prod(shape)), offset=_place(job, number))
    return pixels.reshape(shape)


def finish(job: Job, out: Path) -> None:
    """Make a file in which every piece is full of colour the .npy file that it then is."""
    with slots(out).open("r+b") as file:
        file.write(header(job, len(job.source), CHANNELS))
        file.flush()
        os.fsync(file.fileno())


def slots(out: Path) -> Path:
    """The file."""
    return out / AT_WORK / "slots.npy"


def _place(job: Job, number: int) -> int:
    return HEADER + job.numbers(number).start * job.conversion.height * job.conversion.width * 3


def _write_all(file: BinaryIO, content: memoryview) -> None:
    while content:
        content = content[file.write(content) :]
