"""Stamps of a drawing program: cut-out pictures, each with a sentence."""

from __future__ import annotations

from pathlib import Path

from gansmith.data.decode import UnreadableError, opened
from gansmith.recipes.material import Material
from gansmith.recipes.written import Counts, Picture, write_pictures


def stamps(material: Material, into: Path) -> Counts:
    """Every picture that has a text file beside it, whose first line is its caption in English.

    Classes are the first folders. Mirror images have no text of their own, and are left out.
    """
    pictures, texts = {}, {}
    for name, content in material.members(0):
        below, _, suffix = name.rpartition("/stamps/")[2].rpartition(".")
        (texts if suffix == "txt" else pictures)[below] = content
    found = []
    for below, content in pictures.items():
        caption = _first_line(texts.get(below, b""))
        label, _, rest = below.partition("/")
        if caption and rest and _readable(content):
            name = f"{rest.replace('/', '-')}.png"
            found.append(Picture(name, content, caption, label, {"text": caption}))
    return write_pictures(into, found)


def _first_line(text: bytes) -> str:
    return text.decode("utf-8-sig", "replace").partition("\n")[0].strip()


def _readable(content: bytes) -> bool:
    try:
        with opened(content):
            return True
    except UnreadableError:
        return False
