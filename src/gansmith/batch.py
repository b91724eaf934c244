"""The kinds of batches that data sets yield and methods eat, and what a data set says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice, repeat
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor


class LabeledImages(NamedTuple):
    """Images with their classes."""

    x: Tensor
    """(N, C, H, W) in [-1, 1]."""
    y: Tensor
    """(N,) class numbers; all zero where the data has no labels."""


class Points(NamedTuple):
    """Points of a low-dimensional distribution."""

    x: Tensor
    """(N, D)."""


class CaptionedImages(NamedTuple):
    """Images with their captions; a method that eats labelled images can be given them too."""

    x: Tensor
    """(N, C, H, W) in [-1, 1]."""
    y: Tensor
    """(N,) class numbers; all zero where the data has no labels."""
    caption: Tensor
    """(N,) which of the set's `captions` belongs to each image."""


class PartlyLabeledImages(NamedTuple):
    """Images with their classes, and as many without."""

    x: Tensor
    """(N, C, H, W) in [-1, 1]: of the few whose class is known, again and again."""
    y: Tensor
    """(N,) their class numbers."""
    unlabeled: Tensor
    """(N, C, H, W) in [-1, 1]: of all training images, whose classes are not told."""


class AttributedImages(NamedTuple):
    """Images with attributes, of which each has any number."""

    x: Tensor
    """(N, C, H, W) in [-1, 1]."""
    y: Tensor
    """(N, A) 1 where an image has the attribute, 0 where not; float32."""


class UnpairedImages(NamedTuple):
    """Images of two domains; those of one row do not belong together."""

    a: Tensor
    """(N, C, H, W) in [-1, 1]."""
    b: Tensor
    """(N, C, H, W) in [-1, 1]."""


Batch: TypeAlias = (
    LabeledImages
    | Points
    | CaptionedImages
    | PartlyLabeledImages
    | AttributedImages
    | UnpairedImages
)


@dataclass(frozen=True, kw_only=True)
class DataSpec:
    """What a method may know of a data set before it sees a sample."""

    name: str
    batch: type
    """The batch type that the set yields."""
    shape: tuple[int, ...]
    """One sample: (C, H, W) for images, (D,) for points."""
    size: int
    """Training samples."""
    class_names: tuple[str, ...] = ()
    """Of attributes their names."""
    fingerprint: str = ""
    """sha256 over the training samples as they are served: a changed set is noticed on resume."""
    unreadable: tuple[str, ...] = ()
    """The images that are left out, as "name: why they cannot be read"."""

    @property
    def classes(self) -> int:
        """Number of classes, or of attributes; 0 where the data has no labels."""
        return len(self.class_names)


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """Samples by their number: training ones and, where there are any, held-out ones.

    `take` turns row numbers into a batch on the device that the set was moved to, and is pure.
    Where the samples are resident, the row numbers lie on that device too.
    """

    spec: DataSpec
    take: Callable[[Tensor], Batch]
    to: Callable[[torch.device], DataSet]
    """The same set with its samples resident on a device."""
    held_out: Callable[[], Batch | None] = lambda: None
    expect: Callable[[Sequence[Tensor]], None] | None = None
    """Told which batches will be taken next, by their rows, so that they are read ahead; row
    numbers stay on the CPU then. None where nothing has to be read."""
    captions: tuple[str, ...] = ()
    """Of the training images in their order, then of the held-out ones."""
    notes: tuple[str, ...] = ()
    """What is worth knowing of the samples before training, a line each."""
    labels: Tensor | None = None
    """(N,) class numbers of the training images in their order, or (N, A) attributes; on the CPU.
    None where there are none."""
    judged: DataSet | None = None
    """The set that measures judge by, where it is another one: with every label told, say."""


def blank(
    spec: DataSpec,
    rows: int,
    device: torch.device | str = "cpu",
    first: int = 0,
    wanted: Tensor | None = None,
) -> Batch:
    """A batch of the set's kind without data, for methods that generate from noise and labels.

    Samples are zero; labels run through the classes in turn, so that a grid shows each of them, and
    begin as those of row `first` of a longer batch do. Attributes run through each alone, then
    through their combinations. With `wanted`, (K,) class numbers or (K, A) attributes, labels run
    through these instead.
    """
    x = torch.zeros(rows, *spec.shape, device=device)
    if spec.batch is Points:
        return Points(x)
    if spec.batch is UnpairedImages:
        return UnpairedImages(x, x)
    number = torch.arange(first, first + rows, device=device)
    if wanted is not None:
        y = wanted.to(device)[number % len(wanted)]
    elif spec.batch is AttributedImages:
        y = attribute_rows(spec.classes, first, rows).to(device)
    else:
        y = number % max(spec.classes, 1)
    if spec.batch is AttributedImages:
        return AttributedImages(x, y)
    if spec.batch is PartlyLabeledImages:
        return PartlyLabeledImages(x, y, x)
    if spec.batch is CaptionedImages:
        return CaptionedImages(x, y, number % spec.size)
    return LabeledImages(x, y)


def attribute_rows(attributes: int, first: int, rows: int) -> Tensor:
    """(rows, attributes): row i has one attribute where i < attributes, then two, ..., then none.

    After all 2^attributes combinations it begins again; these are rows first … first + rows - 1.
    """

    def once() -> Iterator[tuple[int, ...]]:
        sizes = (*range(1, attributes + 1), 0)
        return chain.from_iterable(combinations(range(attributes), size) for size in sizes)

    start = first % 2**attributes
    endless = chain.from_iterable(once() for _ in repeat(None))
    y = torch.zeros(rows, attributes)
    for row, chosen in enumerate(islice(endless, start, start + rows)):
        y[row, list(chosen)] = 1
    return y


def without_captions(data: DataSet) -> DataSet:
    """A captioned set as labelled images."""

    def plain(batch: Batch | None) -> LabeledImages | None:
        return LabeledImages(batch.x, batch.y) if isinstance(batch, CaptionedImages) else None

    def take(rows: Tensor) -> LabeledImages:
        batch = data.take(rows)
        assert isinstance(batch, CaptionedImages), "only a captioned set has captions to lose"
        return LabeledImages(batch.x, batch.y)

    return DataSet(
        spec=replace(data.spec, batch=LabeledImages),
        take=take,
        to=lambda device: without_captions(data.to(device)),
        held_out=lambda: plain(data.held_out()),
        expect=data.expect,
        notes=data.notes,
        labels=data.labels,
    )
