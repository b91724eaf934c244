"""A cloud of generated points over the real ones, drawn fast enough for every frame of a film."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

MOST_POINTS = 2500
"""More than this many points are thinned evenly: the picture would hardly change."""
LEFT, TOP, RIGHT, BOTTOM = 40, 30, 12, 22
"""Margins around the frame, in pixels of a picture of 512."""
Colour = tuple[int, int, int]
REAL, GENERATED = (168, 168, 168), (0, 90, 180)
INK, FAINT = (70, 70, 70), (150, 150, 150)


class Window(NamedTuple):
    """The square part of the plane that a picture shows, in data units."""

    left: float
    bottom: float
    side: float


def bounds(points: np.ndarray) -> Window:
    """The least square around all finite points with the same centre as their box, 20 % wider.

    `points`: (N, 2), or ValueError. Without finite points, or where all are equal, the side is 1.
    Take it once from the real points and pass it to each frame, so that the axes stand still.
    """
    kept = _finite(points)
    if not len(kept):
        return Window(-0.5, -0.5, 1.0)
    low, high = kept.min(axis=0), kept.max(axis=0)
    side = 1.2 * float((high - low).max()) or 1.0
    left, bottom = ((low + high) / 2 - side / 2).tolist()
    return Window(left, bottom, side)


def to_pixels(points: np.ndarray, window: Window, size: int = 512) -> np.ndarray:
    """Where points (N, 2) land: (N, 2) of column and row, the first pixel's centre at 0.5, 0.5."""
    left, top, right, bottom = _frame(size)
    across = (points - (window.left, window.bottom)) / window.side
    return across * (right - left, top - bottom) + (left, bottom)


def points_picture(
    generated: np.ndarray, real: np.ndarray | None, size: int = 512, window: Window | None = None
) -> Image.Image:
    """Generated points in blue above real points in grey, on square axes, size × size pixels RGB.

    `generated`, `real`: (N, 2) each; points that are not finite count as outside.
    `window`: what the axes span; None takes `bounds` of the real points, or else of the generated.
    Generated points outside the window are counted in the picture.
    Raises ValueError for another shape.
    """
    window = window or bounds(generated if real is None else real)
    picture = Image.new("RGB", (size, size), "white")
    if real is not None:
        _spray(picture, to_pixels(_finite(real), window, size), REAL, 2.7, 0.5)
    inside = _spray(picture, to_pixels(_finite(generated), window, size), GENERATED, 1.9, 0.7)
    _draw_axes(picture, window)
    _draw_legend(picture, real is not None, len(generated) - inside, len(generated))
    return picture


def _finite(points: np.ndarray) -> np.ndarray:
    """The points (N, 2) without NaN and infinity."""
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"points have shape {points.shape}; expected (N, 2)")
    return points[np.isfinite(points).all(axis=1)].astype(np.float64)


def _frame(size: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the frame; whole pixels, and a square."""
    unit = size / 512
    side = size - round((LEFT + RIGHT) * unit)
    left, top = round(LEFT * unit), round(TOP * unit)
    return left, top, left + side, top + side


def _spray(
    picture: Image.Image, pixels: np.ndarray, colour: Colour, radius: float, ink: float
) -> int:
    """Paint a smooth translucent disc at each point inside the frame; returns how many are inside.

    `ink`: opacity of one disc; discs above one another grow darker. `radius`: at a size of 512.
    """
    left, top, right, bottom = _frame(picture.width)
    inside = ((pixels >= (left, top)) & (pixels <= (right, bottom))).all(axis=1)
    shown = pixels[inside]
    shown = shown[:: -(-len(shown) // MOST_POINTS) or 1]
    covered = _coverage(shown - (left, top), right - left, radius * picture.width / 512)
    opacity = 255 * (1 - np.exp(covered * np.float32(math.log(1 - ink))))
    picture.paste(colour, (left, top), Image.fromarray(opacity.astype(np.uint8)))
    return int(inside.sum())


def _coverage(centres: np.ndarray, side: int, radius: float) -> np.ndarray:
    """How much of each pixel discs cover, summed over discs; (side, side), edges antialiased."""
    reach = math.ceil(radius + 0.5)
    cells = np.floor(centres).astype(np.int64)[:, None, :] + np.arange(-reach, reach + 1)[:, None]
    away = (cells + 0.5 - centres[:, None, :]) ** 2  # (N, cells, 2)
    distance = np.sqrt(away[:, :, None, 1] + away[:, None, :, 0])
    covered = np.clip(radius + 0.5 - distance, 0, 1)
    wide = side + 2 * reach + 1  # room for discs that cross the frame
    index = (cells[:, :, None, 1] + reach) * wide + cells[:, None, :, 0] + reach
    total = np.bincount(index.ravel(), covered.ravel(), minlength=wide * wide)
    return total.reshape(wide, wide)[reach : reach + side, reach : reach + side].astype(np.float32)


def _draw_axes(picture: Image.Image, window: Window) -> None:
    """A thin frame with about five round numbers on each axis."""
    draw, unit = ImageDraw.Draw(picture), picture.width / 512
    font = ImageFont.load_default(11 * unit)
    left, top, right, bottom = _frame(picture.width)
    draw.rectangle((left - 1, top - 1, right, bottom), outline=FAINT)
    step = _round_step(window.side)
    for start, across in ((window.left, True), (window.bottom, False)):
        for count in range(math.ceil(start / step), math.floor((start + window.side) / step) + 1):
            at = (count * step - start) / window.side * (right - left)
            if across:
                draw.line((left + at, bottom, left + at, bottom + 4 * unit), fill=FAINT)
                draw.text((left + at, bottom + 6 * unit), f"{count * step:g}", INK, font, "mt")
            else:
                draw.line((left - 4 * unit, bottom - at, left - 1, bottom - at), fill=FAINT)
                draw.text((left - 7 * unit, bottom - at), f"{count * step:g}", INK, font, "rm")


def _round_step(side: float) -> float:
    """The least of 1, 2, 5 × 10^k that cuts `side` into at most six parts."""
    power = 10.0 ** math.floor(math.log10(side / 6))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= side / 6)


def _draw_legend(picture: Image.Image, has_real: bool, outside: int, count: int) -> None:
    """Which colour is which, above the frame; at the right, how many points it does not show."""
    draw, unit = ImageDraw.Draw(picture), picture.width / 512
    font = ImageFont.load_default(12 * unit)
    x, y = _frame(picture.width)[0], 15 * unit
    for name, colour in (("generated", GENERATED), ("real", REAL))[: 1 + has_real]:
        draw.ellipse((x, y - 4 * unit, x + 8 * unit, y + 4 * unit), fill=colour)
        draw.text((x + 13 * unit, y), name, INK, font, "lm")
        x += 31 * unit + font.getlength(name)
    if outside:
        text = f"{outside:,} of {count:,} outside"
        draw.text((_frame(picture.width)[2], y), text, INK, font, "rm")
