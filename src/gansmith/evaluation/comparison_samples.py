"""The samples of a compared run as pictures that are small enough to stand beside many others."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image
from torch import Tensor

from gansmith.batch import Points
from gansmith.metrics.judge import Judge
from gansmith.plots.image_grid import image_grid
from gansmith.plots.points import bounds, points_picture

COLUMNS, ROWS = 8, 4
LARGEST = 64
"""Images are shrunk to this many pixels: a grid of 32 is looked at, not measured."""
POINTS_SIDE, MOST_POINTS = 360, 2000
WAYS = ((32, 0), (32, 85), (32, 60), (16, 50), (8, 40))
"""Numbers of samples and JPEG qualities that are tried until a picture is small enough; 0: PNG."""


class Shown(NamedTuple):
    """A picture for a page."""

    content: bytes
    suffix: str
    small: bool
    """Whether its pixels are to be enlarged unsmoothed."""


def shown_samples(x: Tensor, judge: Judge, most: int) -> Shown | None:
    """Samples (N, *shape) of at most so many bytes; None where they cannot be drawn.

    Args:
        x: at least one sample; the first 32 images, or all points, are shown.
        judge: knows the real points that generated ones are drawn over.
        most: bytes of the picture.
    """
    if judge.data.spec.batch is Points:
        if x.shape[1:] != (2,):
            return None
        return Shown(_png(picture_of_points(x, judge, POINTS_SIDE)), ".png", False)
    images = shrunk(x[:32])
    made = b""
    for number, quality in WAYS:
        grid = image_grid(images[:number], COLUMNS, scale=1)
        made = _jpeg(grid, quality) if quality else _png(grid)
        if len(made) <= most:
            return Shown(made, ".jpg" if quality else ".png", not quality)
    return Shown(made, ".jpg", False)


def picture_of_points(x: Tensor, judge: Judge, side: int) -> Image.Image:
    """Generated points over real ones; the axes are those of the real ones."""
    real = (judge.held_out or judge.train).x[:MOST_POINTS].numpy()
    return points_picture(x[:MOST_POINTS].numpy(), real, side, bounds(real))


def shrunk(x: Tensor, largest: int = LARGEST) -> np.ndarray:
    """Images (N, C, H, W) whose longer side is at most so many pixels; pixels are averaged."""
    height, width = x.shape[-2:]
    part = largest / max(height, width)
    if part >= 1:
        return x.numpy()
    from torch.nn import functional as F

    size = (max(1, round(height * part)), max(1, round(width * part)))
    return F.interpolate(x, size, mode="bilinear", antialias=True).numpy()


def _png(picture: Image.Image) -> bytes:
    content = BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    content = BytesIO()
    picture.save(content, "JPEG", quality=quality)
    return content.getvalue()
