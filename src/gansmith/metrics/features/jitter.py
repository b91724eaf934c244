"""Each image a little turned, moved, scaled and sheared, so that few images teach more."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

NUMBERS = 5
TURN, SCALE, SHEAR, MOVE = 10 * math.pi / 180, 0.1, 0.1, 0.08
"""At most; radians, and parts of the image."""


def jitter(x: Tensor, draw: Tensor) -> Tensor:
    """Images by an affine map each; never mirrored: a mirrored digit is none. Edges repeat.

    Args:
        x: (N, C, H, W).
        draw: (N, 5) in [-1, 1): turn, scale, shear, move across, move down; 0 leaves it out.
    """
    turn, scale, shear = draw[:, 0] * TURN, 1 + draw[:, 1] * SCALE, draw[:, 2] * SHEAR
    height, width = x.shape[2:]
    cosine, sine = turn.cos() * scale, turn.sin() * scale
    move = draw[:, 3:5] * 2 * MOVE  # a side is 2 long there
    across = torch.stack([cosine, (shear - sine) * height / width, move[:, 0]], 1)
    down = torch.stack([sine * width / height, cosine, move[:, 1]], 1)
    grid = F.affine_grid(torch.stack([across, down], 1), list(x.shape), align_corners=False)
    moved = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
    return moved.contiguous(memory_format=torch.channels_last)
