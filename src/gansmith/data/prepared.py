"""Opens what `gansmith data prepare` made: the same samples as of the original pictures."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gansmith.batch import (
    AttributedImages,
    CaptionedImages,
    DataSet,
    DataSpec,
    LabeledImages,
)
from gansmith.data.ahead import Gather
from gansmith.data.form import LABELS as OF_LABELS
from gansmith.data.form import Form
from gansmith.data.manifest import CAPTIONS, IMAGES, INDEX, LABELS, NAME, Manifest
from gansmith.data.memory import SHARE, available_memory
from gansmith.data.pixels import ArrayPixels, ShardPixels
from gansmith.data.resident import (
    ResidentAttributed,
    ResidentCaptioned,
    ResidentImages,
    channels_first,
)
from gansmith.data.streamed import StreamedImages
from gansmith.errors import DataError

AT_ONCE = 256
"""Pictures of tar files that one thread decodes at a time."""
BATCHES = {kind.__name__: kind for kind in (AttributedImages, CaptionedImages, LabeledImages)}


def prepared_set(path: Path, form: Form | None = None, room: int | None = None) -> DataSet:
    """The pictures of a prepared folder, in memory where they fit, else read ahead from disk.

    What is taken into memory is compared with its hashes first; what is read ahead is not, as that
    would mean to read all of it.

    Args:
        path: the folder.
        form: what is asked of them; it was settled when they were prepared.
        room: bytes of memory that they may take; None for half of what is available.

    Raises:
        DataError: the folder is not whole, has changed, or is of another form.
    """
    manifest = Manifest.read(path)
    _check_form(path, manifest, form or Form())
    fits = manifest.count * prod(manifest.shape) <= (_room() if room is None else room)
    manifest.check(path, None if fits else [LABELS])
    labels = torch.from_numpy(_array(path / LABELS))
    spec = DataSpec(
        name=str(path),
        batch=BATCHES[manifest.batch],
        shape=manifest.shape,
        size=manifest.count - manifest.held_out,
        class_names=manifest.class_names,
        fingerprint=manifest.fingerprint,
        unreadable=tuple(f"{name}: {why}" for name, why in manifest.left_out.items()),
    )
    captions = tuple(json.loads((path / CAPTIONS).read_text("utf-8"))) if manifest.captioned else ()
    pixels = _pixels(path, manifest, fits)
    if not fits:
        return _data_set(spec, StreamedImages(pixels, labels, manifest.captioned), labels, captions)
    images = pixels.images if isinstance(pixels, ArrayPixels) else _all(pixels, manifest)
    plain = ResidentImages(channels_first(torch.from_numpy(images)), labels)
    kinds = {AttributedImages: ResidentAttributed, CaptionedImages: ResidentCaptioned}
    resident = kinds[spec.batch](plain) if spec.batch in kinds else plain
    return _data_set(spec, resident, labels, captions)


Images = ResidentImages | ResidentCaptioned | ResidentAttributed | StreamedImages


def _data_set(spec: DataSpec, images: Images, labels: Tensor, captions: tuple[str, ...]) -> DataSet:
    held_out = torch.arange(spec.size, len(labels))
    return DataSet(
        spec=spec,
        take=images.take,
        to=lambda device: _data_set(spec, moved(images, device), labels, captions),
        held_out=lambda: images.take(held_out) if len(held_out) else None,
        captions=captions,
        expect=images.expect if isinstance(images, StreamedImages) else None,
        labels=labels[: spec.size] if spec.class_names else None,
    )


def moved(images: Images, device: torch.device) -> Images:
    """On a device; what does not fit on an accelerator stays in memory and is sent by batches."""
    if isinstance(images, StreamedImages) or device.type != "cuda":
        return images.to(device)
    pixels, labels = images.tensors
    if pixels.nbytes <= SHARE * torch.cuda.mem_get_info(device)[0]:
        return images.to(device)
    gather = ArrayPixels(pixels.permute(0, 2, 3, 1).numpy())
    return StreamedImages(gather, labels, isinstance(images, ResidentCaptioned), device)


def _check_form(path: Path, manifest: Manifest, form: Form) -> None:
    height, width = manifest.shape[1:]
    if form.sides not in (None, (height, width)):
        raise DataError(
            f"{path} holds pictures of {height}x{width}: leave --size out, or prepare the "
            "original pictures anew in the size you want."
        )
    if asked := form.changes(("crop", "background", *OF_LABELS)):
        raise DataError(
            f"{path} was prepared, and {', '.join(asked)} settled then (see {NAME}). Leave "
            "that out, or prepare the original pictures anew."
        )


def _pixels(path: Path, manifest: Manifest, fits: bool) -> ArrayPixels | ShardPixels:
    if manifest.layout == "array":
        return ArrayPixels(_array(path / IMAGES, mapped=not fits))
    shards = tuple(sorted(name for name in manifest.sha256 if name.endswith(".tar")))
    return ShardPixels(path, shards, _array(path / INDEX), manifest.shape)


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
