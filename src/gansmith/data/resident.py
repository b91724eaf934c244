"""Data sets that live in memory: small samples kept as tensors and indexed, never decoded twice."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gansmith.batch import DataSet, DataSpec, LabeledImages, Points


@dataclass(frozen=True)
class ResidentImages:
    """uint8 images (N, C, H, W) and labels (N,) on one device."""

    images: Tensor
    labels: Tensor

    def take(self, rows: Tensor) -> LabeledImages:
        """Rows as floats in [-1, 1]; channels last in memory, as convolutions want them."""
        return LabeledImages(scaled(self.images, rows), self.labels.index_select(0, rows))

    def to(self, device: torch.device) -> ResidentImages:
        """The same on another device."""
        return ResidentImages(self.images.to(device), self.labels.to(device))

    def all(self) -> LabeledImages:
        """Every image."""
        return self.take(torch.arange(len(self.images), device=self.images.device))


@dataclass(frozen=True)
class ResidentPoints:
    """Points (N, D) on one device."""

    points: Tensor

    def take(self, rows: Tensor) -> Points:
        """Rows as they are."""
        return Points(self.points.index_select(0, rows))

    def to(self, device: torch.device) -> ResidentPoints:
        """The same on another device."""
        return ResidentPoints(self.points.to(device))

    def all(self) -> Points:
        """Every point."""
        return Points(self.points)


Resident = ResidentImages | ResidentPoints


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


def resident(spec: DataSpec, train: Resident, held_out: Resident | None = None) -> DataSet:
    """A data set of samples in memory; its fingerprint is computed here."""
    samples = train.images if isinstance(train, ResidentImages) else train.points
    labels = train.labels if isinstance(train, ResidentImages) else torch.empty(0)
    digest = hashlib.sha256(samples.contiguous().numpy().tobytes())
    digest.update(labels.contiguous().numpy().tobytes())
    return _data_set(replace(spec, fingerprint=digest.hexdigest()), train, held_out)


def _data_set(spec: DataSpec, train: Resident, held_out: Resident | None) -> DataSet:
    return DataSet(
        spec=spec,
        take=train.take,
        to=lambda device: _data_set(spec, train.to(device), held_out),
        held_out=lambda: None if held_out is None else held_out.all(),
    )
