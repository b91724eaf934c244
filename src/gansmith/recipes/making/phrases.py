"""Pairs of phrases in two languages."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

from gansmith.errors import DataError
from gansmith.recipes.material import Material, need_json
from gansmith.recipes.split import held_out_groups
from gansmith.recipes.written import PARTS, Counts, write_table

WORDS = 8
"""Of the longest phrase."""
WHOLE = 2
"""How the package marks emoji that are no lesser spelling of another."""
UNWANTED = re.compile(r"[\t\n\r\x04%{}<>_&|\\]|skin tone")
"""Formats, markup, accelerators, and the same phrase five times over."""
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
"""Flags of countries: English has the country alone, other languages "flag" before it."""


def phrases(material: Material, into: Path) -> Counts:
    """English and the recipe's language, each pair once, split by the English phrase.

    What both languages write alike, such as most names of places, teaches nothing and is left out.
    """
    language = material.recipe.options["language"]
    pairs: dict[tuple[str, str], str] = {}
    for number, package in enumerate(material.recipe.packages):
        found = dict(sorted(material.by_name(number).items()))
        gives = _emoji(material, number, found) if "emoji.json" in found else _catalogs(found)
        for english, other in gives:
            if english != other and _kept(english) and _kept(other):
                pairs.setdefault((english, other), package.name)
    held_out = held_out_groups({english.lower(): source for (english, _), source in pairs.items()})
    rows: dict[str, list[tuple[str, str, str]]] = {part: [] for part in PARTS}
    for (english, other), source in sorted(pairs.items()):
        rows[PARTS[english.lower() in held_out]].append((english, other, source))
    return write_table(into, "pairs.tsv", ("en", language, "source"), rows)


def _emoji(material: Material, number: int, found: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Names of emoji, written as ":waving_hand:" in the package."""
    package = material.recipe.packages[number]
    english = need_json(found, "emoji.json", package)
    other = need_json(found, f"emoji_{material.recipe.options['language']}.json", package)
    for sign, entry in english.items():
        if entry.get("status") == WHOLE and sign in other and not FLAG.search(sign):
            yield _words(entry["en"]), _words(other[sign])


def _words(name: str) -> str:
    return name.strip(":").replace("_", " ").replace("’", "'").strip()


def _catalogs(found: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """What .mo files translate; plural forms and entries of a context are left out."""
    for name, content in found.items():
        try:
            catalog = gettext.GNUTranslations(io.BytesIO(content))._catalog  # type: ignore[attr-defined]
        except (OSError, ValueError, IndexError) as error:
            raise DataError(f"{name} is no .mo file: {error}.") from error
        for english, other in catalog.items():
            if isinstance(english, str) and isinstance(other, str):
                yield english.strip(), other.strip()


def _kept(phrase: str) -> bool:
    return bool(phrase) and not UNWANTED.search(phrase) and len(phrase.split()) <= WORDS
