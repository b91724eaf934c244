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
    from gansmith.data.source import Source

LARGEST_SIZE = 4096
PLANNED = {"cyclegan"}
"""Methods of the course whose number of pictures can be judged before the method is here."""


@dataclass(frozen=True, kw_only=True)
class Check(Json):
    """Judge pictures before they are converted. Exit code: 0 usable, 1 with warnings, 2 not."""

    path: Annotated[Path, tyro.conf.Positional, arg(metavar="PATH")]
    """A folder of images."""
    size: Annotated[str, arg(metavar="S|HxW")] = "64"
    """What they are to be converted to, in pixels: a side, or height x width."""
    method: Annotated[str | None, arg(metavar="METHOD", help_behavior_hint="")] = None
    """Judge their number for this method."""
    sheet: Annotated[Path | None, arg(metavar="FILE.png", help_behavior_hint="")] = None
    """Draw some of the converted pictures, and list what is faulty."""


def check(arguments: list[str]) -> Answer:
    """Judge pictures."""
    parsed = parse_verb(Check, "data check", arguments)
    check_method(parsed.method)
    conversion = wanted(parsed.size)
    from gansmith.data_check.report import judge
    from gansmith.data_check.sheet import check_sheet, write_sheet
    from gansmith.data_check.show import show

    if parsed.sheet:
        check_sheet(parsed.sheet)
    with warnings.catch_warnings():  # decoders warn of what the report tells
        warnings.simplefilter("ignore")
        report = judge(source_at(parsed.path), conversion, parsed.method, quiet=parsed.json)
        if parsed.sheet:
            write_sheet(report, parsed.sheet)
    value = {**report.as_json(), "sheet": str(parsed.sheet) if parsed.sheet else None}
    return Answer(value, lambda: show(report), report.code)


def source_at(path: Path) -> Source:
    """The pictures at a path.

    Raises:
        DataError: there is no such folder, it may not be read, or it has no images.
    """
    from gansmith.data.folder import image_folder

    if not path.is_dir():
        what = "is not a folder" if path.exists() else "does not exist"
        raise DataError(f"{path} {what}: give a folder of images.")
    try:
        return image_folder(path)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error


def wanted(size: str) -> Conversion:
    """The conversion to "S" or "HxW" pixels.

    Raises:
        ConfigError: it is neither.
    """
    from gansmith.data.decode import Conversion

    sides = size.lower().split("x")
    if len(sides) <= 2 and all(side.isascii() and side.isdigit() for side in sides):
        height, width = int(sides[0]), int(sides[-1])
        if all(1 <= side <= LARGEST_SIZE for side in (height, width)):
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
