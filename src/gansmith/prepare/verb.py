"""`gansmith data prepare PATH OUT`: its flags, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro
from tyro.conf import arg

from gansmith.answer import STOPPED, Answer
from gansmith.errors import DataError
from gansmith.parsing import Json, parse_verb

KEPT = "Stopped; what is done is kept. The same command goes on from there."


@dataclass(frozen=True, kw_only=True)
class Prepare(Json):
    """Convert pictures once, so that training starts at once and never waits for them.

    When it is stopped, the same command goes on where it stopped.
    """

    path: Annotated[Path, tyro.conf.Positional, arg(metavar="PATH")]
    """What --data of train takes: a folder of images."""
    out: Annotated[Path, tyro.conf.Positional, arg(metavar="OUT")]
    """A new folder; give it to train as --data OUT."""
    size: Annotated[str, arg(metavar="S|HxW")] = "64"
    """What the pictures become, in pixels: a side, or height x width."""
    crop: Literal["center", "resize", "pad"] = "center"
    """Cut out the centre, stretch the whole, or keep it whole and fill the rest."""
    background: Annotated[str, arg(metavar="COLOUR")] = "white"
    """Under transparent pixels and around padded pictures."""
    quick: bool = False
    """Let the JPEG decoder halve large pictures while it decodes: quicker, slightly other pixels.
    """
    format: Literal["auto", "array", "shards"] = "auto"
    """One array, or tar files in the WebDataset layout; auto: shards from 16 GB of pixels on."""
    licence: Annotated[str, arg(metavar="TEXT")] = ""
    """Noted in manifest.json."""


def prepare(arguments: list[str]) -> Answer:
    """Convert pictures once."""
    parsed = parse_verb(Prepare, "data prepare", arguments)
    from gansmith.data.decode import Conversion
    from gansmith.data.folder import image_folder
    from gansmith.prepare.job import make_job
    from gansmith.prepare.prepare import prepare
    from gansmith.prepare.progress import progress

    height, width = sides(parsed.size)
    check_colour(parsed.background)
    if not parsed.path.is_dir():
        raise DataError(f"{parsed.path} is not a folder: give a folder of images.")
    source = image_folder(parsed.path)
    conversion = Conversion(
        height=height,
        width=width,
        crop=parsed.crop,
        background=parsed.background,
        quick=parsed.quick,
    )
    job = make_job(source, conversion, parsed.format, parsed.licence)
    try:
        with progress(len(source), quiet=parsed.json) as advance:
            made = prepare(job, parsed.out, advance=advance)
    except KeyboardInterrupt:
        value = {"out": str(parsed.out), "stopped": True}
        return Answer(value, lambda: print(KEPT), STOPPED + 2)
    value = {
        "out": str(parsed.out),
        "format": made.layout,
        "pictures": made.count,
        "shape": list(made.shape),
        "classes": list(made.class_names),
        "left_out": made.left_out,
        "licence": made.licence,
        "fingerprint": made.fingerprint,
    }
    return Answer(value, lambda: print(words(value)))


def words(value: dict) -> str:
    """The answer for people."""
    channels, height, width = value["shape"]
    kind = "grey" if channels == 1 else "in colour"
    lines = [f"{value['pictures']:,} pictures of {height}x{width}, {kind}: {value['out']}"]
    if value["left_out"]:
        lines.append(f"  left out: {len(value['left_out'])}, named in manifest.json with reasons")
    lines.append(f"  train     gansmith train dcgan --data {value['out']}")
    return "\n".join(lines)


def sides(text: str) -> tuple[int, int]:
    """(height, width) of "64" or "64x96".

    Raises:
        DataError: it is no size.
    """
    parts = text.lower().split("x")
    if len(parts) > 2 or not all(part.isdecimal() and int(part) for part in parts):
        raise DataError(f"--size {text}: give a side in pixels, such as 64, or 64x96.")
    return int(parts[0]), int(parts[-1])


def check_colour(name: str) -> None:
    """Refuse what is no colour, before every picture fails for it."""
    from PIL import ImageColor

    try:
        ImageColor.getrgb(name)
    except ValueError:
        raise DataError(f"--background {name}: give a colour, such as white or #ff8800.") from None
