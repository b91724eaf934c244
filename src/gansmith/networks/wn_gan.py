"""The convolutional networks of the weight-normalised GAN, 28 to 128 pixels, grey or colour.

Source: Xiang and Li 2017, arXiv:1704.03971, section 4: 4x4 kernels of stride 2 until a map is
smaller than 8x8, channels that double with each halving. Three forms are compared there: strict
weight normalisation with TPReLU; batch normalisation with PReLU, everywhere but on the
discriminator's first layer and on both last ones; and no normalisation, with PReLU. Deviations:
the output is a tanh, for images in [-1, 1] in place of a sigmoid for [0, 1]: the same function of
a logit half as large, tanh(x) = 2 sigmoid(2x) - 1. Without weight normalisation, weights begin as
torch draws them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import nn

from gansmith.networks import heads, weight_norm
from gansmith.networks.sizes import stages

FIRST_FACTOR = 0.01
"""Of the generator's first weights: their direction turns quickly at first."""


class Layers(NamedTuple):
    """The layers of one form of the networks; each but the last two takes (inputs, outputs)."""

    linear: Callable[[int, int], nn.Module]
    conv: Callable[[int, int], nn.Module]
    first: Callable[[int, int], nn.Module]
    """The discriminator's first."""
    enlarge: Callable[[int, int], nn.Module]
    image: Callable[[int, int], nn.Module]
    """The generator's last."""
    score: Callable[[int], nn.Module]
    after: Callable[[int], list[nn.Module]]
    """What follows a layer of so many channels."""
    after_first: Callable[[int], list[nn.Module]]


def _conv(bias: bool) -> Callable[[int, int], nn.Module]:
    return lambda inputs, outputs: nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=bias)


def _enlarge(bias: bool) -> Callable[[int, int], nn.Module]:
    def layer(inputs: int, outputs: int) -> nn.Module:
        return nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=bias)

    return layer


def _prelu(channels: int) -> list[nn.Module]:
    return [nn.PReLU(channels)]


NORMS: dict[str, Layers] = {
    "weight": Layers(
        linear=lambda inputs, outputs: weight_norm.Linear(inputs, outputs, factor=FIRST_FACTOR),
        conv=weight_norm.Conv,
        first=weight_norm.Conv,
        enlarge=weight_norm.ConvTranspose,
        image=lambda inputs, outputs: weight_norm.ConvTranspose(inputs, outputs, affine=True),
        score=weight_norm.ScoreHead,
        after=lambda channels: [weight_norm.TPReLU(channels)],
        after_first=lambda channels: [weight_norm.TPReLU(channels)],
    ),
    "batch": Layers(
        linear=lambda inputs, outputs: nn.Linear(inputs, outputs, bias=False),
        conv=_conv(bias=False),
        first=_conv(bias=True),
        enlarge=_enlarge(bias=False),
        image=_enlarge(bias=True),
        score=heads.ScoreHead,
        after=lambda channels: [nn.BatchNorm2d(channels), nn.PReLU(channels)],
        after_first=_prelu,
    ),
    "none": Layers(
        linear=nn.Linear,
        conv=_conv(bias=True),
        first=_conv(bias=True),
        enlarge=_enlarge(bias=True),
        image=_enlarge(bias=True),
        score=heads.ScoreHead,
        after=_prelu,
        after_first=_prelu,
    ),
}


def generator(z_dim: int, shape: tuple[int, ...], width: int, norm: str) -> nn.Sequential:
    """(N, z_dim) → images (N, *shape) in [-1, 1]; `norm` is a key of NORMS."""
    height, wide, doublings = stages(shape, most=128)
    kind, channels = NORMS[norm], width * 2 ** (doublings - 1)
    layers: list[nn.Module] = [
        kind.linear(z_dim, channels * height * wide),
        nn.Unflatten(1, (channels, height, wide)),
        *kind.after(channels),
    ]
    for _ in range(doublings - 1):
        layers += [kind.enlarge(channels, channels // 2), *kind.after(channels // 2)]
        channels //= 2
    return nn.Sequential(*layers, kind.image(channels, shape[0]), nn.Tanh())


def discriminator(shape: tuple[int, ...], width: int, norm: str) -> nn.Sequential:
    """Images (N, *shape) → logits (N, 1); `norm` is a key of NORMS."""
    height, wide, halvings = stages(shape, most=128)
    kind, channels = NORMS[norm], width
    layers = [kind.first(shape[0], width), *kind.after_first(width)]
    for _ in range(halvings - 1):
        layers += [kind.conv(channels, channels * 2), *kind.after(channels * 2)]
        channels *= 2
    return nn.Sequential(*layers, nn.Flatten(), kind.score(channels * height * wide))
