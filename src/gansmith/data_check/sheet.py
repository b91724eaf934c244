"""A contact sheet: some of the converted pictures as a model will see them, and what is faulty."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gansmith.data.decode import Conversion
from gansmith.data_check.names import shortened
from gansmith.data_check.report import Report
from gansmith.errors import ConfigError
from gansmith.plots.image_grid import image_grid, save_png

MOST_BYTES = 300_000
SEED = 0
NUMBERS = (64, 48, 32, 16)
"""How many pictures: the most whose sheet is small enough."""
LARGEST = 64
"""Pixels of the longer side of a picture on the sheet."""
MOST_PIXELS = 16_000_000
"""Larger ones are not drawn: converting one takes several copies of it."""
LISTED, LINE, MARGIN, LEAST_WIDTH = 12, 14, 6, 420


def check_sheet(path: Path) -> None:
    """Refuse a sheet that could not be written, before anything is read.

    Raises:
        ConfigError: its name does not end in .png, or it is a folder.
    """
    if path.suffix.lower() != ".png" or path.is_dir():
        raise ConfigError(f"--sheet {path}: give the name of a .png file.")


def write_sheet(report: Report, path: Path) -> None:
    """Draw a seeded choice of the readable pictures, and below it a list of the faulty ones.

    Raises:
        ConfigError: it cannot be written there.
    """
    fit = [n for n, look in enumerate(report.looks) if _is_drawn(report, n, look.fault)]
    order = random.Random(SEED).sample(fit, len(fit))
    tiles = [_tile(report, number) for number in order[: NUMBERS[0]]]
    lines = _faulty(report)
    number = next((n for n in NUMBERS if _fits(_drawn(tiles[:n], lines))), NUMBERS[-1])
    picture = _drawn(tiles[:number], lines)
    about = f"{len(tiles[:number])} of {len(report.looks)} pictures, converted; seed {SEED}"
    try:
        save_png(picture, path, {"Description": about})
    except OSError as error:
        raise ConfigError(f"--sheet {path} cannot be written: {error.strerror}.") from error


def _is_drawn(report: Report, number: int, fault: str) -> bool:
    look = report.looks[number]
    return not fault and look.width * look.height <= MOST_PIXELS


def _tile(report: Report, number: int) -> np.ndarray:
    """uint8 (H, W, 3), converted and, where it is large, made smaller for the sheet."""
    conversion = report.conversion
    pixels = conversion(report.source.read(number))
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    shrink = LARGEST / max(conversion.height, conversion.width)
    if shrink >= 1:
        return pixels
    side = [max(1, round(length * shrink)) for length in (conversion.height, conversion.width)]
    return Conversion(height=side[0], width=side[1], crop="resize")(pixels)


def _fits(picture: Image.Image) -> bool:
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.tell() <= MOST_BYTES


def _drawn(tiles: list[np.ndarray], lines: list[str]) -> Image.Image:
    return _with_lines(_grid(tiles), lines)


def _grid(tiles: list[np.ndarray]) -> Image.Image:
    if not tiles:
        return Image.new("RGB", (1, 1), "white")
    images = np.stack(tiles).transpose(0, 3, 1, 2).astype(np.float32)
    return image_grid(images / 127.5 - 1)


def _faulty(report: Report) -> list[str]:
    faulty = [
        f"{shortened(name)}: {look.reason}"
        for name, look in zip(report.source.names, report.looks, strict=True)
        if look.fault
    ]
    more = [f"and {len(faulty) - LISTED} more"] if len(faulty) > LISTED else []
    heading = [f"{len(faulty)} left out:"] if faulty else []
    return heading + faulty[:LISTED] + more


def _with_lines(grid: Image.Image, lines: list[str]) -> Image.Image:
    """The grid and the lines below it; the letters of the built-in font are those of ASCII."""
    if not lines:
        return grid
    font = ImageFont.load_default(11)
    size = (max(grid.width, LEAST_WIDTH), grid.height + LINE * len(lines) + 2 * MARGIN)
    sheet = Image.new("RGB", size, "white")
    sheet.paste(grid, (0, 0))
    draw = ImageDraw.Draw(sheet)
    for row, line in enumerate(lines):
        plain = line.encode("ascii", "backslashreplace").decode("ascii")
        place = (MARGIN, grid.height + MARGIN + LINE * row)
        draw.text(place, plain, "black", font=font)
    return sheet
