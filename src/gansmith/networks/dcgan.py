"""The convolutional generator and discriminator of DCGAN, 28 to 128 pixels, grey or colour.

Source: Radford et al. 2015, arXiv:1511.06434, section 3. Deviations, unless asked otherwise: 4x4
kernels in place of 5x5, as in the common PyTorch port, so that strided and transposed convolutions
line up evenly; with `hidden`, fully connected layers between the noise (or the score) and the
smallest map, which the paper leaves out, as in the MNIST networks of Chen et al. 2016,
arXiv:1606.03657, appendix C.1. A discriminator without batch normalisation has biases in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from torch import Tensor, nn

from gansmith.networks.heads import ScoreHead
from gansmith.networks.mapping import mapping
from gansmith.networks.minibatch import MinibatchDeviation
from gansmith.networks.sizes import stages
from gansmith.networks.spectral import normalise_spectrally
from gansmith.networks.upsampling import Kernel, Upsample, doubling

Norm = Literal["batch", "spectral", "none"]


@dataclass(frozen=True)
class Choices:
    """What a method may choose of both networks; its fields of the same names say more."""

    width: int = 64
    hidden: int = 0
    mapping: int = 1
    upsample: Upsample = "deconv"
    kernel: Kernel = 4
    discriminator_norm: Norm = "batch"
    minibatch_stddev: bool = False


def generator(
    z_dim: int,
    shape: tuple[int, ...],
    width: int,
    hidden: Sequence[int] = (),
    upsample: Upsample = "deconv",
    kernel: Kernel = 4,
) -> nn.Sequential:
    """(N, z_dim) → images (N, *shape) in [-1, 1].

    The last map before the image has `width` channels, each one before it twice as many; batch
    normalisation everywhere but on the output. `kernel` is the side of transposed convolutions.
    """
    height, wide, doublings = stages(shape, most=128)
    channels = width * 2 ** (doublings - 1)
    layers = mapping(z_dim, hidden)
    layers += [
        nn.Linear([z_dim, *hidden][-1], channels * height * wide, bias=False),
        nn.Unflatten(1, (channels, height, wide)),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
    ]
    for _ in range(doublings - 1):
        layers += doubling(channels, channels // 2, upsample, kernel, bias=False)
        layers += [nn.BatchNorm2d(channels // 2), nn.ReLU()]
        channels //= 2
    layers += [*doubling(channels, shape[0], upsample, kernel, bias=True), nn.Tanh()]
    return _initialised(nn.Sequential(*layers))


def discriminator(
    shape: tuple[int, ...],
    width: int,
    hidden: int = 0,
    norm: Norm = "batch",
    kernel: Kernel = 4,
    minibatch_stddev: bool = False,
) -> nn.Sequential:
    """Images (N, *shape) → logits (N, 1).

    Batch normalisation everywhere but on the first layer, or spectral normalisation of all layers.
    With `minibatch_stddev`, the smallest map gets the spread of the batch as one more channel.
    """
    height, wide, halvings = stages(shape, most=128)
    conv = partial(nn.Conv2d, kernel_size=kernel, stride=2, padding=(kernel - 1) // 2)
    batch, channels = norm == "batch", width
    layers: list[nn.Module] = [conv(shape[0], width)]
    for _ in range(halvings - 1):
        layers += [nn.LeakyReLU(0.2), conv(channels, channels * 2, bias=not batch)]
        channels *= 2
        layers += [nn.BatchNorm2d(channels)] if batch else []
    layers += [nn.LeakyReLU(0.2), *([MinibatchDeviation()] if minibatch_stddev else [])]
    layers.append(nn.Flatten())
    features = (channels + minibatch_stddev) * height * wide
    if hidden:
        layers.append(nn.Linear(features, hidden, bias=not batch))
        layers += [nn.BatchNorm1d(hidden)] if batch else []
        layers.append(nn.LeakyReLU(0.2))
    layers.append(ScoreHead(hidden or features))
    network = _initialised(nn.Sequential(*layers))
    if norm == "spectral":
        normalise_spectrally(network)
    return network


def pair(
    z_dim: int, shape: tuple[int, ...], choices: Choices, planes: int = 0
) -> dict[str, nn.Sequential]:
    """{"generator": (N, z_dim) → (N, *shape), "discriminator": (N, *shape) → (N, 1)}.

    The discriminator sees so many `planes` more than an image has.
    """
    width, hidden, kernel = choices.width, choices.hidden, choices.kernel
    layers = [hidden] * choices.mapping if hidden else []
    judge = (hidden, choices.discriminator_norm, kernel, choices.minibatch_stddev)
    return {
        "generator": generator(z_dim, shape, width, layers, choices.upsample, kernel),
        "discriminator": discriminator((shape[0] + planes, *shape[1:]), width, *judge),
    }


def _initialised(network: nn.Sequential) -> nn.Sequential:
    """Weights from N(0, 0.02²), batch-norm gains from N(1, 0.02²), biases 0."""
    for layer in network.modules():
        weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
        if isinstance(weight, Tensor):
            mean = 1.0 if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) else 0.0
            nn.init.normal_(weight, mean, 0.02)
        if isinstance(bias, Tensor):
            nn.init.zeros_(bias)
    return network
