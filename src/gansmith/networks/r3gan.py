"""The residual generator and critic of R3GAN, without normalisation, 28 to 128 pixels.

Source: Huang et al. 2024, arXiv:2501.05441, section 4 and the reference code, with a learned
smallest map, and images without a bound. Deviations: the smallest map has 4 to 7 pixels a side,
where the source has 4; and see `networks/r3gan_layers.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from gansmith.networks.mlp import mlp_pair
from gansmith.networks.r3gan_layers import Block, Enlarge, FirstMap, LastMap, Reduce, scaled_normal
from gansmith.networks.sizes import stages


def generator(
    z_dim: int, shape: tuple[int, ...], width: int, widest: int, blocks: int
) -> nn.Sequential:
    """(N, z_dim) → images (N, *shape), without bound: a tanh would stop learning where it is flat.

    Args:
        z_dim: length of the noise.
        shape: (C, H, W).
        width: channels of the largest map, doubled with each halving.
        widest: channels that no map exceeds.
        blocks: at each size.
    """
    height, wide, doublings = stages(shape, most=128)
    channels = _widths(width, widest, doublings)[::-1]
    layers: list[nn.Module] = [FirstMap(z_dim, (channels[0], height, wide))]
    layers += _blocks(channels[0], blocks, channels)
    for inputs, outputs in pairwise(channels):
        layers += [Enlarge(inputs, outputs), *_blocks(outputs, blocks, channels)]
    image = nn.Conv2d(channels[-1], shape[0], 1, bias=False)
    scaled_normal(image.weight)
    return nn.Sequential(*layers, image)


def critic(shape: tuple[int, ...], width: int, widest: int, blocks: int) -> nn.Sequential:
    """Images (N, *shape) → scores (N, 1); the generator's widths and blocks in reverse."""
    height, wide, halvings = stages(shape, most=128)
    channels = _widths(width, widest, halvings)
    image = nn.Conv2d(shape[0], channels[0], 1, bias=False)
    scaled_normal(image.weight)
    layers: list[nn.Module] = [image]
    for inputs, outputs in pairwise(channels):
        layers += [*_blocks(inputs, blocks, channels), Reduce(inputs, outputs)]
    layers += _blocks(channels[-1], blocks, channels)
    return nn.Sequential(*layers, LastMap((channels[-1], height, wide)))


def bounded(samples: Tensor) -> Tensor:
    """Images within [-1, 1]; points as they are."""
    return samples.clamp(-1, 1) if samples.dim() == 4 else samples


def pair(
    z_dim: int, shape: tuple[int, ...], width: int, widest: int, blocks: int
) -> dict[str, nn.Sequential]:
    """Both networks; for points, perceptrons of 3 hidden layers of this width."""
    if len(shape) == 1:
        return mlp_pair(z_dim, shape, [width] * 3)
    sizes = (width, widest, blocks)
    return {"generator": generator(z_dim, shape, *sizes), "critic": critic(shape, *sizes)}


def _blocks(channels: int, blocks: int, sizes: Sequence[int]) -> list[nn.Module]:
    """The blocks at one size of a network that has as many at each of its sizes."""
    return [Block(channels, blocks * len(sizes)) for _ in range(blocks)]


def _widths(width: int, widest: int, doublings: int) -> list[int]:
    """Channels from the image inwards: width, 2 width, 4 width ..., at most `widest`."""
    return [min(width * 2**i, max(width, widest)) for i in range(doublings + 1)]
