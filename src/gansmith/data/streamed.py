"""Data sets that stay where they are, on disk or in main memory, and are read batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from gansmith.batch import AttributedImages, CaptionedImages, LabeledImages
from gansmith.data.ahead import Ahead, Gather
from gansmith.data.resident import channels_first, floats

CPU = torch.device("cpu")


@dataclass(frozen=True)
class StreamedImages:
    """Images that are read when they are taken, or before where they are expected."""

    gather: Gather
    """Row numbers (B,) → uint8 (B, H, W, C)."""
    labels: Tensor
    """(N,), or (N, A) attributes, on the CPU."""
    captioned: bool = False
    device: torch.device = CPU
    """Where batches are wanted."""
    ahead: Ahead = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ahead", Ahead(self.gather))

    def take(self, rows: Tensor) -> LabeledImages | CaptionedImages | AttributedImages:
        """Floats in [-1, 1] and labels; row numbers as captions, where there are some."""
        rows = rows.cpu()
        pixels = channels_first(torch.from_numpy(self.ahead.take(rows.numpy())))
        x = floats(pixels.to(self.device))
        y = self.labels.index_select(0, rows).to(self.device)
        if self.labels.ndim == 2:
            return AttributedImages(x, y.float())
        return (
            CaptionedImages(x, y, rows.to(self.device)) if self.captioned else LabeledImages(x, y)
        )

    def expect(self, batches: Sequence[Tensor]) -> None:
        """Begin to read these."""
        self.ahead.expect([rows.cpu().numpy() for rows in batches])

    def to(self, device: torch.device) -> StreamedImages:
        """The same, for batches on another device."""
        return StreamedImages(self.gather, self.labels, self.captioned, device)
