"""Encoders and decoders: the perceptrons of the lectures, and convolutional ones.

The convolutional decoder is DCGAN's generator without its tanh, the encoder its discriminator with
as many outputs as wanted and without batch normalisation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from torch import nn

from gansmith.networks import dcgan
from gansmith.networks.mlp import mlp
from gansmith.networks.sizes import stages
from gansmith.networks.upsampling import Upsample


def mlp_encoder(shape: tuple[int, ...], hidden: Sequence[int], codes: int) -> nn.Sequential:
    """(N, *shape) → (N, codes), with ReLUs."""
    return nn.Sequential(nn.Flatten(), *mlp([math.prod(shape), *hidden, codes], nn.ReLU))


def mlp_decoder(z_dim: int, hidden: Sequence[int], shape: tuple[int, ...]) -> nn.Sequential:
    """(N, z_dim) → (N, *shape) without bound; `hidden` from the code to the image."""
    layers = mlp([z_dim, *hidden, math.prod(shape)], nn.ReLU)
    return layers.append(nn.Unflatten(1, shape))


def conv_encoder(shape: tuple[int, ...], width: int, codes: int) -> nn.Sequential:
    """Images (N, *shape) → (N, codes)."""
    height, wide, halvings = stages(shape, most=128)
    layers: list[nn.Module] = []
    inputs, outputs = shape[0], width
    for _ in range(halvings):
        layers += [nn.Conv2d(inputs, outputs, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        inputs, outputs = outputs, outputs * 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(inputs * height * wide, codes))


def conv_decoder(
    z_dim: int, width: int, shape: tuple[int, ...], upsample: Upsample = "deconv"
) -> nn.Sequential:
    """(N, z_dim) → images (N, *shape) without bound."""
    *layers, _ = dcgan.generator(z_dim, shape, width, upsample=upsample)
    return nn.Sequential(*layers)


def encoder_and_decoder(
    kind: Literal["mlp", "conv"],
    shape: tuple[int, ...],
    codes: tuple[int, int],
    hidden: Sequence[int],
    width: int,
    upsample: Upsample = "deconv",
) -> dict[str, nn.Sequential]:
    """{"encoder": images (N, *shape) → (N, codes[0]), "decoder": (N, codes[1]) → (N, *shape)}.

    Args:
        kind: perceptrons or convolutions.
        shape: (C, H, W).
        codes: numbers that the encoder gives, and that the decoder takes.
        hidden: widths of the perceptrons, from the image to the code.
        width: channels of the convolutions' largest map.
        upsample: how the convolutional decoder doubles its maps.
    """
    given, taken = codes
    if kind == "conv":
        encoder = conv_encoder(shape, width, given)
        decoder = conv_decoder(taken, width, shape, upsample)
    else:
        encoder = mlp_encoder(shape, hidden, given)
        decoder = mlp_decoder(taken, hidden[::-1], shape)
    return {"encoder": encoder, "decoder": decoder}
