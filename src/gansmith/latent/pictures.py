"""Grids of images with words around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gansmith.evaluation.letters import families, lettered
from gansmith.plots.image_grid import SEPARATOR, image_grid, save_png

INK, GROUND = "#303030", "white"
SIZE, LINE, MARGIN = 13, 18, 10
"""Points of a letter, pixels of a line and around everything."""
LEAST_WIDTH = 520
"""Pixels of a picture, so that its caption has room."""


class Labels(NamedTuple):
    """Words beside the rows and above the columns of a grid; none where empty."""

    left: Sequence[str] = ()
    top: Sequence[str] = ()


UNLABELLED = Labels()


@dataclass(frozen=True)
class Sheet:
    """Images in rows, with labels."""

    images: Tensor
    """(N, C, H, W) in [-1, 1]."""
    columns: int
    labels: Labels = UNLABELLED
    scale: int | None = None
    """Pixels a pixel; None: as `image_grid`."""

    def picture(self) -> Image.Image:
        """The grid with its labels, greyscale where the images are."""
        grid = image_grid(self.images.float().numpy(), self.columns, self.scale)
        left, top = self.labels
        indent = max((_width(text) for text in left), default=0)
        indent += MARGIN if indent else 0
        above = LINE if any(top) else 0
        made = Image.new(grid.mode, (grid.width + indent, grid.height + above), GROUND)
        made.paste(grid, (indent, above))
        draw, rows = ImageDraw.Draw(made), -(-len(self.images) // self.columns)
        tall, wide = (grid.height - SEPARATOR) / rows, (grid.width - SEPARATOR) / self.columns
        for row, text in enumerate(left):
            _say(draw, (indent - MARGIN, above + (row + 0.5) * tall), text, "rm")
        for column, text in enumerate(top):
            _say(draw, (indent + (column + 0.5) * wide, above / 2), text, "mm")
        return made

    def write(self, out: Path, caption: str, metadata: Mapping[str, str]) -> None:
        """A PNG with the caption below."""
        save_png(captioned(self.picture(), caption), out, {**metadata, "Title": caption})


def captioned(picture: Image.Image, caption: str) -> Image.Image:
    """The picture above its caption, with a margin around both."""
    width = max(picture.width, LEAST_WIDTH)
    lines = _wrapped(caption, width)
    size = (width + 2 * MARGIN, picture.height + 3 * MARGIN + LINE * len(lines))
    made = Image.new(picture.mode, size, GROUND)
    made.paste(picture, (MARGIN, MARGIN))
    draw = ImageDraw.Draw(made)
    for number, line in enumerate(lines):
        _say(draw, (MARGIN, 2 * MARGIN + picture.height + (number + 0.5) * LINE), line, "lm")
    return made


def beside(pictures: Sequence[Image.Image], gap: int = 3 * MARGIN) -> Image.Image:
    """Pictures of one kind in a row, their upper edges in one line."""
    width = sum(one.width for one in pictures) + gap * (len(pictures) - 1)
    made = Image.new(pictures[0].mode, (width, max(one.height for one in pictures)), GROUND)
    start = 0
    for one in pictures:
        made.paste(one, (start, 0))
        start += one.width + gap
    return made


def titled(picture: Image.Image, title: str) -> Image.Image:
    """The picture below a line of text."""
    width = max(picture.width, _width(title))
    made = Image.new(picture.mode, (width, picture.height + LINE), GROUND)
    made.paste(picture, (0, LINE))
    _say(ImageDraw.Draw(made), (0, LINE / 2), title, "lm")
    return made


def stacked(pictures: Sequence[Image.Image], gap: int = MARGIN) -> Image.Image:
    """Pictures of one kind below each other, their left edges in one line."""
    height = sum(one.height for one in pictures) + gap * (len(pictures) - 1)
    made = Image.new(pictures[0].mode, (max(one.width for one in pictures), height), GROUND)
    start = 0
    for one in pictures:
        made.paste(one, (0, start))
        start += one.height + gap
    return made


def _say(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, anchor: str) -> None:
    draw.text(place, lettered(text, 400), INK, _font(text), anchor=anchor)


def _width(text: str) -> int:
    return int(_font(text).getlength(lettered(text, 400))) + 1


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _font(text: str) -> ImageFont.FreeTypeFont:
    """The first installed font with all letters of the text, else the first."""
    letters = {ord(letter) for letter in text}
    fonts = _fonts()
    return next((font for font, known in fonts if letters <= known), fonts[0][0])


@cache
def _fonts() -> list[tuple[ImageFont.FreeTypeFont, set[int]]]:
    """The fonts that name things in pictures, and their letters."""
    from matplotlib.font_manager import findfont, get_font

    files = [findfont(name) for name in families()]
    return [(ImageFont.truetype(file, SIZE), set(get_font(file).get_charmap())) for file in files]
