"""The layout of CelebA: pictures, a table of attributes, and a table that says which to hold out.

Source: Liu et al. 2015, arXiv:1411.7766, and the read-me of its files.
"""

from __future__ import annotations

from pathlib import Path

from gansmith.data.folder import is_image
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.source import FileSource
from gansmith.errors import DataError, nearest

PICTURES = "img_align_celeba"
ATTRIBUTES, PARTITION = "list_attr_celeba", "list_eval_partition"
TRAIN, TEST = "0", "2"
"""Parts in the partition; 1, for validation, is left alone."""


def is_celeba(path: Path) -> bool:
    """Whether a folder holds the pictures and the table of attributes."""
    return (path / PICTURES).is_dir() and _table(path, ATTRIBUTES) is not None


def celeba_pictures(path: Path, form: Form) -> Found:
    """The pictures; with `form.label`, the combinations of these attributes are the classes.

    Where there is a partition, its training part is trained on and its test part held out.

    Raises:
        DataError: no picture, an unknown attribute, or a damaged table.
    """
    folder = path / PICTURES / PICTURES  # some archives hold it twice
    folder = folder if folder.is_dir() else path / PICTURES
    names = sorted(file.name for file in folder.iterdir() if is_image(file.name))
    if not names:
        raise DataError(f"No images in {folder}.")
    classes = _classes(path, form.label, names) if form.label else {}
    partition = _partition(path)
    train = names if partition is None else [n for n in names if partition.get(n) == TRAIN]
    test = [] if partition is None else [n for n in names if partition.get(n) == TEST]
    if not train:
        raise DataError(f"{path}: {PARTITION} names no picture of {folder} to train on.")
    known = sorted(set(classes.values()))
    sources = [_source(path, folder, part, classes, known, form.label) for part in (train, test)]
    return Found(sources[0], sources[1] if test else None)


def class_name(attributes: tuple[str, ...], values: tuple[bool, ...]) -> str:
    """Such as "Male, not Smiling"."""
    pairs = zip(attributes, values, strict=True)
    return ", ".join(name if holds else f"not {name}" for name, holds in pairs)


def _source(
    path: Path,
    folder: Path,
    names: list[str],
    classes: dict[str, tuple[bool, ...]],
    known: list[tuple[bool, ...]],
    attributes: tuple[str, ...],
) -> FileSource:
    return FileSource(
        origin=str(path),
        layout="celeba",
        names=tuple((folder / name).relative_to(path).as_posix() for name in names),
        labels=tuple(known.index(classes[name]) for name in names) if classes else (),
        class_names=tuple(class_name(attributes, values) for values in known),
    )


def _classes(path: Path, wanted: tuple[str, ...], names: list[str]) -> dict[str, tuple[bool, ...]]:
    """Which of the wanted attributes each picture has."""
    lines = _lines(path, ATTRIBUTES)
    counted = len(lines) > 1 and len(lines[0]) == 1 and lines[0][0].isdigit()
    header, *rows = lines[1:] if counted else lines or [[]]
    header = header[1:] if header[:1] == ["image_id"] else header
    for attribute in wanted:
        if attribute not in header:
            raise DataError(
                f"--label {attribute}: no such attribute in {path}. {nearest(attribute, header)}"
            )
    columns = [header.index(attribute) + 1 for attribute in wanted]
    if odd := next((row for row in rows if len(row) != len(header) + 1), None):
        raise DataError(
            f"{_table(path, ATTRIBUTES)}: the line of {odd[0]} has {len(odd) - 1} values for "
            f"{len(header)} attributes."
        )
    found = {row[0]: tuple(row[column] == "1" for column in columns) for row in rows}
    if missing := next((name for name in names if name not in found), None):
        raise DataError(f"{_table(path, ATTRIBUTES)} has no line for {missing}.")
    return {name: found[name] for name in names}


def _partition(path: Path) -> dict[str, str] | None:
    """The part of each picture; None without a partition."""
    if _table(path, PARTITION) is None:
        return None
    return {line[0]: line[1] for line in _lines(path, PARTITION) if len(line) == 2}


def _table(path: Path, stem: str) -> Path | None:
    """The file of a table, as text or as commas."""
    files = (path / f"{stem}{suffix}" for suffix in (".txt", ".csv"))
    return next((file for file in files if file.is_file()), None)


def _lines(path: Path, stem: str) -> list[list[str]]:
    """The words of each line of a table."""
    file = _table(path, stem)
    assert file is not None, "a table that is there"
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise DataError(f"{file} cannot be read: {error}.") from error
    words = (line.replace(",", " ").split() for line in text.splitlines())
    return [line for line in words if line]
