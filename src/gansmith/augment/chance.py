"""The probability of augmentation, adapted while training; state that a checkpoint keeps."""

from __future__ import annotations

import torch
from torch import Tensor, nn

IMAGES = 100_000
"""Real images, as many as it takes at the least to go from never to always."""
MEMORY = 0.9
"""Decay of the running mean of the signs."""


class Chance(nn.Module):
    """How often images are augmented before the discriminator, in [0, 1], from 0 on.

    Source: Karras et al. 2020, arXiv:2006.06676, section 3.1: the more of the real images the
    discriminator is sure of (the mean sign of its logits, above a target), the more is augmented.
    Deviations: it moves after each step, on a running mean of the signs in place of four batches;
    and five times as quickly, for runs that are shorter than the paper's.
    """

    p: Tensor
    sign: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("p", torch.zeros(()))
        self.register_buffer("sign", torch.zeros(()))

    def forward(self) -> Tensor:
        """The probability, as it is now."""
        return self.p.clone()


@torch.no_grad()
def adapt(chance: nn.Module, sign: Tensor, target: float, images: int) -> None:
    """Move after a step that saw so many real images, whose logits' mean sign was `sign`."""
    p, mean = chance.get_buffer("p"), chance.get_buffer("sign")
    mean.lerp_(sign.to(mean), 1 - MEMORY)
    p.add_(torch.sign(mean - target) * (images / IMAGES)).clamp_(0.0, 1.0)
