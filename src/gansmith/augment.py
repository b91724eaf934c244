"""Differentiable augmentation: a discriminator then cannot learn few images by heart.

Real and generated images get the same treatment, in both phases,
and the generator's gradient flows through it, so that it does not learn to draw the augmentation.
Source: Zhao et al. 2020, arXiv:2006.10738, section 3.2.
"""

from __future__ import annotations

import torch
from torch import Tensor


def translate(images: Tensor, draw: Tensor, most: int) -> Tensor:
    """Each image moved by whole pixels, up to `most` each way; its edge is repeated where it left.

    Args:
        images: (N, C, H, W); samples of other dimensions, such as points, are not moved.
        draw: (N, 2) in [0, 1), one number down and one across for each image.
        most: pixels; 0 gives the images as they are.

    Source: Zhao et al. 2020, arXiv:2006.10738, "translation". Deviation: edges repeat.
    """
    if most == 0 or images.dim() != 4:
        return images
    offsets = (draw * (2 * most + 1)).floor().long() - most
    for dim in (2, 3):
        size = images.shape[dim]
        places = torch.arange(size, device=images.device) + offsets[:, dim - 2 : dim - 1]
        shape = [-1, 1, 1, 1]
        shape[dim] = size
        index = places.clamp(0, size - 1).reshape(shape).expand(-1, *images.shape[1:])
        images = images.gather(dim, index)
    return images
