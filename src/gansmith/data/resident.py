"""Data sets that live in memory: small samples kept as tensors and indexed, never decoded twice."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gansmith.batch import (
    AttributedImages,
    Batch,
    CaptionedImages,
    DataSet,
    DataSpec,
    LabeledImages,
    Points,
    UnpairedImages,
)


class Resident(ABC):
    """Samples on one device."""

    @property
    @abstractmethod
    def tensors(self) -> tuple[Tensor, ...]:
        """All that is held: what the fingerprint is of."""

    @abstractmethod
    def __len__(self) -> int:
        """Samples that `take` can be asked for."""

    @abstractmethod
    def take(self, rows: Tensor) -> Batch:
        """The samples of these numbers as a batch."""

    @abstractmethod
    def to(self, device: torch.device) -> Resident:
        """The same on another device."""

    def all(self) -> Batch:
        """Every sample."""
        return self.take(torch.arange(len(self), device=self.tensors[0].device))


@dataclass(frozen=True)
class ResidentImages(Resident):
    """uint8 images (N, C, H, W) and labels (N,), or those of `ResidentAttributed`."""

    images: Tensor
    labels: Tensor

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        return self.images, self.labels

    def __len__(self) -> int:
        return len(self.images)

    def take(self, rows: Tensor) -> LabeledImages:
        """Floats in [-1, 1] and labels."""
        return LabeledImages(scaled(self.images, rows), self.labels.index_select(0, rows))

    def to(self, device: torch.device) -> ResidentImages:
        """The same on another device."""
        return ResidentImages(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class ResidentCaptioned(Resident):
    """Images whose captions begin at `first` in the set's list of them."""

    images: ResidentImages
    first: int = 0

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        return self.images.tensors

    def __len__(self) -> int:
        return len(self.images)

    def take(self, rows: Tensor) -> CaptionedImages:
        """Floats in [-1, 1], labels and numbers of captions."""
        return CaptionedImages(*self.images.take(rows), rows + self.first)

    def to(self, device: torch.device) -> ResidentCaptioned:
        """The same on another device."""
        return ResidentCaptioned(self.images.to(device), self.first)


@dataclass(frozen=True)
class ResidentAttributed(Resident):
    """Images whose labels are 1 or 0 for each attribute, (N, A)."""

    images: ResidentImages

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        return self.images.tensors

    def __len__(self) -> int:
        return len(self.images)

    def take(self, rows: Tensor) -> AttributedImages:
        """Floats in [-1, 1] and float32 attributes."""
        x, y = self.images.take(rows)
        return AttributedImages(x, y.float())

    def to(self, device: torch.device) -> ResidentAttributed:
        """The same on another device."""
        return ResidentAttributed(self.images.to(device))


@dataclass(frozen=True)
class ResidentUnpaired(Resident):
    """uint8 images (N, C, H, W) and (M, C, H, W); a pass runs through the larger domain once.

    The smaller one is repeated. Who stands beside whom is left to how the tensors are ordered.
    """

    a: Tensor
    b: Tensor

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        return self.a, self.b

    def __len__(self) -> int:
        return max(len(self.a), len(self.b))

    def take(self, rows: Tensor) -> UnpairedImages:
        """Floats in [-1, 1] of each domain."""
        return UnpairedImages(
            scaled(self.a, rows % len(self.a)), scaled(self.b, rows % len(self.b))
        )

    def to(self, device: torch.device) -> ResidentUnpaired:
        """The same on another device."""
        return ResidentUnpaired(self.a.to(device), self.b.to(device))


@dataclass(frozen=True)
class ResidentPoints(Resident):
    """Points (N, D)."""

    points: Tensor

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        return (self.points,)

    def __len__(self) -> int:
        return len(self.points)

    def take(self, rows: Tensor) -> Points:
        """The points as they are."""
        return Points(self.points.index_select(0, rows))

    def to(self, device: torch.device) -> ResidentPoints:
        """The same on another device."""
        return ResidentPoints(self.points.to(device))


def scaled(images: Tensor, rows: Tensor) -> Tensor:
    """Rows of uint8 images (N, C, H, W) as floats in [-1, 1]; channels last in memory.

    Images that lie channels last already are quicker: nothing is turned round after the choice.
    """
    if images.shape[1] > 1 and images.is_contiguous(memory_format=torch.channels_last):
        return floats(images.permute(0, 2, 3, 1).index_select(0, rows).permute(0, 3, 1, 2))
    return floats(images.index_select(0, rows))


def floats(images: Tensor) -> Tensor:
    """uint8 images (N, C, H, W) in [-1, 1]; channels last, as convolutions want them."""
    x = images.float().div_(127.5).sub_(1.0)
    return x.contiguous(memory_format=torch.channels_last)


def channels_first(images: Tensor) -> Tensor:
    """(N, H, W, C) → (N, C, H, W), a view."""
    if images.shape[3] == 1:  # strides as those of images that were never turned
        return images.reshape(len(images), 1, *images.shape[1:3])
    return images.permute(0, 3, 1, 2)


def resident(
    spec: DataSpec,
    train: Resident,
    held_out: Resident | None = None,
    captions: Sequence[str] = (),
) -> DataSet:
    """A data set of samples in memory; its fingerprint is computed here."""
    digest = hashlib.sha256()
    for tensor in train.tensors:
        digest.update(tensor.contiguous().numpy().data)  # the memory itself, no copy
    digest.update("\0".join(captions).encode())
    spec = replace(spec, fingerprint=digest.hexdigest())
    return _data_set(spec, train, held_out, tuple(captions))


def _data_set(
    spec: DataSpec, train: Resident, held_out: Resident | None, captions: tuple[str, ...]
) -> DataSet:
    return DataSet(
        spec=spec,
        take=train.take,
        to=lambda device: _data_set(spec, train.to(device), held_out, captions),
        held_out=lambda: None if held_out is None else held_out.all(),
        captions=captions,
        labels=_labels(train) if spec.class_names else None,
    )


def _labels(train: Resident) -> Tensor | None:
    """What is told of each image, on the CPU."""
    images = train.images if isinstance(train, ResidentCaptioned | ResidentAttributed) else train
    return images.labels.cpu() if isinstance(images, ResidentImages) else None
