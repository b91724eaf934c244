"""Few labels: which training images are labelled, and what becomes of the others."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.batch import (
    CaptionedImages,
    DataSet,
    DataSpec,
    LabeledImages,
    PartlyLabeledImages,
    without_captions,
)
from gansmith.data.subset import only
from gansmith.draws import seed_of
from gansmith.errors import DataError


class Told(NamedTuple):
    """A set as a run is trained on it, and which labels that tells."""

    data: DataSet
    sha256: str = ""
    """Of the numbers of the images whose labels are told; empty where all are."""


def told(data: DataSet, kind: type, per_class: int | None, seed: int) -> Told:
    """The set with so many labels of each class.

    For `PartlyLabeledImages` the other images stay, without their labels; for any other batch type
    they are left out. Held-out images keep their labels, and measures see all of them.

    Args:
        data: with classes; where no label is hidden and `kind` needs none, any set.
        kind: the batch type that is wanted.
        per_class: labels of each class; None for all.
        seed: what the choice follows from; of one seed, fewer labels are among more.

    Raises:
        DataError: no classes, or a class of fewer images.
    """
    if per_class is None and kind is not PartlyLabeledImages:
        return Told(data)
    _check(data.spec, data.labels, per_class)
    assert data.labels is not None, "checked before"
    rows = torch.arange(data.spec.size)
    if per_class is not None:
        rows = chosen_rows(data.labels, data.spec.classes, per_class, seed)
    if kind is not PartlyLabeledImages:
        made = only(data, rows)
    else:
        plain = without_captions(data) if data.spec.batch is CaptionedImages else data
        made = _partly(plain, partners(rows, data.spec.size, seed))
    judged = data if per_class is not None or kind is PartlyLabeledImages else None
    made = replace(made, notes=(*data.notes, _note(data.spec, kind, rows)), judged=judged)
    return Told(made, "" if per_class is None else hash_of(rows))


def chosen_rows(labels: Tensor, classes: int, per_class: int, seed: int) -> Tensor:
    """The numbers of images whose labels are told, ascending: `per_class` of each class."""
    chosen = []
    for number in range(classes):
        mine = (labels == number).nonzero().flatten()
        random = torch.Generator().manual_seed(seed_of(seed, "labels", number))
        chosen.append(mine[torch.randperm(len(mine), generator=random)[:per_class]])
    return torch.cat(chosen).sort().values


def partners(labelled: Tensor, size: int, seed: int) -> Tensor:
    """For each of `size` images a labelled one, (size,): all equally often, but for one more.

    Their order follows from the seed and knows nothing of classes or of the images' order.
    """
    random = torch.Generator().manual_seed(seed_of(seed, "partners"))
    order = labelled[torch.randperm(len(labelled), generator=random)]
    tiled = order.repeat(-(-size // len(order)))[:size]
    return tiled[torch.randperm(size, generator=random)]


def _partly(data: DataSet, partner: Tensor) -> DataSet:
    """Each image without its label, and beside it the labelled one that is its partner."""
    expect = data.expect
    partner = partner.cpu() if expect else partner  # row numbers stay on the CPU then

    def take(rows: Tensor) -> PartlyLabeledImages:
        few, many = data.take(partner[rows]), data.take(rows)
        assert isinstance(few, LabeledImages) and isinstance(many, LabeledImages)
        return PartlyLabeledImages(few.x, few.y, many.x)

    return replace(
        data,
        spec=replace(data.spec, batch=PartlyLabeledImages),
        take=take,
        to=lambda device: _partly(data.to(device), partner.to(device)),
        expect=expect
        and (lambda batches: expect([one for rows in batches for one in (partner[rows], rows)])),
        labels=None,
    )


def hash_of(rows: Tensor) -> str:
    """sha256 of row numbers as text."""
    return hashlib.sha256(" ".join(map(str, rows.tolist())).encode()).hexdigest()


def _note(spec: DataSpec, kind: type, rows: Tensor) -> str:
    few, all_, each = f"{len(rows):,}", f"{spec.size:,}", len(rows) // spec.classes
    if len(rows) == spec.size:
        return f"The labels of all {all_} images are told; --labels-per-class N tells N of a class."
    if kind is PartlyLabeledImages:
        return f"The labels of {few} of {all_} images are told, {each} of each class."
    return (
        f"Trained on {few} of {all_} images, {each} of each class: this method has no use for "
        "images without labels."
    )


def _check(spec: DataSpec, labels: Tensor | None, per_class: int | None) -> None:
    if labels is None or labels.ndim > 1 or not spec.classes:
        asked = (
            "This method needs" if per_class is None else f"--labels-per-class {per_class} needs"
        )
        raise DataError(
            f"{asked} images with classes, and {spec.name} has none. Sub-folders are classes; so "
            "are the labels of a labels.csv, and attributes with --label."
        )
    if per_class is None:
        return
    counts = torch.bincount(labels, minlength=spec.classes)
    least = int(counts.argmin())
    if counts[least] == 0:
        raise DataError(
            f"--labels-per-class {per_class}: the class {spec.class_names[least]!r} has no images "
            "to train on: all of its images are held out. Add some, or leave the class out."
        )
    if not 1 <= per_class <= counts[least]:
        raise DataError(
            f"--labels-per-class {per_class}: the class {spec.class_names[least]!r} has "
            f"{int(counts[least]):,} images to train on. Give a number from 1 to that."
        )
