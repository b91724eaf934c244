"""A picture of samples, each beside the training images that are closest to it."""

from __future__ import annotations

import torch
from PIL import Image
from torch import Tensor

from gansmith.metrics.images.nearest import nearest_training
from gansmith.plots.image_grid import GROUND, image_grid

SHOWN, K = 8, 5
GAP = 10


def neighbours_picture(x: Tensor, train: Tensor) -> Image.Image:
    """Samples in the left column, the nearest training images right of each.

    Args:
        x: (N, C, H, W) in [-1, 1].
        train: (M, C, H, W) in [-1, 1].
    """
    found = nearest_training(x, train, min(K, len(train)))
    index = torch.as_tensor(found[0])
    left = image_grid(x.numpy(), columns=1)
    right = image_grid(train[index.flatten()].numpy(), columns=index.shape[1])
    whole = Image.new(left.mode, (left.width + GAP + right.width, left.height), _ground(left.mode))
    whole.paste(left)
    whole.paste(right, (left.width + GAP, 0))
    return whole


def _ground(mode: str) -> int | tuple[int, int, int]:
    return GROUND if mode == "L" else (GROUND, GROUND, GROUND)
