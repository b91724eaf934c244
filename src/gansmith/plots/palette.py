"""The few colours in which all frames of a GIF are drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

COLOURS = 255
"""One of the 256 stays free: it marks pixels that equal those of the frame before."""
FLAT_COLOURS = 15
GREY_LEVELS = 64


def in_few_colours(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """Greyscale pictures in 64 levels, black and white exact; RGB pictures by one palette for all.

    The most frequent colours (the ground of a grid, the white of a plot), or all where they are
    few, keep their exact value. No dithering: its grain would flicker, and fill the file.
    """
    if all(picture.mode == "L" for picture in pictures):
        top = GREY_LEVELS - 1
        levels = [round(round(grey / 255 * top) * 255 / top) for grey in range(256)]
        return [picture.point(levels) for picture in pictures]
    exact, palette = shared_palette(pictures[:: -max(1, len(pictures) // 16)])
    return [_painted(picture, exact, palette) for picture in pictures]


def shared_palette(pictures: Sequence[Image.Image]) -> tuple[np.ndarray, Image.Image]:
    """A palette of up to 255 colours that serve all RGB `pictures` well.

    Returns the codes (256 r + g) 256 + b of its first entries, ascending, which are colours that
    occur in the pictures, and a picture that holds all entries. Median cut finds the others.
    """
    pixels = np.concatenate([np.asarray(picture).reshape(-1, 3) for picture in pictures])
    codes = _codes(pixels)
    exact, counts = np.unique(codes, return_counts=True)
    if len(exact) > COLOURS:
        exact = np.sort(exact[np.argsort(-counts, kind="stable")[:FLAT_COLOURS]])
    entries = np.stack([exact >> 16, exact >> 8 & 255, exact & 255], axis=1).ravel().tolist()
    others = pixels[~np.isin(codes, exact)]
    if len(others):
        cut = Image.fromarray(others[None]).quantize(COLOURS - FLAT_COLOURS)
        entries += cut.getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(entries)
    return exact, palette


def _painted(picture: Image.Image, exact: np.ndarray, palette: Image.Image) -> Image.Image:
    """The RGB picture in the palette's colours: exact where it can be, else the nearest.

    Pillow alone would miss exact colours: it looks them up in steps of four levels.
    """
    near = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    codes = _codes(np.asarray(picture))
    entry = np.searchsorted(exact, codes).clip(max=len(exact) - 1)
    index = np.where(exact[entry] == codes, entry, np.asarray(near)).astype(np.uint8)
    painted = Image.fromarray(index)
    painted.putpalette(palette.getpalette() or [])
    return painted


def _codes(pixels: np.ndarray) -> np.ndarray:
    """(…, 3) uint8 as one number a pixel."""
    red, green, blue = np.moveaxis(pixels.astype(np.uint32), -1, 0)
    return red << 16 | green << 8 | blue
