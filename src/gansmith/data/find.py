"""From what the user gave as `--data`, a path or a name, to the pictures there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from gansmith.data import arrays, captions, celeba, domains, folder, hub, idx, shards
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.errors import DataError


class Layout(NamedTuple):
    """One way in which pictures lie on disk."""

    fits: Callable[[Path], bool]
    """Whether a path is laid out so; the first layout that fits is taken."""
    find: Callable[[Path, Form], Found]
    batch: Callable[[Path], str] = lambda path: "LabeledImages"
    """Name of the batch type, without reading every picture's labels."""
    attributes: bool = False
    """Whether `--label` chooses among several."""


HELD_OUT = "held_out"
LAYOUTS = (
    Layout(idx.is_idx, idx.idx_pictures),
    Layout(arrays.is_array, arrays.array_pictures),
    Layout(celeba.is_celeba, celeba.celeba_pictures, attributes=True),
    Layout(domains.has_domains, domains.two_domains, lambda path: "UnpairedImages"),
    Layout(shards.is_sharded, shards.shard_pictures, shards.shard_batch),
    Layout(captions.is_captioned, captions.captioned_pictures, lambda path: "CaptionedImages"),
    Layout(folder.is_folder, folder.folder_pictures),
)


def find(name: str, form: Form | None = None) -> Found:
    """The pictures of a path, of two as "A,B", or of the hub as "hf:NAME".

    Raises:
        DataError: there is nothing, nothing that is known, or `--label` where it means nothing.
    """
    form = form or Form()
    if name.startswith(hub.PREFIX):
        return hub.hub_pictures(name, form)
    pair = None if Path(name).exists() else domains.named_pair(name)
    if pair is not None:
        first, second = (find(part, form) for part in pair)
        if first.other is not None or second.other is not None:
            raise DataError(f"{name}: give two folders of one domain each.")
        return first._replace(other=second)
    layout = _layout(name)
    if form.label and not layout.attributes:
        raise DataError(
            f"--label chooses among attributes, such as CelebA's, and {name} has none. Leave it "
            "out: sub-folders, label files and label arrays are taken as classes anyway."
        )
    return _with_held_out(layout.find(Path(name), form), layout, Path(name), form)


def _with_held_out(found: Found, layout: Layout, path: Path, form: Form) -> Found:
    """For a folder called train, the pictures of `held_out` beside it, where classes are equal."""
    beside = path.resolve().parent / HELD_OUT
    if found.held_out or path.resolve().name != "train" or not layout.fits(beside):
        return found
    other = layout.find(beside, form).train
    return found if other.class_names != found.train.class_names else found._replace(held_out=other)


def batch_of(name: str) -> str:
    """Name of the batch type of what `find` would find; at most one sample is read.

    Raises:
        DataError: as of `find`.
    """
    if name.startswith(hub.PREFIX):
        return hub.hub_batch(name)
    if not Path(name).exists() and domains.named_pair(name) is not None:
        return "UnpairedImages"
    return _layout(name).batch(Path(name))


def absolute(name: str) -> str:
    """The same from any working directory."""
    if name.startswith(hub.PREFIX):
        return hub.absolute(name)
    pair = None if Path(name).exists() else domains.named_pair(name)
    return ",".join(str(Path(part).resolve()) for part in pair or (name,))


def _layout(name: str) -> Layout:
    path = Path(name)
    found = next((layout for layout in LAYOUTS if layout.fits(path)), None)
    if found is None:
        raise DataError(
            f"{name} is not a folder: --data wants a folder of images, a .tar, .npz, .npy or IDX "
            "file, two folders as A,B, or a name."
        )
    return found
