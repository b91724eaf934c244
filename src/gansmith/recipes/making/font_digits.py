"""Digits drawn from fonts, each turned, sheared, shifted and coloured at random."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gansmith.recipes.material import Material
from gansmith.recipes.written import Counts, write_arrays

if TYPE_CHECKING:
    from PIL import Image, ImageFont

LARGE = 4
"""Drawn this many times as large, then made small, so that edges are smooth."""
TURN, SHEAR, SCALE, SHIFT = 0.26, 0.2, (0.85, 1.1), 0.08
"""At most: radians (15 degrees), a shear, sizes, and a part of the side."""
HEIGHT = 0.62
"""Of a digit, as a part of the side."""
CONTRAST = 0.4
"""Least difference in luminance between a digit and its ground, which are one lighter or darker."""
LUMINANCE = np.array([0.299, 0.587, 0.114])


def font_digits(material: Material, into: Path) -> Counts:
    """As many as the recipe says, digits and fonts in turn; they follow from its seed alone."""
    import matplotlib
    from PIL import ImageFont

    recipe = material.recipe
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    side: int = recipe.options["side"]
    names = [folder / f"{name}.ttf" for name in recipe.options["fonts"]]
    fonts = [ImageFont.truetype(str(name), round(side * LARGE * HEIGHT * 1.4)) for name in names]
    parts = []
    for part, count in enumerate((recipe.train, recipe.held_out)):
        random = np.random.default_rng((recipe.options["seed"], part))
        labels = (np.arange(count) % 10).astype(np.uint8)
        images = [drawn(fonts[n // 10 % len(fonts)], n % 10, side, random) for n in range(count)]
        parts.append((np.stack(images), labels))
    return write_arrays(into, *parts)


def drawn(
    font: ImageFont.FreeTypeFont, digit: int, side: int, random: np.random.Generator
) -> np.ndarray:
    """A digit as uint8 (side, side, 3)."""
    from PIL import Image

    mask = _placed(_upright(font, digit, side * LARGE), random)
    mask = mask.resize((side, side), Image.Resampling.BOX)
    ink, ground = _colours(random)
    share = np.asarray(mask, np.float64)[..., None] / 255
    return (share * ink + (1 - share) * ground).round().astype(np.uint8)


def _upright(font: ImageFont.FreeTypeFont, digit: int, side: int) -> Image.Image:
    """A white digit in the middle of a black square, of the height that all have."""
    from PIL import Image, ImageDraw

    left, top, right, bottom = font.getbbox(str(digit))
    shape = (int(right - left), int(bottom - top))
    glyph = Image.new("L", shape)
    ImageDraw.Draw(glyph).text((-left, -top), str(digit), fill=255, font=font)
    factor = side * HEIGHT / shape[1]
    size = max(1, round(shape[0] * factor)), round(shape[1] * factor)
    square = Image.new("L", (side, side))
    square.paste(glyph.resize(size), ((side - size[0]) // 2, (side - size[1]) // 2))
    return square


def _placed(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Turned, sheared, scaled about the middle, and shifted."""
    from PIL import Image

    turn, shear = random.uniform(-TURN, TURN), random.uniform(-SHEAR, SHEAR)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = rotation @ np.array([[1, shear], [0, 1]]) / random.uniform(*SCALE)
    middle = np.full(2, image.width / 2)
    shift = middle - matrix @ (middle + random.uniform(-SHIFT, SHIFT, 2) * image.width)
    values = (*matrix[0], shift[0], *matrix[1], shift[1])
    return image.transform(image.size, Image.Transform.AFFINE, values, Image.Resampling.BILINEAR)


def _colours(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two colours that can be told apart, drawn again until they can."""
    while True:
        ink, ground = random.uniform(0, 255, 3), random.uniform(0, 255, 3)
        if abs((ink - ground) @ LUMINANCE) >= CONTRAST * 255:
            return ink, ground
