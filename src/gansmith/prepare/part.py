"""One part of a preparation: its pictures converted and stored, a note of them written last."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import tarfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from gansmith.data.decode import UnreadableError, reason
from gansmith.data.manifest import AT_WORK
from gansmith.data.pixels import decoded
from gansmith.prepare.job import Job
from gansmith.whole_file import write_whole

FAST = 1
"""Level of zlib: half the time of the default for a twentieth more bytes."""


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
    """Of the tar file."""


def done_part(out: Path, number: int) -> Part | None:
    """The part, where an earlier attempt came to its end; None where it has to be made."""
    try:
        return Part(**json.loads(_note(out, number).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def make_part(job: Job, out: Path, number: int) -> Part:
    """Convert and store the pictures of a part; what cannot be read is noted with the reason."""
    images: list[np.ndarray] = []
    kept: list[int] = []
    left_out: dict[str, str] = {}
    with warnings.catch_warnings():  # decoders warn of what does not matter, or fail anyway
        warnings.simplefilter("ignore")
        for picture in job.numbers(number):
            try:
                images.append(job.conversion(job.source.read(picture)))
                kept.append(picture)
            except (UnreadableError, OSError) as error:
                left_out[job.source.names[picture]] = reason(error)
    channels = 3 if any(image.ndim == 3 for image in images) else 1
    part = Part(number, kept, left_out, channels)
    if job.layout == "array":
        write_whole(_array(out, number), npy(stacked(job, images, channels)))
    else:
        content, ranges = tar_of(job, kept, images)
        write_whole(shard(out, number), content)
        part = dataclasses.replace(part, ranges=ranges, sha256=hashlib.sha256(content).hexdigest())
    write_whole(_note(out, number), json.dumps(dataclasses.asdict(part)).encode())
    return part


def pixels_of(job: Job, out: Path, part: Part) -> np.ndarray:
    """The pictures of a part that is done, as they were stored: (n, H, W, C)."""
    if job.layout == "array":
        return np.load(_array(out, part.number), allow_pickle=False)
    content = shard(out, part.number).read_bytes()
    images = [decoded(content[start : start + size]) for start, size in part.ranges]
    return stacked(job, images, part.channels)


def stacked(job: Job, images: list[np.ndarray], channels: int) -> np.ndarray:
    """Pictures (H, W) or (H, W, 3) as (n, H, W, channels)."""
    shape = (len(images), job.conversion.height, job.conversion.width, channels)
    found = np.empty(shape, np.uint8)
    for place, image in enumerate(images):
        found[place] = image if image.ndim == 3 else image[..., None]
    return found


def npy(array: np.ndarray) -> bytes:
    """The content of a .npy file."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def tar_of(
    job: Job, kept: list[int], images: list[np.ndarray]
) -> tuple[bytes, list[tuple[int, int]]]:
    """A tar file in the WebDataset layout, and the byte ranges of its pictures.

    A sample is 00000012.png, the number of its class in .cls, its caption in .txt, its name in
    .json. Nothing in it tells when or by whom it was written.
    """
    file, ranges = io.BytesIO(), []
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for picture, image in zip(kept, images, strict=True):
            for suffix, content in _sample(job, picture, image).items():
                member = tarfile.TarInfo(f"{picture:08}.{suffix}")
                member.size = len(content)
                if suffix == "png":
                    ranges.append((tar.offset + tarfile.BLOCKSIZE, len(content)))
                tar.addfile(member, io.BytesIO(content))
    return file.getvalue(), ranges


def _sample(job: Job, picture: int, image: np.ndarray) -> dict[str, bytes]:
    source, png = job.source, io.BytesIO()
    Image.fromarray(image).save(png, "PNG", compress_level=FAST)
    files = {"png": png.getvalue()}
    if source.labels:
        files["cls"] = str(source.labels[picture]).encode()
    if source.captions:
        files["txt"] = source.captions[picture].encode()
    files["json"] = json.dumps({"name": source.names[picture]}).encode()
    return files


def shard(out: Path, number: int) -> Path:
    """The tar file of a part."""
    return out / f"{number:05}.tar"


def _array(out: Path, number: int) -> Path:
    return out / AT_WORK / f"{number:05}.npy"


def _note(out: Path, number: int) -> Path:
    return out / AT_WORK / f"{number:05}.json"
