"""Writes what a recipe made in forms that the loaders read: folders, arrays, tables of text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gansmith.errors import DataError
from gansmith.recipes.split import held_out_groups

if TYPE_CHECKING:
    import numpy as np

PARTS = ("train", "held_out")
LONGEST = 100
"""Characters of a file's name."""


class Counts(NamedTuple):
    """How many samples were written."""

    train: int
    held_out: int


class Picture(NamedTuple):
    """A picture as it is to be written."""

    name: str
    """Of its file, with its ending."""
    content: bytes
    group: str
    """Pictures that are alike have the same, and lie on one side."""
    label: str = ""
    """Its class, which becomes a folder."""
    notes: Mapping[str, Any] = {}
    """What else is known of it, "text" for a caption."""
    stratum: str = ""
    """Beside the class, what held-out groups are taken from in equal parts."""


def write_pictures(into: Path, pictures: Iterable[Picture]) -> Counts:
    """train/ and held_out/, a folder for each class, and a metadata.jsonl where there are notes.

    The layout is that of Hugging Face's imagefolder. A held-out picture that equals one to
    train on, byte for byte, goes to its side.

    Raises:
        DataError: two pictures would have one name.
    """
    pictures = sorted(pictures, key=lambda one: (one.label, one.name))
    held_out = held_out_groups({p.group: f"{p.label}/{p.stratum}" for p in reversed(pictures)})
    trained = {_digest(one.content) for one in pictures if one.group not in held_out}
    rows: dict[str, list[dict[str, Any]]] = {part: [] for part in PARTS}
    for one in pictures:
        apart = one.group in held_out and _digest(one.content) not in trained
        part = PARTS[apart]
        path = into.joinpath(part, *([safe(one.label)] if one.label else []), safe(one.name))
        if path.exists():
            raise DataError(f"Two pictures of the recipe would be {path.name}.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.content)
        file_name = path.relative_to(into / part).as_posix()
        rows[part].append({"file_name": file_name, **one.notes})
    for part in PARTS:
        if any(len(row) > 1 for row in rows[part]):
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows[part]]
            (into / part / "metadata.jsonl").write_text("".join(lines), encoding="utf-8")
    return Counts(*(len(rows[part]) for part in PARTS))


def write_arrays(
    into: Path, train: tuple[np.ndarray, np.ndarray], held_out: tuple[np.ndarray, np.ndarray]
) -> Counts:
    """data.npz with images and labels, both of them held out too.

    Args:
        into: a folder.
        train: uint8 (N, H, W) or (N, H, W, 3), and labels (N).
        held_out: the same.
    """
    import numpy as np

    arrays = {"images": train[0], "labels": train[1]}
    arrays |= {"held_out_images": held_out[0], "held_out_labels": held_out[1]}
    np.savez_compressed(into / "data.npz", **arrays)  # type: ignore[arg-type]
    return Counts(len(train[0]), len(held_out[0]))


def write_table(
    into: Path, file: str, columns: Sequence[str], rows: Mapping[str, Sequence[Sequence[str]]]
) -> Counts:
    """A table of text for each part, tabs between columns, their names in the first line."""
    for part in PARTS:
        lines = ["\t".join(row) + "\n" for row in [columns, *rows[part]]]
        (into / part).mkdir(exist_ok=True)
        (into / part / file).write_text("".join(lines), encoding="utf-8", newline="\n")
    return Counts(*(len(rows[part]) for part in PARTS))


def safe(name: str) -> str:
    """A name that is a file's on every system: a-z, 0-9, "+", "_", "." and "-", not hidden."""
    plain = re.sub(r"[^a-z0-9+_.]+", "-", name.lower()).strip("-.")
    return plain[-LONGEST:].lstrip("-.") or "unnamed"


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
