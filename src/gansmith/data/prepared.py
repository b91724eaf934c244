"""Opens what `gansmith data prepare` made: the same samples as of the original pictures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.data.ahead import Gather
from gansmith.data.manifest import IMAGES, INDEX, LABELS, Manifest
from gansmith.data.memory import SHARE, available_memory
from gansmith.data.pixels import ArrayPixels, ShardPixels
from gansmith.data.resident import ResidentImages, channels_first
from gansmith.data.streamed import streamed
from gansmith.errors import DataError

AT_ONCE = 256
"""Pictures of tar files that one thread decodes at a time."""


def prepared_set(path: Path, size: object = None, room: int | None = None) -> DataSet:
    """The pictures of a prepared folder, in memory where they fit, else read ahead from disk.

    What is taken into memory is compared with its hashes first; what is read ahead is not, as that
    would mean to read all of it.

    Args:
        path: the folder.
        size: the one asked for, if any: a side, or (height, width).
        room: bytes of memory that the pictures may take; None for half of what is available.

    Raises:
        DataError: the folder is not whole, has changed, or is of another size.
    """
    manifest = Manifest.read(path)
    _check_size(path, manifest, size)
    room = _room() if room is None else room
    fits = manifest.count * prod(manifest.shape) <= room
    manifest.check(path, None if fits else [LABELS])
    labels = torch.from_numpy(_array(path / LABELS))
    spec = DataSpec(
        name=str(path),
        batch=LabeledImages,
        shape=manifest.shape,
        size=manifest.count,
        class_names=manifest.class_names,
        fingerprint=manifest.fingerprint,
    )
    if manifest.layout == "array":
        pixels = ArrayPixels(_array(path / IMAGES, mapped=not fits))
    else:
        shards = tuple(sorted(name for name in manifest.sha256 if name.endswith(".tar")))
        pixels = ShardPixels(path, shards, _array(path / INDEX), manifest.shape)
    if not fits:
        return streamed(spec, pixels, labels)
    images = pixels.images if isinstance(pixels, ArrayPixels) else _all(pixels, manifest)
    return _in_memory(spec, images, labels)


def _check_size(path: Path, manifest: Manifest, size: object) -> None:
    height, width = manifest.shape[1:]
    known: list[object] = [None, (height, width), *([height] if height == width else [])]
    if size not in known:
        raise DataError(
            f"{path} holds pictures of {height}x{width}: leave --size out, or prepare the "
            "original pictures anew in the size you want."
        )


def _in_memory(spec: DataSpec, images: np.ndarray, labels: Tensor) -> DataSet:
    """A set whose images (N, H, W, C) are resident, on an accelerator too where they fit there."""

    def to(device: torch.device) -> DataSet:
        if device.type == "cuda" and images.nbytes > SHARE * torch.cuda.mem_get_info(device)[0]:
            return streamed(spec, ArrayPixels(images), labels, device)
        moved = ResidentImages(resident.images.to(device), resident.labels.to(device))
        return DataSet(spec=spec, take=moved.take, to=to)

    resident = ResidentImages(channels_first(torch.from_numpy(images)), labels)
    return DataSet(spec=spec, take=resident.take, to=to)


def _all(gather: Gather, manifest: Manifest) -> np.ndarray:
    """Every picture, decoded side by side: (N, H, W, C)."""
    channels, height, width = manifest.shape
    images = np.empty((manifest.count, height, width, channels), np.uint8)

    def fill(first: int) -> None:
        rows = np.arange(first, min(first + AT_ONCE, manifest.count))
        images[rows[0] : rows[-1] + 1] = gather(rows)

    with ThreadPoolExecutor() as pool:
        list(pool.map(fill, range(0, manifest.count, AT_ONCE)))
    return images


def _array(path: Path, mapped: bool = False) -> np.ndarray:
    """A .npy file; one that is mapped is read where it is touched, and never written."""
    try:
        return np.load(path, mmap_mode="c" if mapped else None, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}. Prepare it anew.") from error


def _room() -> int:
    available = available_memory()
    return 2**62 if available is None else int(SHARE * available)
