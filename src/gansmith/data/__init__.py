"""The data sets by name. This table is the only place that names them all."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gansmith.data.cached import located, recipe_table
from gansmith.data.form import LABELS, Form
from gansmith.data.manifest import Manifest, is_prepared
from gansmith.errors import DataError, nearest

if TYPE_CHECKING:
    from gansmith.batch import DataSet


class Entry(NamedTuple):
    """Where a data set is, and what it is."""

    target: str
    """MODULE:FUNCTION; the function takes the form asked for."""
    batch: str
    """Name of the batch type."""
    about: str
    licence: str


DATASETS: dict[str, Entry] = {
    "mnist": Entry(
        "gansmith.data.mnist:mnist",
        "LabeledImages",
        "5,000 handwritten digits of 28x28, 4,000 for training and 1,000 held out; in the package",
        "CC BY-SA 3.0",
    ),
    "8gaussians": Entry(
        "gansmith.data.points:eight_gaussians", "Points", "8 modes on a circle", "none needed"
    ),
    "25gaussians": Entry(
        "gansmith.data.points:grid_of_gaussians", "Points", "25 modes on a grid", "none needed"
    ),
    "swissroll": Entry(
        "gansmith.data.points:swiss_roll", "Points", "a noisy spiral", "none needed"
    ),
}


def batch_name(name: str, attributed: bool = False) -> str:
    """The name of the batch type that a set yields, without reading its pictures.

    Args:
        name: as of `open_data`.
        attributed: whether attributes are asked for.

    Raises:
        DataError: neither a known name nor pictures.
    """
    if name in DATASETS:
        return DATASETS[name].batch
    name = check_there(name)
    if is_prepared(Path(name)):
        return Manifest.read(Path(name)).batch
    from gansmith.data.find import batch_of

    return batch_of(name, attributed)


def open_data(name: str, form: Form | None = None) -> DataSet:
    """The data set of this name, or the pictures of this path.

    Args:
        name: a name of the table, a path, "A,B" or "hf:NAME": see `find.py`.
        form: size and the like; without it the set's own (64 x 64 for files).

    Raises:
        DataError: unknown, empty, unreadable, too large, or a form that means nothing here.
    """
    form = form or Form()
    if name in DATASETS:
        if asked := form.changes(LABELS):
            what = "chooses among attributes" if form.columns else "tells of a folder of images"
            raise DataError(f"{asked[0]} {what}, and {name} has none. Leave it out.")
        module, _, function = DATASETS[name].target.partition(":")
        return getattr(importlib.import_module(module), function)(form)
    name = check_there(name)
    if is_prepared(Path(name)):
        from gansmith.data.prepared import prepared_set

        return prepared_set(Path(name), form)
    from gansmith.data.find import find
    from gansmith.data.images import image_set

    return image_set(find(name, form), form)


def absolute(name: str) -> str:
    """The same data from any working directory; a recipe's name stays a name."""
    if name in DATASETS or located(name) != name:
        return name
    from gansmith.data.find import absolute as absolute_path

    return absolute_path(name)


def check_there(name: str) -> str:
    """The path of a fetched set, any other name as it is; a name that is nothing is refused."""
    name = located(name)
    there = name.startswith("hf:") or Path(name).exists()
    if not there and "," in name:
        from gansmith.data.domains import named_pair

        there = named_pair(name) is not None
    if not there:
        known = [*DATASETS, *recipe_table()]
        raise DataError(
            f"No data set and no folder called {name!r}. {nearest(name, known)} "
            "Any folder of images can be given by its path; `gansmith data list` tells what can be "
            "fetched."
        )
    return name
