"""`gansmith data check PATH`: its flags, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from tyro.conf import arg

from gansmith.answer import Answer
from gansmith.parsing import Json, parse_verb


@dataclass(frozen=True, kw_only=True)
class Check(Json):
    """Judge pictures before they are converted: 0 usable, 1 with warnings, 2 not usable."""

    path: Annotated[Path, tyro.conf.Positional, arg(metavar="PATH")]
    """A folder of images."""
    size: Annotated[str, arg(metavar="S|HxW")] = "64"
    """What they are to be converted to, in pixels: a side, or height x width."""
    method: Annotated[str | None, arg(metavar="METHOD", help_behavior_hint="")] = None
    """Judge their number for this method."""
    sheet: Annotated[Path | None, arg(metavar="FILE.png", help_behavior_hint="")] = None
    """Draw some of the converted pictures on one sheet."""


def check(arguments: list[str]) -> Answer:
    """Judge pictures."""
    parsed = parse_verb(Check, "data check", arguments)
    raise NotImplementedError(parsed)
