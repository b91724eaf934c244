"""Parts put together in order: one array of all pictures, and the fingerprint of the set."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from gansmith.data.manifest import AT_WORK, IMAGES
from gansmith.prepare import slots
from gansmith.prepare.job import Job
from gansmith.prepare.part import Part, pixels_of


class Assembled(NamedTuple):
    """All parts, and what follows from all their pixels."""

    parts: list[Part]
    channels: int
    fingerprint: hashlib._Hash
    """sha256 over the pictures to train on (N, C, H, W); labels and captions are still to come."""
    array: str
    """sha256 of the .npy file."""
    file: Path
    """The .npy file; for shards there is none."""

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
    seen: list[Part] = []
    adding = None
    for part in parts:
        adding = adding or _Adding(job, out, len(job.source), part.channels)
        seen.append(part)
        adding.take(part)
    if adding is not None and adding.right:
        if job.layout == "array":
            slots.finish(job, out)
        return adding.ended(seen, slots.slots(out))
    return _anew(job, out, seen)


def _anew(job: Job, out: Path, parts: list[Part]) -> Assembled:
    """All parts put together once more, into a file of their own where it is an array."""
    count, channels = sum(len(part.kept) for part in parts), max(part.channels for part in parts)
    path = out / AT_WORK / IMAGES
    with path.open("wb") if job.layout == "array" else nullcontext() as file:
        adding = _Adding(job, out, count, channels, file)
        for part in parts:
            adding.take(part)
        if file is not None:
            file.flush()
            os.fsync(file.fileno())
    return adding.ended(parts, path)


class _Adding:
    """The pictures so far, hashed; written to a file, where they do not lie in one in order."""

    def __init__(
        self, job: Job, out: Path, count: int, channels: int, file: BinaryIO | None = None
    ) -> None:
        self._job, self._out, self._channels, self._file = job, out, channels, file
        self._fingerprint, self._array = hashlib.sha256(), hashlib.sha256()
        self.right = True
        """Whether all parts were as they were thought to be."""
        self._write(slots.header(job, count, channels))

    def take(self, part: Part) -> None:
        """Add the pictures of a part."""
        self.right = self.right and self._suits(part)
        if not self.right:
            return
        images = pixels_of(self._job, self._out, part)
        if images.shape[3] < self._channels:
            images = np.repeat(images, self._channels, axis=3)
        train = images[: sum(number < self._job.trained_on for number in part.kept)]
        self._fingerprint.update(np.ascontiguousarray(train.transpose(0, 3, 1, 2)).data)
        self._write(images.data)

    def ended(self, parts: list[Part], file: Path) -> Assembled:
        """What follows from all of them."""
        array = self._array.hexdigest()
        return Assembled(parts, self._channels, self._fingerprint, array, file)

    def _suits(self, part: Part) -> bool:
        if self._file is not None or self._job.layout == "shards":
            return part.channels <= self._channels
        return part.channels == slots.CHANNELS and not part.left_out

    def _write(self, content: bytes | memoryview) -> None:
        if self._job.layout == "array":
            self._array.update(content)
        if self._file is not None:
            self._file.write(content)
