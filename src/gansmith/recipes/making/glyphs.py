"""Emoji drawn from a font of bitmaps."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gansmith.errors import DataError
from gansmith.recipes.making.emoji import captions_of, family, plain
from gansmith.recipes.material import Material, need, need_json
from gansmith.recipes.written import Counts, Picture, write_pictures

if TYPE_CHECKING:
    from PIL import ImageFont

POINTS = 109
"""The one size that the font's bitmaps have."""
WIDTH, SIDE = 136, 128
PARTS = "components"
NOWHERE = "\N{REGIONAL INDICATOR SYMBOL LETTER X}" * 2
"""The flag of no country: the font has a question mark for it, and for flags that are too new."""


def glyphs(material: Material, into: Path) -> Counts:
    """Every emoji that the font draws as one bitmap, its middle 128 columns, with transparency.

    Raises:
        DataError: this Pillow cannot join code points to one emoji.
    """
    from PIL import ImageFont, features

    if not features.check("raqm"):
        raise DataError(
            "This Pillow was built without Raqm, which joins code points to one emoji. "
            "The Pillow that pip installs has it."
        )
    fonts, texts = material.recipe.packages
    file = io.BytesIO(need(material.by_name(0), "NotoColorEmoji.ttf", fonts))
    font = ImageFont.truetype(file, POINTS, layout_engine=ImageFont.Layout.RAQM)
    found = material.by_name(1)
    groups = {
        one["order"]: one["message"] for one in need_json(found, "messages.json", texts)["groups"]
    }
    entries = need_json(found, "data.json", texts)
    return write_pictures(into, _pictures(font, entries, groups))


def _pictures(
    font: ImageFont.FreeTypeFont, entries: list[dict[str, Any]], groups: dict[int, str]
) -> Iterator[Picture]:
    """Those without a group, and the group of components, are parts, such as letters of flags."""
    captions, nowhere = captions_of(entries), drawn(font, NOWHERE)
    for entry in entries:
        label = groups.get(entry.get("group", -1), PARTS)
        if label == PARTS:
            continue
        for one in (entry, *entry.get("skins", ())):
            content = drawn(font, one["emoji"])
            code = plain(one["hexcode"])
            if content not in (None, nowhere):
                yield Picture(f"{code}.png", content, family(code), label, captions[code])


def drawn(font: ImageFont.FreeTypeFont, text: str) -> bytes | None:
    """One emoji as PNG; None where the font has no bitmap of its own for it."""
    from PIL import Image, ImageDraw

    if font.getbbox(text) != (0, 0, WIDTH, SIDE):  # none, or several side by side
        return None
    image = Image.new("RGBA", (WIDTH, SIDE))
    ImageDraw.Draw(image).text((0, 0), text, font=font, embedded_color=True)
    if image.getbbox() is None:
        return None
    left = (WIDTH - SIDE) // 2
    file = io.BytesIO()
    image.crop((left, 0, left + SIDE, SIDE)).save(file, "PNG")
    return file.getvalue()
