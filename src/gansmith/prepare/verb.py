"""`gansmith data prepare PATH OUT`: its flags, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro
from tyro.conf import arg

from gansmith.answer import STOPPED, Answer
from gansmith.data import check_there
from gansmith.data.form import SIDE, Crop, Form, Size
from gansmith.options import SIZE
from gansmith.parsing import Json, parse_verb

KEPT = "Stopped; what is done is kept. The same command goes on from there."


@dataclass(frozen=True, kw_only=True)
class Prepare(Json):
    """Convert pictures once, so that training starts at once and never waits for them.

    When it is stopped, the same command goes on where it stopped.
    """

    path: Annotated[str, tyro.conf.Positional, arg(metavar="PATH")]
    """What `--data` of train takes besides names: a folder of images, a .tar, .npz, .npy or IDX
    file, or hf:NAME."""
    out: Annotated[Path, tyro.conf.Positional, arg(metavar="OUT")]
    """A new folder; give it to train as --data OUT."""
    size: Annotated[
        Size | None,
        SIZE,
        arg(metavar="S|HxW", help_behavior_hint="(default: the set's own; 64 for a folder)"),
    ] = None
    """What the pictures become, in pixels: a side, or height x width."""
    crop: Crop = "center"
    """Cut out the centre, stretch the whole, or keep it whole and fill the rest."""
    background: Annotated[str, arg(metavar="COLOUR")] = "white"
    """Under transparent pixels and around padded pictures."""
    label: Annotated[
        tuple[str, ...], arg(metavar="ATTRIBUTE ...", help_behavior_hint="(default: the set's own)")
    ] = ()
    """The attributes, such as CelebA's, whose combinations become the classes."""
    attributes: Annotated[tuple[str, ...], arg(metavar="ATTRIBUTE ...", help_behavior_hint="")] = ()
    """The attributes that are told of each picture by themselves."""
    labels_file: Annotated[
        Path | None, arg(metavar="FILE.csv", help_behavior_hint="(default: labels.csv in PATH)")
    ] = None
    """A table of a folder's pictures: file name and class, or 1 and 0 for attributes."""
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
    from gansmith.data.find import find
    from gansmith.prepare.job import make_job
    from gansmith.prepare.prepare import prepare
    from gansmith.prepare.progress import progress

    form = Form(
        size=parsed.size,
        crop=parsed.crop,
        background=parsed.background,
        label=parsed.label,
        attributes=parsed.attributes,
        labels_file=None if parsed.labels_file is None else str(parsed.labels_file),
    )
    found = find(check_there(parsed.path), form)
    height, width = form.sides or found.own_size or (SIDE, SIDE)
    conversion = Conversion(
        height=height, width=width, crop=form.crop, background=form.background, quick=parsed.quick
    )
    job = make_job(found, conversion, parsed.format, parsed.licence)
    try:
        with progress(len(job.source), quiet=parsed.json) as advance:
            made = prepare(job, parsed.out, advance=advance)
    except KeyboardInterrupt:
        value = {"out": str(parsed.out), "stopped": True}
        return Answer(value, lambda: print(KEPT), STOPPED + 2)
    value = {
        "out": str(parsed.out),
        "format": made.layout,
        "pictures": made.count,
        "held_out": made.held_out,
        "shape": list(made.shape),
        "classes": list(made.class_names),
        "left_out": made.left_out,
        "notes": list(found.notes),
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
    lines += [f"  {note}" for note in value["notes"]]
    lines.append(f"  train     gansmith train dcgan --data {value['out']}")
    return "\n".join(lines)
