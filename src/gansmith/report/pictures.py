"""Pictures as addresses that hold them, each kept small, so that the whole page stays small."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from gansmith.errors import RunError
from gansmith.observers import LossPicture, animate_samples
from gansmith.pages.render import data_uri
from gansmith.plots.animation import animate, thinned
from gansmith.plots.image_grid import png_bytes
from gansmith.run.directory import RunDirectory

MOST_BYTES, MOST_ANIMATED = 350_000, 1_400_000
"""Of one picture and of the animation: with all of them the page stays below 5 MB."""
MOST_PIXELS, QUALITY = 1000, 85
"""A larger picture is shrunk to so many pixels a side and compressed as JPEG."""
SMALLER = ((60, 480), (40, 360), (24, 280), (12, 200), (6, 120))
"""Frames and pixels of an animation that is too large, tried in this order."""
STILLS, STILL_PIXELS = 4, 300
"""Frames that stand for the animation where nothing moves, and the side of each."""


class Picture(NamedTuple):
    """A picture in the page."""

    uri: str
    width: int
    height: int
    shrunk: bool = False
    """It is smaller or compressed more than it was made."""


class Film(NamedTuple):
    """The animation, and what stands for it in print."""

    moving: Picture
    still: Picture
    first: int
    last: int
    """Steps."""


def embedded(picture: Image.Image, metadata: Mapping[str, str]) -> Picture:
    """A picture as PNG, or where that is too large, smaller and as JPEG.

    Args:
        picture: greyscale or RGB.
        metadata: says that it was generated and by what; only PNG holds it.
    """
    content = png_bytes(picture, metadata)
    if len(content) <= MOST_BYTES:
        return Picture(data_uri(content, ".png"), *picture.size)
    small = picture.copy()
    small.thumbnail((MOST_PIXELS, MOST_PIXELS), Image.Resampling.LANCZOS)
    content, quality = _jpeg(small, QUALITY), QUALITY
    while len(content) > MOST_BYTES and quality > 25:
        quality -= 20
        content = _jpeg(small, quality)
    return Picture(data_uri(content, ".jpg"), *small.size, shrunk=True)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    content = BytesIO()
    picture.save(content, format="JPEG", quality=quality)
    return content.getvalue()


def film(directory: RunDirectory, metadata: Mapping[str, str]) -> Film | None:
    """The animation of a run, made anew where it is missing; None where no picture is there.

    Raises:
        RunError: pictures that cannot be read or written.
    """
    frames = sorted(directory.samples.glob("*.png"), key=lambda path: int(path.stem))
    if not frames:
        return None
    try:
        if not directory.animation.exists():
            animate_samples(directory)
        moving = _moving(directory.animation, frames)
        some = [frames[index] for index in thinned(len(frames), STILLS)]
        still = embedded(_side_by_side(some), metadata)
    except OSError as error:
        raise RunError(f"{directory.samples} cannot be made into an animation: {error}.") from error
    return Film(moving, still, int(frames[0].stem), int(frames[-1].stem))


def _moving(animation: Path, frames: list[Path]) -> Picture:
    """The run's own, or a smaller one."""
    if animation.stat().st_size <= MOST_ANIMATED:
        return _of_file(animation)
    captions = [f"step {int(frame.stem):,}" for frame in frames]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / animation.name
        for most, pixels in SMALLER:
            animate(frames, made, captions, most, most_pixels=pixels)
            if made.stat().st_size <= MOST_ANIMATED:
                break
        return _of_file(made)._replace(shrunk=True)


def _of_file(path: Path) -> Picture:
    with Image.open(path) as picture:
        return Picture(data_uri(path), *picture.size)


def _side_by_side(paths: list[Path]) -> Image.Image:
    """The pictures in a row, each in a square of the same size."""
    row = Image.new("RGB", ((STILL_PIXELS + 12) * len(paths) - 12, STILL_PIXELS), "white")
    for index, path in enumerate(paths):
        with Image.open(path) as picture:
            small = picture.convert("RGB")
        small.thumbnail((STILL_PIXELS, STILL_PIXELS), Image.Resampling.LANCZOS)
        row.paste(small, (index * (STILL_PIXELS + 12), 0))
    grey = np.asarray(row)
    return row.convert("L") if (grey == grey[..., :1]).all() else row


def losses(directory: RunDirectory, title: str, curves: Sequence[str] = ()) -> Picture | None:
    """The losses, drawn anew where the picture is missing; None where none were logged.

    Raises:
        RunError: the log or the picture cannot be read or written.
    """
    drawing = directory.losses.with_suffix(".svg")
    try:
        if not directory.losses.exists():
            LossPicture(directory, title, curves).draw()
        if not directory.losses.exists():
            return None
        picture = _of_file(directory.losses)
        if drawing.exists() and drawing.stat().st_size <= MOST_BYTES:
            return picture._replace(uri=data_uri(drawing))
        if directory.losses.stat().st_size > MOST_BYTES:
            with Image.open(directory.losses) as large:
                return embedded(large.convert("RGB"), {})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RunError(f"{directory.losses} cannot be drawn: {error}.") from error
    return picture
