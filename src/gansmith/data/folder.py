"""Any folder of images as a data set; its sub-folders, where there are any, are the classes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.data.resident import ResidentImages, resident
from gansmith.errors import DataError

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"})
SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What puts an image upright, by its EXIF orientation; the rest of its EXIF data is not read."""
GREY = ("1", "L", "LA", "La")
NAMED = 5
"""Unreadable files that an error names."""


def folder(path: Path, size: int) -> DataSet:
    """The images below a folder, turned upright, cropped to their central square and resized.

    Colour where any file is stored in colour, else grey; transparency is laid on white. The class
    of an image is its first folder below `path`; without sub-folders there are no classes.

    Args:
        path: the folder.
        size: side of the images in pixels.

    Raises:
        DataError: no image in the folder, or images that cannot be read; the error names them.
    """
    files = image_files(path)
    if not files:
        kinds = ", ".join(sorted(suffix[1:] for suffix in SUFFIXES))
        raise DataError(f"No images in {path}: looked in it and below for {kinds} files.")
    images = _decoded(files, size)
    if all(image.ndim == 2 for image in images):
        stacked = np.stack(images)[:, None]
    else:
        stacked = np.stack([_three_channels(image) for image in images]).transpose(0, 3, 1, 2)
    folders = [file.relative_to(path).parts[0] for file in files if file.parent != path]
    names = sorted(set(folders)) if len(folders) == len(files) else []
    labels = [names.index(name) for name in folders] if names else [0] * len(files)
    train = ResidentImages(torch.from_numpy(np.ascontiguousarray(stacked)), torch.tensor(labels))
    spec = DataSpec(
        name=str(path),
        batch=LabeledImages,
        shape=tuple(train.images.shape[1:]),
        size=len(files),
        class_names=tuple(names),
    )
    return resident(spec, train)


def image_files(path: Path) -> list[Path]:
    """Every image file in or below a folder, in a fixed order; linked folders are not entered.

    Files that begin with "._" are notes of macOS, not images.
    """
    found = []
    for parent, _, names in os.walk(path):
        found += [Path(parent, name) for name in names if is_image(name)]
    return sorted(file for file in found if file.is_file())


def is_image(name: str) -> bool:
    """Whether a file's name is that of an image."""
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith("._")


def _decoded(files: Sequence[Path], size: int) -> list[np.ndarray]:
    """Each file as (size, size) or (size, size, 3) uint8."""
    bad: list[tuple[Path, str]] = []

    def decode(file: Path) -> np.ndarray | None:
        try:
            return _decode(file, size)
        except Exception as error:  # decoders raise anything on a damaged file
            reason = "not an image" if isinstance(error, UnidentifiedImageError) else str(error)
            bad.append((file, reason))
            return None

    with ThreadPoolExecutor() as pool:
        images = list(pool.map(decode, files))
    if bad:
        named = "\n".join(f"  {file}: {reason}" for file, reason in sorted(bad)[:NAMED])
        more = f"\n  and {len(bad) - NAMED} more" if len(bad) > NAMED else ""
        raise DataError(
            f"{len(bad)} of {len(files)} images cannot be read:\n{named}{more}\n"
            "Repair or remove them, then start again."
        )
    return [image for image in images if image is not None]


def _decode(file: Path, size: int) -> np.ndarray:
    with Image.open(file) as opened:
        turn = TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1))
        image = opened if turn is None else opened.transpose(turn)
        if image.mode == "F":
            raise ValueError("its pixels are floats, whose range is not known: save it with 8 bits")
        if image.mode in SIXTEEN_BIT:
            pixels = np.asarray(image, dtype=np.float32) / (65535 / 255)
            image = Image.fromarray(pixels.clip(0, 255).round().astype(np.uint8))
        mode = "L" if image.mode in GREY else "RGB"
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image)
        image = image.convert(mode)
        return np.asarray(ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS))


def _three_channels(image: np.ndarray) -> np.ndarray:
    return image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
