"""Maxout units, and the perceptrons with them of PacGAN's experiments on points.

Source: Lin et al. 2018, arXiv:1712.04086, section 4.1 and its code, after the code of Dumoulin et
al. 2016, arXiv:1606.00704; maxout: Goodfellow et al. 2013, arXiv:1302.4389. Deviation: PyTorch's ε
in batch normalisation, 1e-5, and its unbiased running variance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from gansmith.errors import ConfigError
from gansmith.networks.heads import ScoreHead

DEVIATION = 0.02
"""Standard deviation of all initial weights; biases start at 0."""
MEMORY = 0.05
"""Weight of a batch in the running statistics."""
GRID_SCALE = 2.828
"""The source's centres lie on {-4, -2, 0, 2, 4}²; those of `25gaussians` are divided by this."""


class Maxout(nn.Module):
    """(N, inputs) → (N, outputs): of each unit's linear functions the largest."""

    def __init__(self, inputs: int, outputs: int, pieces: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, outputs * pieces)
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x).unflatten(1, (-1, self.pieces)).amax(2)


class Scale(nn.Module):
    """x → factor x."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


def generator(
    z_dim: int, hidden: Sequence[int], shape: tuple[int, ...], scale: float
) -> nn.Sequential:
    """(N, z_dim) → points (N, *shape), divided by `scale`: hidden layers with batch norm, ReLU."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise([z_dim, *hidden]):
        norm = nn.BatchNorm1d(outputs, momentum=MEMORY)
        layers += [nn.Linear(inputs, outputs, bias=False), norm, nn.ReLU()]
    layers += [nn.Linear([z_dim, *hidden][-1], math.prod(shape)), Scale(1 / scale)]
    return _initialised(nn.Sequential(*layers))


def discriminator(
    shape: tuple[int, ...], hidden: Sequence[int], pieces: int, scale: float
) -> nn.Sequential:
    """Points (N, *shape), multiplied by `scale`, → logits (N, 1), through maxout units."""
    sizes = pairwise([math.prod(shape), *hidden])
    layers = [Maxout(inputs, outputs, pieces) for inputs, outputs in sizes]
    return _initialised(nn.Sequential(Scale(scale), *layers, ScoreHead(hidden[-1])))


def pacgan_pair(z_dim: int, shape: tuple[int, ...]) -> dict[str, nn.Sequential]:
    """The networks of PacGAN's grid of 25 Gaussians, which see its own scale, not our data's.

    A generator of 4 hidden layers of 400, a discriminator of 3 layers of 200 units of 5 pieces.

    Raises:
        ConfigError: the data are no points.
    """
    if len(shape) != 1:
        raise ConfigError(
            f"PacGAN's networks for points cannot make images of {shape[1]}x{shape[2]} pixels: "
            "give --data 25gaussians, or leave --architecture out."
        )
    generating = generator(z_dim, [400] * 4, shape, GRID_SCALE)
    judging = discriminator(shape, [200] * 3, 5, GRID_SCALE)
    return {"generator": generating, "discriminator": judging}


def _initialised(network: nn.Sequential) -> nn.Sequential:
    for layer in network.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, 0.0, DEVIATION)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network
