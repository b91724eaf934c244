"""`gansmith data check PATH`: its flags, and what it answers."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro
from tyro.conf import arg

from gansmith.answer import Answer
from gansmith.errors import ConfigError, DataError, nearest
from gansmith.methods import METHODS, is_file
from gansmith.parsing import Json, parse_verb

if TYPE_CHECKING:
    from gansmith.data.decode import Conversion
    from gansmith.data.found import Found

LARGEST_SIZE = 4096
PLANNED = {"cyclegan"}
"""Methods of the course whose number of pictures can be judged before the method is here."""


@dataclass(frozen=True, kw_only=True)
class Check(Json):
    """Judge pictures before they are converted. Exit code: 0 usable, 1 with warnings, 2 not."""

    path: Annotated[Path, tyro.conf.Positional, arg(metavar="PATH")]
    """A folder of images, any other layout that `--data` takes, or a fetched set."""
    size: Annotated[
        str | None,
        arg(metavar="S|HxW", help_behavior_hint="(default: the set's own; 64 for a folder)"),
    ] = None
    """What they are to be converted to, in pixels: a side, or height x width."""
    method: Annotated[str | None, arg(metavar="METHOD", help_behavior_hint="")] = None
    """Judge their number for this method."""
    sheet: Annotated[Path | None, arg(metavar="FILE.png", help_behavior_hint="")] = None
    """Draw some of the converted pictures, and list what is faulty."""


def check(arguments: list[str]) -> Answer:
    """Judge pictures."""
    parsed = parse_verb(Check, "data check", arguments)
    check_method(parsed.method)
    conversion = None if parsed.size is None else wanted(parsed.size)
    from gansmith.data_check.report import judge
    from gansmith.data_check.sheet import check_sheet, write_sheet
    from gansmith.data_check.show import show

    if parsed.sheet:
        check_sheet(parsed.sheet)
    with warnings.catch_warnings():  # decoders warn of what the report tells
        warnings.simplefilter("ignore")
        found = found_at(parsed.path)
        conversion = conversion or own_conversion(found)
        report = judge(found, conversion, parsed.method, quiet=parsed.json)
        if parsed.sheet:
            write_sheet(report, parsed.sheet)
    value = {**report.as_json(), "sheet": str(parsed.sheet) if parsed.sheet else None}
    return Answer(value, lambda: show(report), report.code)


def found_at(path: Path) -> Found:
    """The training pictures at a path, in any layout that can be trained on.

    Raises:
        DataError: there is nothing, it may not be read, or it holds two domains.
    """
    from gansmith.data import check_there
    from gansmith.data.find import find

    try:
        found = find(check_there(str(path)))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    if found.other is not None:
        raise DataError(f"{path} holds two domains: check each of its folders by itself.")
    return found


def own_conversion(found: Found) -> Conversion:
    """To the size that the set has of its own, as training would."""
    from gansmith.data.decode import Conversion
    from gansmith.data.form import SIDE

    height, width = found.own_size or (SIDE, SIDE)
    return Conversion(height=height, width=width)


def wanted(size: str) -> Conversion:
    """The conversion to "S" or "HxW" pixels.

    Raises:
        ConfigError: it is neither.
    """
    from gansmith.data.decode import Conversion
    from gansmith.data.form import parsed, sides

    try:
        height, width = sides(parsed(size))
    except (ValueError, DataError):
        height = width = 0
    if 1 <= height <= LARGEST_SIZE and 1 <= width <= LARGEST_SIZE:
        return Conversion(height=height, width=width)
    raise ConfigError(
        f"--size {size}: give a side in pixels, such as 64, or height x width, such as 64x96; "
        f"at most {LARGEST_SIZE}."
    )


def check_method(name: str | None) -> None:
    """Refuse a method that is neither known nor a file's.

    Raises:
        ConfigError: it is unknown.
    """
    known = {*METHODS, *PLANNED}
    if name is not None and name not in known and not is_file(name):
        raise ConfigError(f"Unknown method {name!r}. {nearest(name, known)}")
