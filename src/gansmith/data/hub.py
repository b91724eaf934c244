"""Data sets in the layout of the Hugging Face hub, on disk or from there: `hf:NAME`.

NAME is OWNER/NAME or a local folder. After a "?" come `split=NAME` (train unless given),
`streaming` (the first 10,000 samples, without fetching the rest), or `streaming=N` for N of them,
joined by "&".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from gansmith.data.captions import one_line
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.source import Source
from gansmith.errors import ConfigError, DataError, nearest

PREFIX = "hf:"
CAP = 10_000
TEXTS = ("text", "caption", "captions", "prompt", "description")
"""Columns that are taken as captions first."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """What stands behind `hf:`."""

    name: str
    split: str = "train"
    cap: int | None = None
    """Samples to stream; None: the whole set, kept on disk."""


@dataclass(frozen=True, kw_only=True, eq=False)
class HubSource(Source):
    """Pictures in rows of a table."""

    rows: Any
    """A `datasets.Dataset`, or a list of rows, whose images are not decoded."""
    column: str

    def read(self, number: int) -> bytes:
        """The stored file of a picture."""
        stored = self.rows[number][self.column]
        if stored is None:
            raise OSError("the row has no image")
        return stored["bytes"] or Path(stored["path"]).read_bytes()


@dataclass(frozen=True)
class Columns:
    """Which columns of a table are used."""

    image: str
    label: str | None
    text: str | None


def address(given: str) -> Address:
    """The parts of `hf:NAME?split=NAME&streaming=N`.

    Raises:
        DataError: an unknown part.
    """
    name, _, rest = given.removeprefix(PREFIX).partition("?")
    cut = (part.partition("=") for part in rest.split("&") if part)
    parts = {key: value for key, _, value in cut}
    wrong = sorted(set(parts) - {"split", "streaming"})
    cap = parts.get("streaming")
    if not name or wrong or (cap and not (cap.isascii() and cap.isdigit() and int(cap))):
        raise DataError(
            f"--data {given}: expected hf:OWNER/NAME or hf:FOLDER, then, where wanted, "
            "?split=NAME, ?streaming or ?streaming=N, joined by &."
        )
    streamed = None if cap is None else int(cap or CAP)
    return Address(name=name, split=parts.get("split", "train"), cap=streamed)


def absolute(given: str) -> str:
    """The same from any working directory: a local folder's path becomes absolute."""
    name = address(given).name
    if not Path(name).is_dir():
        return given
    return PREFIX + str(Path(name).resolve()) + given.removeprefix(PREFIX + name)


def hub_batch(given: str) -> str:
    """Name of the batch type."""
    where = address(given)
    text = _columns(where, _splits(where)[where.split], Form()).text
    return "CaptionedImages" if text else "LabeledImages"


def hub_pictures(given: str, form: Form) -> Found:
    """The pictures of a split; "test" is held out where "train" is trained on.

    Labels come from a column of classes, the one that `form.label` names where there are several;
    captions from a column of texts.

    Raises:
        DataError: no such set or split, no image in it, or the `datasets` package is missing.
    """
    where = address(given)
    splits = _splits(where)
    columns = _columns(where, splits[where.split], form)
    train = _source(given, splits[where.split], columns, where)
    held_out = None
    if where.split == "train" and "test" in splits:
        held_out = _source(given, splits["test"], columns, where)
    return Found(train, held_out)


def _splits(where: Address) -> dict[str, Any]:
    """Every split, by name."""
    datasets = _package()
    with _explained(where):
        splits = dict(datasets.load_dataset(where.name, streaming=where.cap is not None))
    if where.split not in splits:
        raise DataError(
            f"{where.name} has no split {where.split!r}. {nearest(where.split, splits)}"
        )
    return splits


def _columns(where: Address, table: Any, form: Form) -> Columns:
    """The first image, the first classes and the likeliest text, by the types of the columns."""
    datasets = _package()
    with _explained(where):
        features = dict(table.features or table._resolve_features().features)
    images = [name for name, kind in features.items() if isinstance(kind, datasets.Image)]
    if not images:
        listed = ", ".join(f"{name} ({type(kind).__name__})" for name, kind in features.items())
        raise DataError(f"{where.name} has no column of images; its columns are {listed}.")
    classes = [name for name, kind in features.items() if isinstance(kind, datasets.ClassLabel)]
    label = next(iter(form.label or classes), None)
    if form.label and (len(form.label) > 1 or label not in classes):
        known = ", ".join(classes) or "none"
        raise DataError(f"--label {' '.join(form.label)}: give one column of classes: {known}.")
    texts = [name for name, kind in features.items() if getattr(kind, "dtype", "") == "string"]
    text = next((name for name in TEXTS if name in texts), None)
    return Columns(images[0], label, text)


def _source(given: str, table: Any, columns: Columns, where: Address) -> HubSource:
    """A split as a source; streamed rows are kept in memory, not decoded."""
    datasets = _package()
    with _explained(where):
        table = table.cast_column(columns.image, datasets.Image(decode=False))
        rows = table if where.cap is None else list(islice(table, where.cap))
        told = [_told(table, rows, name) for name in (columns.label, columns.text)]
        names = table.features[columns.label].names if columns.label else []
    if not len(rows):
        raise DataError(f"{given} has no rows.")
    labels, captions = told
    if any(label is None or label < 0 for label in labels):  # hidden, as in some test splits
        labels, names = [], []
    return HubSource(
        origin=given,
        layout="hub",
        names=tuple(f"{number:06d}" for number in range(len(rows))),
        labels=tuple(labels),
        class_names=tuple(names),
        captions=tuple(one_line(text or "") for text in captions),
        rows=rows,
        column=columns.image,
    )


def _told(table: Any, rows: Any, column: str | None) -> list[Any]:
    """A column's values; empty without a column."""
    if column is None:
        return []
    if isinstance(rows, list):
        return [row[column] for row in rows]
    return list(table.select_columns(column)[column])


def _package() -> Any:
    """The `datasets` package."""
    try:
        import datasets  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise ConfigError(
            "Data sets of the hub need the package `datasets`: pip install gansmith[hub]"
        ) from None
    return datasets


@contextmanager
def _explained(where: Address) -> Iterator[None]:
    """What the package raises, as one message."""
    try:
        yield
    except Exception as error:  # of many kinds: its own, network, files, Arrow
        why = str(error).partition("\n")[0] or type(error).__name__
        raise DataError(
            f"{where.name} cannot be loaded as a data set of the hub: {why} "
            "Check the name, the network, or give a local folder: hf:FOLDER."
        ) from error
