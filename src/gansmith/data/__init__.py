"""The data sets by name. This table is the only place that names them all."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gansmith.data.cached import located, recipe_table
from gansmith.errors import DataError, nearest

if TYPE_CHECKING:
    from gansmith.batch import DataSet


class Entry(NamedTuple):
    """Where a data set is, and what it is."""

    target: str
    """MODULE:FUNCTION; the function takes the size asked for, or None."""
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


def batch_name(name: str) -> str:
    """The name of the batch type that a set yields, without opening it.

    Raises:
        DataError: neither a known name nor a folder.
    """
    if name in DATASETS:
        return DATASETS[name].batch
    name = located(name)
    if Path(name).is_dir():
        return "LabeledImages"
    if Path(name).exists():
        raise DataError(f"{name} is not a folder: --data wants a folder of images, or a name.")
    raise DataError(
        f"No data set and no folder called {name!r}. {nearest(name, [*DATASETS, *recipe_table()])} "
        "Any folder of images can be given by its path."
    )


def open_data(name: str, size: int | None = None) -> DataSet:
    """The data set of this name, or the images of this folder.

    Args:
        name: a name of the table, or a path.
        size: side of the square images in pixels; None for the set's own (64 for a folder).

    Raises:
        DataError: unknown, empty, unreadable, or a size where it means nothing.
    """
    batch_name(name)
    if size is not None and size < 1:
        raise DataError(f"--size {size}: give the side of the images in pixels, such as 64.")
    if name not in DATASETS:
        name = located(name)
        from gansmith.data.decode import Conversion
        from gansmith.data.folder import image_folder
        from gansmith.data.images import image_set

        side = size or 64
        return image_set(image_folder(Path(name)), Conversion(height=side, width=side))
    module, _, function = DATASETS[name].target.partition(":")
    return getattr(importlib.import_module(module), function)(size)
