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
from gansmith.data.parts import Parts, beside, matched, parts_of
from gansmith.data.parts import absolute as absolute_path
from gansmith.data.source import Source
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
        return _pair(find(pair[0], form), find(pair[1], form), name)
    layout, parts = _place(name, form)
    _check_labels(name, form, layout, parts.train)
    found = _with_held_out(_found(layout, parts.train, form), layout, parts, form)
    return found._replace(notes=(*found.notes, parts.note)) if parts.note else found


def _pair(first: Found, second: Found, name: str) -> Found:
    """Two domains, with what is worth knowing of both."""
    if first.other is not None or second.other is not None:
        raise DataError(f"{name}: give two folders of one domain each.")
    notes = [*first.notes, *second.notes]
    if (first.held_out is None) != (second.held_out is None):
        notes.append("One domain alone holds pictures out: these are not used.")
    return first._replace(other=second, notes=tuple(notes))


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
    layout, parts = _place(name, Form())
    return layout.attributes or (layout.listed and labels_file(parts.train, Form()) is not None)


def _found(layout: Layout, path: Path, form: Form) -> Found:
    """The pictures of one place, with what a table tells of them."""
    found = layout.find(path, form)
    file = labels_file(path, form) if layout.listed else None
    return found if file is None else labelled(found, file, form)


def _with_held_out(found: Found, layout: Layout, parts: Parts, form: Form) -> Found:
    """With the first of the folders beside the one trained on that fits it."""
    notes, form = list(found.notes), replace(form, labels_file=None)  # a table is of one folder
    for other in () if found.held_out else parts.held_out:
        held_out = _held_out(other, found.train, layout, form)
        if not isinstance(held_out, str):
            return found._replace(held_out=held_out, notes=tuple(notes))
        notes.append(f"{other.name}/ beside {parts.train.name}/ is not held out: {held_out}")
    return found._replace(notes=tuple(notes))


def _held_out(path: Path, train: Source, layout: Layout, form: Form) -> Source | str:
    """The pictures of a folder as held-out ones of these; or why they cannot be."""
    if not layout.fits(path):
        return "it is laid out otherwise."
    if form.columns and not layout.attributes and labels_file(path, form) is None:
        return f"it has no {FILE}."
    try:
        other = matched(_found(layout, path, form).train, train)
    except DataError as error:
        return str(error)
    return "its classes are not among those that are trained on." if other is None else other


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
    layout, parts = _place(name, Form())
    return layout.batch(parts.train)


def absolute(name: str) -> str:
    """The same from any working directory."""
    if name.startswith(hub.PREFIX):
        return hub.absolute(name)
    pair = None if Path(name).exists() else domains.named_pair(name)
    return ",".join(str(absolute_path(Path(part))) for part in pair or (name,))


def _place(name: str, form: Form) -> tuple[Layout, Parts]:
    """The layout of a path and its parts; a table of labels or captions goes for the whole."""
    path, layout = Path(name), _layout(name)
    whole = labels_file(path, form) is not None or captions.listed_in(path) is not None
    if not layout.listed or whole:
        return layout, Parts(path, beside(path))
    parts = parts_of(path)
    return (layout if parts.train == path else _layout(str(parts.train))), parts


def _layout(name: str) -> Layout:
    path = Path(name)
    found = next((layout for layout in LAYOUTS if layout.fits(path)), None)
    if found is None:
        raise DataError(
            f"{name} is not a folder of images. Sets are such folders, .tar, .npz, .npy and IDX "
            "files, two folders as A,B, and names; `gansmith list data` shows these."
        )
    return found
