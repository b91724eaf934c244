"""Emoji as pictures with captions: those of a data package as they are, those of a font drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gansmith.errors import DataError
from gansmith.recipes.material import Material, need_json
from gansmith.recipes.written import Counts, Picture, write_pictures

TONES = {"1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff"}
SIGNS = {"fe0f", "200d", "2640", "2642", "27a1"}
"""How to draw it, joined, woman, man, to the right."""
PERSON, MAN, WOMAN = "1f9d1", "1f468", "1f469"


def emoji(material: Material, into: Path) -> Counts:
    """The pictures of one style, named by their code points; classes are the categories."""
    images, captions = material.recipe.packages
    style = f"img/{material.recipe.options['style']}/64/"
    entries, files = None, {}
    for name, content in material.members(0):
        if style in name:
            files[name.rpartition("/")[2]] = content
        elif name.endswith("/emoji.json"):
            entries = need_json({"emoji.json": content}, "emoji.json", images)
    if entries is None:
        raise DataError(f"{images} has no emoji.json, which its recipe reads.")
    classes = dict(_classes(entries))
    known = captions_of(need_json(material.by_name(1), "data.json", captions))
    pictures = []
    for name, content in files.items():
        code = name.removesuffix(".png")
        notes = known.get(plain(code))
        if name in classes and notes is not None:
            pictures.append(Picture(name, content, family(code), classes[name], notes))
    return write_pictures(into, pictures)


def _classes(entries: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """(file, category) of every emoji in every skin tone."""
    for entry in entries:
        for one in (entry, *entry.get("skin_variations", {}).values()):
            yield one["image"], entry["category"]


def captions_of(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What is said of each emoji and of its skin tones, by `plain` code points.

    The caption is the name, such as "waving hand: light skin tone"; a tone has its emoji's tags.
    """
    said = {}
    for entry in entries:
        for one in (entry, *entry.get("skins", ())):
            notes = {"text": one["label"], "tags": entry.get("tags", [])}
            said[plain(one["hexcode"])] = notes
    return said


def plain(code: str) -> str:
    """Code points in lower case, without the sign for colour that some packages leave out."""
    return "-".join(point for point in code.lower().split("-") if point != "fe0f")


def family(code: str) -> str:
    """What is left of code points without skin tone and gender: those of emoji that look alike."""
    points = [point for point in code.lower().split("-") if point not in TONES | SIGNS]
    return "-".join(PERSON if point in (MAN, WOMAN) else point for point in points) or code
