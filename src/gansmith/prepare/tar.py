"""A part as a tar file in the WebDataset layout."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

from gansmith.data.pixels import decoded
from gansmith.prepare.job import Job

PICTURE = "pnm"
"""Uncompressed: read six times as quickly as PNG, by every reader of WebDataset, and half as large
again, which is the size of the array."""


def shard(out: Path, number: int) -> Path:
    """The tar file of a part."""
    return out / f"{number:05}.tar"


def tar_of(
    job: Job, kept: list[int], images: list[np.ndarray]
) -> tuple[bytes, list[tuple[int, int]]]:
    """A tar file in the WebDataset layout, and the byte ranges of its pictures.

    A sample is 00000012.pnm, the number of its class in .cls, its caption in .txt, its name
    and attributes in .json. Nothing in it tells when or by whom it was written.
    """
    file, ranges = io.BytesIO(), []
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for picture, image in zip(kept, images, strict=True):
            for suffix, content in _sample(job, picture, image).items():
                member = tarfile.TarInfo(f"{picture:08}.{suffix}")
                member.size = len(content)
                if suffix == PICTURE:
                    ranges.append((tar.offset + tarfile.BLOCKSIZE, len(content)))
                tar.addfile(member, io.BytesIO(content))
    return file.getvalue(), ranges


def _sample(job: Job, picture: int, image: np.ndarray) -> dict[str, bytes]:
    source, picture_file = job.source, io.BytesIO()
    Image.fromarray(image).save(picture_file, "PPM")
    files = {PICTURE: picture_file.getvalue()}
    if source.labels:
        files["cls"] = str(source.labels[picture]).encode()
    if source.captions:
        files["txt"] = source.captions[picture].encode()
    said: dict[str, object] = {"name": source.names[picture]}
    if source.attributes:
        said["attributes"] = dict(zip(source.class_names, source.attributes[picture], strict=True))
    files["json"] = json.dumps(said).encode()
    return files


def images_in(path: Path, ranges: list[tuple[int, int]]) -> list[np.ndarray]:
    """The pictures of a tar file that lie in these ranges of bytes."""
    content = path.read_bytes()
    return [decoded(content[start : start + size]) for start, size in ranges]
