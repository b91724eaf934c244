"""Labels of a folder of pictures from a table: labels.csv among them, or that of --labels-file.

A line names a picture, by its path below the folder, then its class; or, under a line of names, 1
or 0 for each of several attributes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from gansmith.data.attributes import VALUES, AttributeTable, SourceT, Told
from gansmith.data.folder import is_image
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.source import ordered
from gansmith.errors import DataError

FILE = "labels.csv"
EXPECTED = "expected lines such as cat/1.png,tabby or, under a line of names, cat/1.png,1,0"


@dataclass(frozen=True)
class Table:
    """The lines of a file."""

    file: Path
    header: tuple[str, ...]
    """Names of the columns behind the first; none where the file has no such line."""
    rows: dict[str, tuple[str, ...]]
    """What is told of each picture, by its name."""

    @property
    def columns(self) -> int:
        """How many, besides the names."""
        return len(next(iter(self.rows.values())))


def labels_file(path: Path, form: Form) -> Path | None:
    """The table of a folder's labels; None where there is none."""
    if form.labels_file is not None:
        return Path(form.labels_file)
    return path / FILE if (path / FILE).is_file() else None


def labelled(found: Found, file: Path, form: Form) -> Found:
    """The pictures with what the table tells of them, in place of what their folders do.

    Raises:
        DataError: a damaged table, a picture without a line, or attributes that it does not have.
    """
    table = read_table(file)
    sources = [source for source in (found.train, found.held_out) if source is not None]
    pictures = [name for source in sources for name in source.names]
    _check_all_there(table, pictures, found.train.origin)
    told = _told(table, form, pictures, found.train.origin)
    notes = [*_unused(table, pictures)]
    if told is None:
        notes.append(
            f"{file.name} tells {', '.join(table.header) or 'several columns'} of each image: "
            "choose among them with --attributes, or --label to make classes of them."
        )
    train, held_out = (
        None if source is None else _with(source, told) for source in (found.train, found.held_out)
    )
    assert train is not None, "it was not None before"
    return found._replace(train=train, held_out=held_out, notes=(*found.notes, *notes))


def _with(source: SourceT, told: Told | None) -> SourceT:
    """Attributes have no room for captions beside them."""
    if told is None:
        return replace(source, labels=(), class_names=())
    captions = () if told.attributes else source.captions
    return told.added(replace(source, captions=captions), source.names)


def _told(table: Table, form: Form, pictures: list[str], origin: str) -> Told | None:
    """Classes or attributes; None where there are several columns and none was asked for."""
    if form.columns:
        if not table.header:
            raise DataError(
                f"{table.file} does not name its columns: begin it with a line such as "
                f"file,{','.join(form.columns)}."
            )
        attributes = AttributeTable(str(table.file), str(table.file), table.header, table.rows)
        return attributes.told(form, pictures)
    if table.columns > 1:
        _check_attributes(table)
        return None
    texts = {name: table.rows[name][0] for name in pictures}
    if empty := next((name for name, text in texts.items() if not text), None):
        raise DataError(f"{table.file} has no label for {empty}.")
    classes = ordered(texts.values())
    places = {name: place for place, name in enumerate(classes)}
    return Told(tuple(classes), {name: places[text] for name, text in texts.items()}, {})


def _check_attributes(table: Table) -> None:
    for name, texts in table.rows.items():
        if odd := next((text for text in texts if text not in VALUES), None):
            raise DataError(
                f"{table.file} has {table.columns} columns behind the name, and {odd!r} for "
                f"{name}: give one column of classes, or attributes that are 1 or 0."
            )


def _check_all_there(table: Table, pictures: list[str], origin: str) -> None:
    """Refuse pictures of which the table says nothing."""
    missing = [name for name in pictures if name not in table.rows]
    if missing:
        raise DataError(
            f"{len(missing):,} of {len(pictures):,} images in {origin} have no line in "
            f"{table.file}, such as {missing[0]}; it names {next(iter(table.rows))}, say. Names "
            "are paths below the folder. Add them, or move these images elsewhere."
        )


def _unused(table: Table, pictures: list[str]) -> list[str]:
    """A note of lines whose picture is not there."""
    known = set(pictures)
    left = [name for name in table.rows if name not in known]
    if not left:
        return []
    count = f"{len(left):,}, such as {left[0]}"
    return [f"Lines of {table.file.name} that name no image here: {count}."]


def read_table(file: Path) -> Table:
    """The lines of a file of commas; the first one names columns, unless it names an image.

    Raises:
        DataError: it cannot be read, is empty, or has uneven or doubled lines.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = [[cell.strip() for cell in line] for line in csv.reader(opened)]
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"{file} cannot be read as a table of UTF-8 text: {error}.") from error
    numbered = [(number, line) for number, line in enumerate(lines, 1) if any(line)]
    named = bool(numbered) and not is_image(numbered[0][1][0])
    header = tuple(numbered[0][1]) if named else ()
    rows: dict[str, tuple[str, ...]] = {}
    width = len(numbered[0][1]) if numbered else 0
    for number, (name, *texts) in numbered[named:]:
        if 1 + len(texts) != width or width < 2:
            raise DataError(
                f"{file}, line {number}: {1 + len(texts)} columns, {width} in the first; "
                f"{EXPECTED}."
            )
        key = Path(name).as_posix()
        if key in rows:
            raise DataError(f"{file} names {name} twice, the second time in line {number}.")
        rows[key] = tuple(texts)
    if not rows:
        raise DataError(f"{file} has no lines: {EXPECTED}.")
    return Table(file, header[1:], rows)
