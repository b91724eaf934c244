"""One part of a preparation: its pictures converted and stored, a note of them written last."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gansmith.data.decode import UnreadableError, reason
from gansmith.data.manifest import AT_WORK, sha256_of
from gansmith.prepare import slots
from gansmith.prepare.job import Job
from gansmith.prepare.stored import UNREADABLE, digest, hash_of, read_hash
from gansmith.prepare.tar import images_in, shard, tar_of
from gansmith.whole_file import write_whole


@dataclass(frozen=True)
class Part:
    """What is known of a part that is done."""

    number: int
    kept: list[int]
    """The pictures of the source that could be read."""
    left_out: dict[str, str]
    channels: int
    """3 where any picture is in colour, else 1."""
    ranges: list[tuple[int, int]] = field(default_factory=list)
    """First byte and number of bytes of each picture in the tar file."""
    sha256: str = ""
    """Of the pixels, or of the tar file."""
    read: str = ""
    """sha256 of the hashes of the stored pictures that it was made from."""


def done_part(job: Job, out: Path, number: int) -> Part | None:
    """The part, where an earlier attempt came to its end; None where it has to be made.

    What was not written to its end, or was made from other pictures than lie there now, is none.
    """
    try:
        part = Part(**json.loads(_note(out, number).read_text(encoding="utf-8")))
        whole = _whole(job, out, part)
    except (OSError, ValueError, TypeError):
        return None
    return part if whole and read_hash(job.source, job.numbers(number)) == part.read else None


def make_part(job: Job, out: Path, number: int) -> Part:
    """Convert and store the pictures of a part; what cannot be read is noted with the reason."""
    converted = _Converted()
    with warnings.catch_warnings():  # decoders warn of what does not matter, or fail anyway
        warnings.simplefilter("ignore")
        for picture in job.numbers(number):
            converted.take(job, picture)
    channels = 3 if any(image.ndim == 3 for image in converted.images) else 1
    own, ranges = _store(job, out, number, converted, channels)
    read = hash_of(converted.digests)
    part = Part(number, converted.kept, converted.left_out, channels, ranges, own, read)
    write_whole(_note(out, number), json.dumps(dataclasses.asdict(part)).encode())
    return part


@dataclass(frozen=True)
class _Converted:
    """The pictures of a part, converted so far."""

    images: list[np.ndarray] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    digests: list[bytes] = field(default_factory=list)
    """Of all stored pictures."""

    def take(self, job: Job, picture: int) -> None:
        """Read one more."""
        self.digests.append(UNREADABLE)
        try:
            stored = job.source.read(picture)
            self.digests[-1] = digest(stored)
            self.images.append(job.conversion(stored))
            self.kept.append(picture)
        except (UnreadableError, OSError) as error:
            self.left_out[job.source.names[picture]] = reason(error)


def _store(
    job: Job, out: Path, number: int, converted: _Converted, channels: int
) -> tuple[str, list[tuple[int, int]]]:
    """Write the pixels; their sha256, and where in a tar file the pictures lie."""
    if job.layout == "array":
        return slots.fill(job, out, number, stacked(job, converted.images, channels)), []
    content, ranges = tar_of(job, converted.kept, converted.images)
    write_whole(shard(out, number), content)
    return hashlib.sha256(content).hexdigest(), ranges


def pixels_of(job: Job, out: Path, part: Part) -> np.ndarray:
    """The pictures of a part that is done, as they were stored: (n, H, W, C)."""
    if job.layout == "array":
        return slots.filled(job, out, part.number, len(part.kept), part.channels)
    return stacked(job, images_in(shard(out, part.number), part.ranges), part.channels)


def _whole(job: Job, out: Path, part: Part) -> bool:
    """Whether the pixels of a part are still those that were stored."""
    if job.layout == "array":
        return hashlib.sha256(pixels_of(job, out, part).data).hexdigest() == part.sha256
    return sha256_of(shard(out, part.number)) == part.sha256


def stacked(job: Job, images: list[np.ndarray], channels: int) -> np.ndarray:
    """Pictures (H, W) or (H, W, 3) as (n, H, W, channels)."""
    shape = (len(images), job.conversion.height, job.conversion.width, channels)
    found = np.empty(shape, np.uint8)
    for place, image in enumerate(images):
        found[place] = image if image.ndim == 3 else image[..., None]
    return found


def _note(out: Path, number: int) -> Path:
    return out / AT_WORK / f"{number:05}.json"
