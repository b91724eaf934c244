"""Pictures with captions: a metadata.jsonl that names both, or a text file beside each picture."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gansmith.data.folder import image_files, is_image
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.source import FileSource
from gansmith.errors import DataError

METADATA = "metadata.jsonl"
FILE, TEXT = "file_name", "text"


def is_captioned(path: Path) -> bool:
    """Whether a folder says what its pictures show, in either way."""
    if not path.is_dir():
        return False
    if listed_in(path) is not None:
        return True
    first = next(_first_images(path), None)
    return first is not None and first.with_suffix(".txt").is_file()


def captioned_pictures(path: Path, form: Form) -> Found:
    """The pictures with their captions; where there are train/ and test/, test is held out.

    Raises:
        DataError: a picture without a caption, or a damaged metadata.jsonl.
    """
    folder = listed_in(path)
    if folder is None:
        return Found(_beside(path))
    held_out = path / "test"
    apart = folder != path and (held_out / METADATA).is_file()
    return Found(_listed(path, folder), _listed(path, held_out) if apart else None)


def listed_in(path: Path) -> Path | None:
    """The folder whose metadata.jsonl lists what to train on: the given one, or its train/."""
    return next((f for f in (path, path / "train") if (f / METADATA).is_file()), None)


def _first_images(path: Path) -> Iterator[Path]:
    """The images in or below a folder, as they are come upon; those of a folder by name."""
    for parent, folders, names in os.walk(path):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(names) if is_image(name))


def _listed(path: Path, folder: Path) -> FileSource:
    """The pictures that a metadata.jsonl lists, by name."""
    file = folder / METADATA
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise DataError(f"{file} cannot be read: {error}.") from error
    captions = dict(_row(file, n, line) for n, line in enumerate(lines, 1) if line.strip())
    if not captions:
        raise DataError(f"{file} lists no image.")
    below = folder.relative_to(path)
    return _source(path, {(below / name).as_posix(): text for name, text in captions.items()})


def _row(file: Path, number: int, line: str) -> tuple[str, str]:
    """(file name, caption) of a line."""
    try:
        row: Any = json.loads(line)
        name, text = row[FILE], row[TEXT]
        text.encode()  # a lone surrogate is no text
        inside = "\0" not in name and not Path(name).is_absolute() and ".." not in Path(name).parts
    except (ValueError, KeyError, TypeError, AttributeError):
        name, text, inside = "", None, False
    if not (isinstance(text, str) and inside):
        raise DataError(
            f'{file}, line {number}: expected {{"{FILE}": "a.png", "{TEXT}": "what it shows"}}, '
            "the file in the same folder or below."
        )
    return Path(name).as_posix(), one_line(text)


def _beside(path: Path) -> FileSource:
    """The pictures that each have a text file of the same name."""
    names = image_files(path)
    texts = {name: (path / name).with_suffix(".txt") for name in names}
    without = [name for name in names if not texts[name].is_file()]
    if without:
        raise DataError(
            f"{len(without)} of {len(names)} images in {path} have no caption, such as "
            f"{without[0]}: write it into {texts[without[0]].relative_to(path)}, or remove the "
            ".txt files of the others."
        )
    return _source(path, {name: _text(texts[name]) for name in names})


def _text(file: Path) -> str:
    try:
        return one_line(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DataError(f"{file} cannot be read as UTF-8 text: {error}.") from error


def one_line(text: str) -> str:
    """A caption without breaks and spaces to spare."""
    return " ".join(text.split())


def _source(path: Path, captions: dict[str, str]) -> FileSource:
    """Pictures by their names below the path; in the order of their parts."""
    names = sorted(captions, key=lambda name: name.split("/"))
    return FileSource(
        origin=str(path),
        layout="captions",
        names=tuple(names),
        captions=tuple(captions[name] for name in names),
    )
