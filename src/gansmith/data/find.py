"""From what the user gave as `--data`, a path or a name, to the pictures there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from gansmith.data import arrays, captions, celeba, domains, folder, hub, idx, shards
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.labels import FILE, labelled, labels_file
from gansmith.data.parts import held_out_beside, matched, training_folder
from gansmith.errors import DataError


class Layout(NamedTuple):
    """One way in which pictures lie on disk."""

    fits: Callable[[Path], bool]
    """Whether a path is laid out so; the first layout that fits is taken."""
    find: Callable[[Path, Form], Found]
    batch: Callable[[Path], str] = lambda path: "LabeledImages"
    """Name of the batch type, without reading every picture's labels."""
    attributes: bool = False
    """Whether `--label` and `--attributes` choose among several."""
    listed: bool = False
    """Whether a labels.csv may say what the pictures are."""


LAYOUTS = (
    Layout(idx.is_idx, idx.idx_pictures),
    Layout(arrays.is_array, arrays.array_pictures),
    Layout(celeba.is_celeba, celeba.celeba_pictures, attributes=True),
    Layout(domains.has_domains, domains.two_domains, lambda path: "UnpairedImages"),
    Layout(shards.is_sharded, shards.shard_pictures, shards.shard_batch),
    Layout(
        captions.is_captioned,
        captions.captioned_pictures,
        lambda path: "CaptionedImages",
        listed=True,
    ),
    Layout(folder.is_folder, folder.folder_pictures, listed=True),
)


def find(name: str, form: Form | None = None) -> Found:
    """The pictures of a path, of two as "A,B", or of the hub as "hf:NAME".

    Raises:
        DataError: there is nothing, nothing that is known, or `--label`, `--attributes` or
            `--labels-file` where they mean nothing.
    """
    form = form or Form()
    if name.startswith(hub.PREFIX):
        if asked := form.changes(("attributes", "labels_file")):
            raise DataError(f"{asked[0]} is not for data sets of the hub. Leave it out.")
        return hub.hub_pictures(name, form)
    pair = None if Path(name).exists() else domains.named_pair(name)
    if pair is not None:
        first, second = (find(part, form) for part in pair)
        if first.other is not None or second.other is not None:
            raise DataError(f"{name}: give two folders of one domain each.")
        return first._replace(other=second)
    layout, path = _place(name, form)
    _check_labels(name, form, layout, path)
    return _with_held_out(_found(layout, path, form), layout, path, form)


def _check_labels(name: str, form: Form, layout: Layout, path: Path) -> None:
    """Refuse what asks for labels that pictures of this layout cannot have."""
    if form.labels_file is not None and not layout.listed:
        raise DataError(
            f"--labels-file tells the labels of a folder of images, and {name} is none, or has "
            "labels of its own. Leave it out."
        )
    there = layout.attributes or (layout.listed and labels_file(path, form) is not None)
    if form.columns and not there:
        flag = "--label" if form.label else "--attributes"
        raise DataError(
            f"{flag} chooses among attributes, such as CelebA's or those of a {FILE}, and {name} "
            "has none. Leave it out: sub-folders, label files and label arrays are taken as "
            "classes anyway."
        )


def offers_attributes(name: str) -> bool:
    """Whether `--label` and `--attributes` mean something at a path."""
    if name.startswith(hub.PREFIX) or not Path(name).exists():
        return False
    layout, path = _place(name, Form())
    return layout.attributes or (layout.listed and labels_file(path, Form()) is not None)


def _found(layout: Layout, path: Path, form: Form) -> Found:
    """The pictures of one place, with what a table tells of them."""
    found = layout.find(path, form)
    file = labels_file(path, form) if layout.listed else None
    return found if file is None else labelled(found, file, form)


def _with_held_out(found: Found, layout: Layout, path: Path, form: Form) -> Found:
    """For a folder called train, the pictures of `held_out`, `test` or the like beside it."""
    beside = held_out_beside(path)
    if found.held_out or beside is None or not layout.fits(beside):
        return found
    form = replace(form, labels_file=None)  # each folder has a table of its own
    if form.columns and not layout.attributes and labels_file(beside, form) is None:
        return found
    held_out = matched(_found(layout, beside, form).train, found.train)
    if held_out is not None:
        return found._replace(held_out=held_out)
    note = f"{beside.name}/ is not used: its classes are not among those of {path.name}/."
    return found._replace(notes=(*found.notes, note))


def batch_of(name: str, attributed: bool = False) -> str:
    """Name of the batch type of what `find` would find; at most one sample is read.

    Args:
        name: as of `find`.
        attributed: whether attributes are asked for.

    Raises:
        DataError: as of `find`.
    """
    if name.startswith(hub.PREFIX):
        return hub.hub_batch(name)
    if not Path(name).exists() and domains.named_pair(name) is not None:
        return "UnpairedImages"
    if attributed:
        return "AttributedImages"
    layout, path = _place(name, Form())
    return layout.batch(path)


def absolute(name: str) -> str:
    """The same from any working directory."""
    if name.startswith(hub.PREFIX):
        return hub.absolute(name)
    pair = None if Path(name).exists() else domains.named_pair(name)
    return ",".join(str(Path(part).resolve()) for part in pair or (name,))


def _place(name: str, form: Form) -> tuple[Layout, Path]:
    """The layout of a path, and the folder to train on: where there are parts, one of them."""
    path, layout = Path(name), _layout(name)
    if not layout.listed or labels_file(path, form) is not None:
        return layout, path
    part = training_folder(path)
    return (layout, path) if part == path else (_layout(str(part)), part)


def _layout(name: str) -> Layout:
    path = Path(name)
    found = next((layout for layout in LAYOUTS if layout.fits(path)), None)
    if found is None:
        raise DataError(
            f"{name} is not a folder: --data wants a folder of images, a .tar, .npz, .npy or IDX "
            "file, two folders as A,B, or a name."
        )
    return found
