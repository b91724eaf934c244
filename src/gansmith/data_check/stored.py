"""How pictures are stored, and what becomes of that when they are converted."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gansmith.data_check.finding import Severity
from gansmith.data_check.look import Look


class Effect(NamedTuple):
    """What happens to all pictures of which something is true."""

    kind: str
    severity: Severity
    true: Callable[[Look], bool]
    says: str
    advice: str = ""


STORED = [
    Effect(
        "transparent",
        "note",
        lambda look: look.kind in ("RGBA", "grey with transparency"),
        "with transparency is laid on white|with transparency are laid on white",
    ),
    Effect(
        "palette",
        "note",
        lambda look: look.kind == "palette",
        "with a palette becomes RGB|with a palette become RGB",
    ),
    Effect(
        "palette-transparent",
        "note",
        lambda look: look.kind == "palette with transparency",
        "with a transparent palette is laid on white|with a transparent palette are laid on white",
    ),
    Effect(
        "cmyk",
        "warning",
        lambda look: look.kind == "CMYK",
        "for print (CMYK) becomes RGB, and its colours shift"
        "|for print (CMYK) become RGB, and their colours shift",
        "Where colours matter, convert them with their colour profile first.",
    ),
    Effect(
        "16-bit",
        "warning",
        lambda look: look.kind == "16-bit",
        "of 16 bits loses precision|of 16 bits lose precision",
        "Dark scans may turn black: stretch their range and save them in 8 bits.",
    ),
    Effect(
        "turned",
        "note",
        lambda look: look.turned,
        "is turned upright, as its EXIF data says|are turned upright, as their EXIF data says",
    ),
    Effect(
        "animated",
        "warning",
        lambda look: look.frames,
        "has several frames or pages, and the first is used"
        "|have several frames or pages, and the first is used",
        "Save the other frames as pictures, if they are wanted.",
    ),
]
