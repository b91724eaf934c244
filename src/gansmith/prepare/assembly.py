"""Parts put together in order: one array of all pictures, and the fingerprint of the set."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.lib import format as npy_format

from gansmith.data.manifest import AT_WORK, IMAGES
from gansmith.prepare.job import Job
from gansmith.prepare.part import Part, pixels_of


class Assembled(NamedTuple):
    """All parts, and what follows from all their pixels."""

    parts: list[Part]
    channels: int
    fingerprint: hashlib._Hash
    """sha256 over the pictures to train on (N, C, H, W); labels and captions are still to come."""
    array: str
    """sha256 of the .npy file; for shards it is of nothing."""

    @property
    def kept(self) -> list[int]:
        """The pictures of the source that are stored."""
        return [number for part in self.parts for number in part.kept]

    @property
    def left_out(self) -> dict[str, str]:
        """The others, with the reasons."""
        return {name: why for part in self.parts for name, why in part.left_out.items()}


def assemble(job: Job, out: Path, parts: Iterable[Part]) -> Assembled:
    """Put parts together as they come.

    How many pictures can be read, and whether all are grey, is known at the end. So it begins as if
    all were like the first part, and goes over them once more where that was wrong.
    """
    coming, seen = iter(parts), []
    first = next(coming)
    with _target(job, out) as file:
        writing = _Writing(job, out, file, first.channels, len(job.source))
        right = True
        for part in (first, *coming):
            seen.append(part)
            right = right and writing.suits(part)
            if right:
                writing.take(part)
    if not right:
        channels = max(part.channels for part in seen)
        with _target(job, out) as file:
            writing = _Writing(job, out, file, channels, sum(len(part.kept) for part in seen))
            for part in seen:
                writing.take(part)
    return Assembled(seen, writing.channels, writing.fingerprint, writing.array.hexdigest())


@contextmanager
def _target(job: Job, out: Path) -> Iterator[BinaryIO | None]:
    """The array's file beside the parts, synced at the end; None for shards."""
    if job.layout != "array":
        yield None
        return
    with (out / AT_WORK / IMAGES).open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


class _Writing:
    """The pictures so far, hashed, and written where there is a file."""

    def __init__(
        self, job: Job, out: Path, file: BinaryIO | None, channels: int, count: int
    ) -> None:
        self._job, self._out, self._file, self.channels = job, out, file, channels
        self.fingerprint, self.array = hashlib.sha256(), hashlib.sha256()
        shape = (count, job.conversion.height, job.conversion.width, channels)
        self._write(npy_header(shape))

    def suits(self, part: Part) -> bool:
        """Whether all is as it was thought to be when the header was written."""
        whole = self._file is None or not part.left_out
        return whole and part.channels <= self.channels

    def take(self, part: Part) -> None:
        """Add the pictures of a part."""
        images = pixels_of(self._job, self._out, part)
        if images.shape[3] < self.channels:
            images = np.repeat(images, self.channels, axis=3)
        train = images[: sum(number < self._job.trained_on for number in part.kept)]
        self.fingerprint.update(np.ascontiguousarray(train.transpose(0, 3, 1, 2)).data)
        self._write(np.ascontiguousarray(images).data)

    def _write(self, content: bytes | memoryview) -> None:
        if self._file is not None:
            self._file.write(content)
            self.array.update(content)


def npy_header(shape: tuple[int, ...]) -> bytes:
    """How a .npy file of uint8 in this shape begins."""
    file = io.BytesIO()
    head = {"descr": "|u1", "fortran_order": False, "shape": shape}
    npy_format.write_array_header_1_0(file, head)
    return file.getvalue()
