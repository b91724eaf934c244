"""The layout of CelebA: pictures, a table of attributes, and a table that says which to hold out.

Source: Liu et al. 2015, arXiv:1411.7766, and the read-me of its files.
"""

from __future__ import annotations

from pathlib import Path

from gansmith.data.attributes import AttributeTable, Told
from gansmith.data.folder import is_image
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.source import FileSource
from gansmith.errors import DataError

PICTURES = "img_align_celeba"
ATTRIBUTES, PARTITION = "list_attr_celeba", "list_eval_partition"
TRAIN, TEST = "0", "2"
"""Parts in the partition; 1, for validation, is left alone."""


def is_celeba(path: Path) -> bool:
    """Whether a folder holds the pictures and the table of attributes."""
    return (path / PICTURES).is_dir() and _table(path, ATTRIBUTES) is not None


def celeba_pictures(path: Path, form: Form) -> Found:
    """The pictures; with `form.label`, the combinations of these attributes are the classes.

    With `form.attributes`, each of these is told by itself.
    Where there is a partition, its training part is trained on and its test part held out.

    Raises:
        DataError: no picture, an unknown attribute, or a damaged table.
    """
    folder = path / PICTURES / PICTURES  # some archives hold it twice
    folder = folder if folder.is_dir() else path / PICTURES
    names = sorted(file.name for file in folder.iterdir() if is_image(file.name))
    if not names:
        raise DataError(f"No images in {folder}.")
    told = _table_of(path).told(form, names) if form.columns else None
    partition = _partition(path)
    train = names if partition is None else [n for n in names if partition.get(n) == TRAIN]
    test = [] if partition is None else [n for n in names if partition.get(n) == TEST]
    if not train:
        raise DataError(f"{path}: {PARTITION} names no picture of {folder} to train on.")
    sources = [_source(path, folder, part, told) for part in (train, test)]
    return Found(sources[0], sources[1] if test else None)


def _source(path: Path, folder: Path, names: list[str], told: Told | None) -> FileSource:
    source = FileSource(
        origin=str(path),
        layout="celeba",
        names=tuple((folder / name).relative_to(path).as_posix() for name in names),
    )
    return source if told is None else told.added(source, names)


def _table_of(path: Path) -> AttributeTable:
    """Every attribute of every picture."""
    lines, file = _lines(path, ATTRIBUTES), _table(path, ATTRIBUTES)
    counted = len(lines) > 1 and len(lines[0]) == 1 and lines[0][0].isdigit()
    header, *rows = lines[1:] if counted else lines or [[]]
    header = header[1:] if header[:1] == ["image_id"] else header
    if odd := next((row for row in rows if len(row) != len(header) + 1), None):
        raise DataError(
            f"{file}: the line of {odd[0]} has {len(odd) - 1} values for {len(header)} attributes."
        )
    return AttributeTable(str(path), str(file), header, {row[0]: row[1:] for row in rows})


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
