"""Differentiable augmentation: a discriminator then cannot learn few images by heart.

Real and generated images get the same treatment, in both phases, and the generator's gradient flows
through it, so that it does not learn to draw the augmentation. What is done to an image follows
from the numbers drawn for it.
Source: Zhao et al. 2020, arXiv:2006.10738, section 3.2 and its reference values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor

Kind = Literal["flip", "translation", "colour", "cutout"]
NUMBERS = 16
"""Numbers in [0, 1) that are drawn for each image: four a kind, the first says whether."""
MOVED, CUT = 1 / 8, 1 / 2
"""Parts of a side: the farthest move, and the side of the square that is cut out."""


def augment(
    images: Tensor, draw: Tensor, kinds: Sequence[Kind], chance: Tensor | float = 1.0
) -> Tensor:
    """Each image treated by each kind with this probability, in the order of `KINDS`.

    Args:
        images: (N, C, H, W) in [-1, 1]; the result may leave that range.
        draw: (N, 16) in [0, 1).
        kinds: "flip" mirrors every other image; "translation" moves it; "colour" changes
            brightness, saturation and contrast; "cutout" greys a square.
        chance: 1 is the source's constant augmentation, less the adaptive one's; see `Chance`.
    """
    for number, (kind, treat) in enumerate(KINDS.items()):
        if kind in kinds:
            numbers = draw[:, 4 * number : 4 * number + 4]
            chosen = (numbers[:, 0] < chance).reshape(-1, 1, 1, 1)
            images = torch.where(chosen, treat(images, numbers[:, 1:]), images)
    return images


def flip(images: Tensor, draw: Tensor) -> Tensor:
    """Every other image, at random, mirrored left to right."""
    return torch.where((draw[:, 0] < 0.5).reshape(-1, 1, 1, 1), images.flip(3), images)


def translation(images: Tensor, draw: Tensor) -> Tensor:
    """Moved by up to an eighth of the shorter side; edges repeat, where the source pads."""
    return translate(images, draw[:, :2], max(1, round(min(images.shape[2:]) * MOVED)))


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


def colour(images: Tensor, draw: Tensor) -> Tensor:
    """Brightness + U(-1/2, 1/2), saturation x U(0, 2), contrast x U(1/2, 3/2), in this order.

    Saturation scales the distance of a pixel's channels from their mean, contrast that of an
    image's values from theirs.
    """
    brightness, saturation, contrast = (draw[:, i].reshape(-1, 1, 1, 1) for i in range(3))
    images = images + (brightness - 0.5)
    grey = images.mean(1, keepdim=True)
    images = grey + (images - grey) * (2 * saturation)
    mean = images.mean((1, 2, 3), keepdim=True)
    return mean + (images - mean) * (0.5 + contrast)


def cutout(images: Tensor, draw: Tensor) -> Tensor:
    """A square of half the shorter side set to 0, mid-grey; its centre lies anywhere."""
    height, width = images.shape[2:]
    half = max(1, round(min(height, width) * CUT)) / 2
    inside = []
    for side, numbers in ((height, draw[:, 0:1]), (width, draw[:, 1:2])):
        centre = (numbers * side).floor() + 0.5
        places = torch.arange(side, device=images.device) + 0.5
        inside.append((places - centre).abs() <= half)
    cut = inside[0][:, None, :, None] & inside[1][:, None, None, :]
    return torch.where(cut, torch.zeros_like(images), images)


KINDS: dict[Kind, Callable[[Tensor, Tensor], Tensor]] = {
    "flip": flip,
    "translation": translation,
    "colour": colour,
    "cutout": cutout,
}
"""Kinds in the order in which they are applied."""
