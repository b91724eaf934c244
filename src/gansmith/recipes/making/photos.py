"""Photographs in pieces."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from gansmith.data.decode import opened, upright
from gansmith.recipes.material import Material
from gansmith.recipes.written import Counts, Picture, write_pictures

if TYPE_CHECKING:
    from PIL import Image

SIDE = 96
SCALES = (1, 2, 4)
"""The shorter side of a photograph is made this many pieces long, where it has the pixels; beyond
that they would show one colour."""
STEP = SIDE // 2
FLAT = 12.0
"""A piece whose brightness varies less, of 255, is sky or a blur."""
QUALITY = 95


def photos(material: Material, into: Path) -> Counts:
    """Pieces of 96x96 from each photograph at up to three scales, overlapping by half, as JPEG.

    Photographs are held out of each folder of the packages, as their sizes differ by folder.
    At the smallest scale a piece shows nearly the whole, at the largest a detail.
    """
    pictures = []
    for number in range(len(material.recipe.packages)):
        for name, content in material.members(number):
            with opened(content) as image:
                photo = upright(image).convert("RGB")
            path = PurePosixPath(name)
            for place, piece in pieces(photo):
                file = f"{path.stem}-{place}.jpg"
                one = Picture(file, _jpeg(piece), path.stem, stratum=path.parent.name)
                pictures.append(one)
    return write_pictures(into, pictures)


def pieces(photo: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    """(scale-row-column, piece) of a photograph; what is over at the edges is left out evenly."""
    from PIL import Image

    for scale in SCALES:
        factor = SIDE * scale / min(photo.size)
        if factor > 1:
            return
        size = round(photo.width * factor), round(photo.height * factor)
        small = photo.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        for row, y in enumerate(_starts(size[1])):
            for column, x in enumerate(_starts(size[0])):
                piece = small.crop((x, y, x + SIDE, y + SIDE))
                if _shows_something(piece):
                    yield f"{scale}-{row:02d}-{column:02d}", piece


def _starts(length: int) -> range:
    """Where pieces begin along a side."""
    room = length - SIDE
    return range(room % STEP // 2, room + 1, STEP)


def _shows_something(piece: Image.Image) -> bool:
    from PIL import ImageStat

    return ImageStat.Stat(piece.convert("L")).stddev[0] >= FLAT


def _jpeg(piece: Image.Image) -> bytes:
    """Every pixel keeps its colour: the usual halving of colour would be learnt."""
    file = io.BytesIO()
    piece.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()
