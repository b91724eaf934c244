"""Units of a strategy game, of one size."""

from __future__ import annotations

import re
from pathlib import Path

from gansmith.data.decode import UnreadableError, opened
from gansmith.recipes.material import Material
from gansmith.recipes.written import Counts, Picture, write_pictures

SIZE = (72, 72)
LEAST = 0.05
"""Of a picture is covered, or it shows an arrow in flight or a last spark, and no unit."""


def sprites(material: Material, into: Path) -> Counts:
    """Every picture of 72x72 with a unit on it; classes are the folders, and groups the units.

    The frames of a unit's movements are much alike, so a unit lies on one side as a whole.
    """
    pictures = []
    for name, content in material.members(0):
        people, *below = name.rpartition("/units/")[2].split("/")
        if below and _shows_unit(content):
            unit = re.split(r"[-+_.0-9]", below[0])[0]
            pictures.append(Picture("-".join(below), content, f"{people}/{unit}", people))
    return write_pictures(into, pictures)


def _shows_unit(content: bytes) -> bool:
    try:
        with opened(content) as image:
            if image.size != SIZE:
                return False
            seen = image.convert("RGBA").getchannel("A").histogram()
    except (UnreadableError, OSError, ValueError, SyntaxError):  # Pillow on a damaged picture
        return False
    return sum(seen[128:]) >= LEAST * SIZE[0] * SIZE[1]
