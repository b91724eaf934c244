"""A set as another one sees it: some of its samples alone, or without what is told of them."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from gansmith.batch import AttributedImages, Batch, DataSet, LabeledImages


def only(data: DataSet, rows: Tensor) -> DataSet:
    """The set with these training samples alone, numbered anew."""
    expect = data.expect
    rows = rows.cpu() if expect else rows  # row numbers stay on the CPU then
    return replace(
        data,
        spec=replace(data.spec, size=len(rows)),
        take=lambda wanted: data.take(rows[wanted]),
        to=lambda device: only(data.to(device), rows.to(device)),
        expect=expect and (lambda batches: expect([rows[wanted] for wanted in batches])),
        labels=None if data.labels is None else data.labels[rows.cpu()],
    )


def without_attributes(data: DataSet) -> DataSet:
    """A set of images with attributes as images without classes."""

    def plain(batch: Batch | None) -> LabeledImages | None:
        if not isinstance(batch, AttributedImages):
            return None
        return LabeledImages(
            batch.x, torch.zeros(len(batch.x), dtype=torch.long).to(batch.x.device)
        )

    def take(rows: Tensor) -> LabeledImages:
        batch = plain(data.take(rows))
        assert batch is not None, "only a set with attributes has attributes to lose"
        return batch

    return replace(
        data,
        spec=replace(data.spec, batch=LabeledImages, class_names=()),
        take=take,
        to=lambda device: without_attributes(data.to(device)),
        held_out=lambda: plain(data.held_out()),
        labels=None,
        judged=None,
    )
