"""A weight-normalised classifier among noise, and generators of images for it.

Source: Salimans et al. 2016, arXiv:1606.03498, and the authors' code for MNIST. Each hidden layer
is y = ReLU(g W x / ‖W‖ + b); g and b are set from the first batch so that what enters the ReLU has
mean 0 and variance 1, and g stays so (Salimans and Kingma 2016, arXiv:1602.07868, section 3); the
last layer learns its g. Gaussian noise joins what each layer sees. Random numbers are handed in,
so that a pass is a pure function. Deviations: pixels lie in [-1, 1], and the classifier takes them
to [0, 1], where noise is measured; the generator ends in a tanh in place of a sigmoid: the same
function of a logit half as large; its batch normalisation has a gain; g and b are set from one
batch, where the authors take 500 images. The convolutional pair is ours: 4x4 kernels of stride 2,
and DCGAN's generator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gansmith.networks import dcgan, weight_norm
from gansmith.networks.sizes import stages

SPREAD = 0.1
"""Standard deviation of weights at the start: it tells how quickly their direction turns."""
GENERATOR = (500, 500)


@dataclass(frozen=True)
class Choices:
    """What a method may choose; its fields of the same names say more."""

    network: Literal["mlp", "conv"] = "conv"
    hidden: tuple[int, ...] = (256,)
    width: int = 16
    input_noise: float = 0.3
    layer_noise: float = 0.3

    def maps(self, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Shapes of what each layer sees, the image's first, the features' last.

        Raises:
            ConfigError: convolutions cannot halve such an image.
        """
        found = [tuple(shape)]
        if self.network == "conv":
            _, _, halvings = stages(shape, most=128)
            for at in range(halvings):
                channels, (_, height, width) = self.width << at, found[-1]
                found.append((channels, height // 2, width // 2))
        return [*found, *((units,) for units in self.hidden)]

    def noises(self, shape: tuple[int, ...]) -> list[int]:
        """Random numbers that an image takes before each layer.

        Noise joins the pixels and what fully connected layers see.
        """
        maps = self.maps(shape)
        return [
            0 if 0 < place < len(maps) - len(self.hidden) - 1 else math.prod(each)
            for place, each in enumerate(maps)
        ]


class Classifier(nn.Module):
    """Images (N, C, H, W) in [-1, 1] → logits (N, K), among noise if numbers for it are given."""

    def __init__(self, shape: tuple[int, ...], classes: int, choices: Choices) -> None:
        super().__init__()
        maps = choices.maps(shape)
        self.sizes = choices.noises(shape)
        self.spreads = [choices.input_noise, *[choices.layer_noise] * (len(maps) - 1)]
        self.hidden = nn.ModuleList(_layer(*each) for each in pairwise(maps))
        self.head = weight_norm.ScoreHead(math.prod(maps[-1]), classes)

    def forward(self, x: Tensor, noise: Tensor | None = None) -> Tensor:
        """Logits (N, K) in float32; noise: N(0, 1) of shape (N, sum of `sizes`)."""
        return self.both(x, noise)[1]

    def both(self, x: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """What the last hidden layer says, (N, F), before noise joins it; and logits (N, K)."""
        parts, h = self._parts(noise), (x + 1) / 2
        for place, layer in enumerate(self.hidden):
            h = F.relu(layer(self._seen(layer, self._noisy(h, parts, place))))
        h = h.flatten(1)
        return h, self.head(self._noisy(h, parts, -1))

    @torch.no_grad()
    def initialise(self, x: Tensor, noise: Tensor) -> None:
        """Set scales and biases so that, of these images, each layer says mean 0, variance 1."""
        parts, h = self._parts(noise), (x + 1) / 2
        for place, layer in enumerate([*self.hidden, self.head]):
            seen = self._seen(layer, self._noisy(h, parts, place))
            weight_norm.set_from(layer, seen)
            h = F.relu(layer(seen))

    def _parts(self, noise: Tensor | None) -> Sequence[Tensor] | None:
        return None if noise is None else noise.split(self.sizes, 1)

    def _noisy(self, h: Tensor, parts: Sequence[Tensor] | None, place: int) -> Tensor:
        if parts is None or self.sizes[place] == 0:
            return h
        return h + (self.spreads[place] * parts[place].view(h.shape)).to(h.dtype)

    def _seen(self, layer: nn.Module, h: Tensor) -> Tensor:
        return h.flatten(1) if isinstance(layer, nn.Linear) else h


def classifier(nets: nn.ModuleDict) -> Classifier:
    """The discriminator, as what it is."""
    network = nets["discriminator"]
    assert isinstance(network, Classifier), "as it was built"
    return network


def _layer(seen: tuple[int, ...], said: tuple[int, ...]) -> weight_norm.Normalised:
    """A layer from one map to the next, its scale a buffer."""
    if len(said) == 3:
        factor = SPREAD * math.sqrt(16 * seen[0])
        return weight_norm.Conv(seen[0], said[0], affine=True, factor=factor).with_fixed_scale()
    inputs = math.prod(seen)
    factor = SPREAD * math.sqrt(inputs)
    return weight_norm.Linear(inputs, said[0], affine=True, factor=factor).with_fixed_scale()


class Generator(nn.Module):
    """z, with a class as one-hot beside it if it takes one → images (N, *shape) in [-1, 1]."""

    def __init__(self, inputs: int, shape: tuple[int, ...], choices: Choices) -> None:
        super().__init__()
        conv = choices.network == "conv"
        self.inputs = inputs
        self.layers = dcgan.generator(inputs, shape, choices.width) if conv else _mlp(inputs, shape)

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """z (N, z_dim), y (N,) class numbers; both together are `inputs` long."""
        if y is not None:
            z = torch.cat([z, F.one_hot(y, self.inputs - z.shape[1]).to(z.dtype)], 1)
        return self.layers(z)


def pair(
    inputs: int, shape: tuple[int, ...], classes: int, choices: Choices
) -> dict[str, nn.Module]:
    """{"generator": z and one-hot (N, inputs) → (N, *shape), "discriminator": its judge}."""
    generator, discriminator = (
        Generator(inputs, shape, choices),
        Classifier(shape, classes, choices),
    )
    return {"generator": generator, "discriminator": discriminator}


def _mlp(inputs: int, shape: tuple[int, ...]) -> nn.Sequential:
    """Perceptrons with batch normalisation and softplus; the last layer is weight-normalised."""
    layers: list[nn.Module] = []
    for seen, said in pairwise([inputs, *GENERATOR]):
        layers += [nn.Linear(seen, said, bias=False), nn.BatchNorm1d(said), nn.Softplus()]
    last = weight_norm.Linear(GENERATOR[-1], math.prod(shape), affine=True)
    return nn.Sequential(*layers, last, nn.Tanh(), nn.Unflatten(1, shape))
