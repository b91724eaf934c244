"""Data sets that stay where they are, on disk or in main memory, and are read batch by batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.data.ahead import Ahead, Gather
from gansmith.data.resident import channels_first, floats


def streamed(
    spec: DataSpec, gather: Gather, labels: Tensor, device: torch.device | None = None
) -> DataSet:
    """A set whose batches are read when they are taken, or before where they are expected.

    Args:
        spec: with its fingerprint.
        gather: row numbers (B,) → uint8 (B, H, W, C).
        labels: (N,), on the CPU.
        device: where batches are wanted.
    """
    device = device or torch.device("cpu")
    ahead = Ahead(gather)

    def take(rows: Tensor) -> LabeledImages:
        rows = rows.cpu()
        pixels = channels_first(torch.from_numpy(ahead.take(rows.numpy())))
        return LabeledImages(floats(pixels.to(device)), labels.index_select(0, rows).to(device))

    def expect(batches: Sequence[Tensor]) -> None:
        ahead.expect([rows.cpu().numpy() for rows in batches])

    return DataSet(
        spec=spec,
        take=take,
        to=lambda where: streamed(spec, gather, labels, where),
        expect=expect,
    )
