"""Image arrays as PNG files: many in one grid, or one file an image."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gansmith.whole_file import write_whole

SEPARATOR = 2
"""Pixels of ground around each image of a grid."""
GROUND = 92
"""Grey of that ground: seen beside black digits as well as beside white paper."""
EASILY_SEEN = 64
"""Images of at most half this many pixels are enlarged up to it."""


def to_uint8(images: np.ndarray) -> np.ndarray:
    """round(127.5 (x + 1)), clipped to 0 … 255.

    `images`: (N, C, H, W) floats in [−1, 1], C = 1 or 3; a value that is not a number turns black.
    Returns (N, H, W, C) uint8.
    Raises ValueError for another shape or dtype.
    """
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise ValueError(f"images have shape {images.shape}; expected (N, C, H, W), C = 1 or 3")
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(f"images are {images.dtype}; expected floats in [-1, 1]")
    levels = np.clip(np.rint((images.astype(np.float32) + 1) * 127.5), 0, 255)
    return np.nan_to_num(levels, nan=0).astype(np.uint8).transpose(0, 2, 3, 1)


def image_grid(images: np.ndarray, columns: int = 8, scale: int | None = None) -> Image.Image:
    """All images, row by row, on a grey ground that shows as a thin line between them.

    `images`: (N, C, H, W) floats in [−1, 1], N ≥ 1; the picture is greyscale where C = 1.
    `scale`: each pixel becomes scale × scale. None: as large as keeps an image within 64 pixels
    (2 for 28 or 32 pixels, 8 for 8 pixels, 1 from 33 pixels on).
    Raises ValueError for no images, or columns or scale below 1.
    """
    pixels = to_uint8(images)
    if scale is None:
        scale = max(1, EASILY_SEEN // max(1, *pixels.shape[1:3]))
    if len(pixels) < 1 or columns < 1 or scale < 1:
        raise ValueError(
            f"{len(pixels)} images, {columns} columns, scale {scale}; each must be at least 1"
        )
    columns = min(columns, len(pixels))
    rows = -(-len(pixels) // columns)
    tiles = pixels.repeat(scale, axis=1).repeat(scale, axis=2)
    gap = ((0, SEPARATOR), (0, SEPARATOR), (0, 0))
    tiles = np.pad(tiles, ((0, rows * columns - len(tiles)), (0, 0), (0, 0), (0, 0)),
                   constant_values=GROUND)  # fmt: skip
    tiles = np.pad(tiles, ((0, 0), *gap), constant_values=GROUND)
    _, height, width, channels = tiles.shape
    grid = tiles.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    grid = grid.reshape(rows * height, columns * width, channels)
    grid = np.pad(grid, ((SEPARATOR, 0), (SEPARATOR, 0), (0, 0)), constant_values=GROUND)
    return _as_picture(grid)


def in_rows(images: np.ndarray, rows: int) -> tuple[np.ndarray, int]:
    """Images that run through so many kinds in turn, put so that each kind has a row of a grid.

    `images`: (N, C, H, W) floats in [−1, 1]; image i is of kind i mod `rows`.
    Returns the images in the grid's order, empty places filled with its ground, and its columns.
    """
    columns = -(-len(images) // rows)
    empty = np.full((columns * rows - len(images), *images.shape[1:]), GROUND / 127.5 - 1)
    whole = np.concatenate([images, empty.astype(images.dtype)])
    return whole.reshape(columns, rows, *images.shape[1:]).swapaxes(0, 1).reshape(
        whole.shape
    ), columns


def save_png(image: Image.Image, path: Path, metadata: Mapping[str, str], level: int = 6) -> None:
    """Write `image` as PNG, whole or not at all; see `png_bytes`."""
    write_whole(path, png_bytes(image, metadata, level))


def png_bytes(image: Image.Image, metadata: Mapping[str, str], level: int = 6) -> bytes:
    """`image` as PNG with each item of `metadata` as a text chunk.

    `level`: of compression, from 1 (quickest) to 9 (smallest).
    Text outside Latin-1 goes into an international text chunk (UTF-8).
    Raises ValueError for a key that PNG does not allow (1 to 79 Latin-1 characters).
    """
    chunks = PngInfo()
    for key, text in metadata.items():
        if not 1 <= len(key) <= 79 or not key.isprintable() or max(key) > "\xff":
            raise ValueError(f"metadata key {key!r}; PNG allows 1 to 79 Latin-1 characters")
        chunks.add_text(key, text)
    content = BytesIO()
    image.save(content, format="PNG", pnginfo=chunks, compress_level=level)
    return content.getvalue()


def save_each(
    images: np.ndarray, directory: Path, metadata: Mapping[str, str], start: int = 0
) -> list[Path]:
    """Write each image at its own size as 000000.png, 000001.png …, and return the paths.

    `images`: (N, C, H, W) floats in [−1, 1], numbered from `start`.
    `metadata`: says that the images were generated and by what; goes into every file.
    """
    paths = [directory / f"{start + index:06d}.png" for index in range(len(images))]
    for pixels, path in zip(to_uint8(images), paths, strict=True):
        save_png(_as_picture(pixels), path, metadata)
    return paths


def _as_picture(pixels: np.ndarray) -> Image.Image:
    """(H, W, C) uint8 as a greyscale picture where C = 1, else RGB."""
    return Image.fromarray(
        np.ascontiguousarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    )
