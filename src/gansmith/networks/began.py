"""The auto-encoder and the generator of BEGAN, 28 to 128 pixels, grey or colour.

Source: Berthelot et al. 2017, arXiv:1703.10717, section 3.5 and figure 1: 3x3 convolutions with
ELUs, two at each size, no normalisation, channels that grow by `width` with each halving, maps
halved by strides and doubled by repeating pixels, no activation on the code nor on the image. The
generator has the decoder's shape, with weights of its own. Deviations: the smallest map has 5 to 8
pixels a side (the paper: 8), whichever the size leads to; weights are Xavier's.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gansmith.networks.resnet import enlarging
from gansmith.networks.sizes import stages

SMALLEST_MAP = 8
"""Pixels of a side of the smallest map, at most."""


class EnlargingConv(nn.Conv2d):
    """(N, I, H, W) → (N, O, 2H, 2W): each pixel repeated, then a 3x3 convolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3, padding=1)

    def forward(self, input: Tensor) -> Tensor:
        return enlarging(self, input)


def decoder(codes: int, shape: tuple[int, ...], width: int) -> nn.Sequential:
    """(N, codes) → images (N, *shape) without bound; every map has `width` channels."""
    height, wide, doublings = stages(shape, most=128, largest=SMALLEST_MAP)
    layers: list[nn.Module] = [
        nn.Linear(codes, width * height * wide),
        nn.Unflatten(1, (width, height, wide)),
        *_twice(width),
    ]
    for _ in range(doublings):
        layers += [EnlargingConv(width, width), nn.ELU(), *_conv(width, width)]
    layers.append(nn.Conv2d(width, shape[0], 3, padding=1))
    return _initialised(nn.Sequential(*layers))


def encoder(shape: tuple[int, ...], codes: int, width: int) -> nn.Sequential:
    """Images (N, *shape) → (N, codes); `width` channels, then 2 `width`, 3 `width` ..."""
    height, wide, halvings = stages(shape, most=128, largest=SMALLEST_MAP)
    layers = [*_conv(shape[0], width), *_twice(width)]
    for level in range(1, halvings + 1):
        channels = width * (level + 1)
        layers += [*_conv(width * level, channels, stride=2), *_twice(channels)]
    features = width * (halvings + 1) * height * wide
    layers += [nn.Flatten(), nn.Linear(features, codes)]
    return _initialised(nn.Sequential(*layers))


def autoencoder(shape: tuple[int, ...], codes: int, width: int) -> nn.Sequential:
    """Images (N, *shape) → the same, as far as `codes` numbers hold them."""
    return nn.Sequential(encoder(shape, codes, width), decoder(codes, shape, width))


@torch.no_grad()
def begin_at_median(network: nn.Module, x: Tensor) -> None:
    """Set the biases of the last layer, the image, to each channel's median in x (N, C, H, W).

    Of all plain images it is the one that is nearest to x by absolute error.
    """
    bias = list(network.modules())[-1].get_parameter("bias")
    bias.copy_(x.transpose(0, 1).flatten(1).median(1).values)


def _conv(inputs: int, outputs: int, stride: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1), nn.ELU()]


def _twice(channels: int) -> list[nn.Module]:
    return [*_conv(channels, channels), *_conv(channels, channels)]


def _initialised(network: nn.Sequential) -> nn.Sequential:
    """Weights uniform as by Glorot and Bengio 2010, AISTATS, equation 16; biases 0."""
    for layer in network.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network
