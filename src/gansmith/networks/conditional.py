"""How networks are told a class: beside their input, or by normalisation.

What they are told, y, is class numbers (N,) or attributes (N, K), of which each is 0 or 1.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gansmith.batch import DataSpec
from gansmith.errors import ConfigError

APART = 0.2
"""Standard deviation of the first biases of classes."""


def classes_of(data: DataSpec) -> int:
    """How many classes, or attributes, the data has.

    Raises:
        ConfigError: it has none.
    """
    if data.classes == 0:
        raise ConfigError(
            f"{data.name} has no labels, and this method generates by class. Sort the images into "
            "a folder for each class (or see --label), or take a method without classes: dcgan."
        )
    return data.classes


def condition(y: Tensor, classes: int) -> Tensor:
    """(N,) class numbers → one-hots (N, classes); attributes (N, classes) stay as they are.

    A row of a one-hot is 1 at the class and 0 elsewhere.
    """
    return y if y.is_floating_point() else F.one_hot(y, classes).float()


def joined(x: Tensor, told: Tensor) -> Tensor:
    """x with the condition beside it: each entry is one more number, or one more constant plane.

    Args:
        x: noise (N, D), or images (N, C, H, W).
        told: condition (N, K).

    Returns:
        (N, D + K), or (N, C + K, H, W).
    """
    if x.dim() == 4:
        told = told[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, told.to(x.dtype)], 1)


class Joined(nn.Module):
    """(x, y) → network(x joined with the condition).

    Source: Mirza and Osindero 2014, arXiv:1411.1784, section 3.2. Deviation: the condition joins
    noise and image as they are, where the paper joins it to a hidden layer of each network.

    Args:
        network: of (N, D + K) or (N, C + K, H, W).
        classes: K.
        flat: images become rows of numbers before they are joined.
    """

    def __init__(self, network: nn.Module, classes: int, flat: bool = False) -> None:
        super().__init__()
        self.network, self.classes, self.flat = network, classes, flat

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        x = x.flatten(1) if self.flat else x
        return self.network(joined(x, condition(y, self.classes)))


class ConditionalBatchNorm(nn.Module):
    """Batch normalisation with a gain and a bias for each class: γ_y x̂ + β_y.

    The statistics are of all classes together. Gains start at 1.

    Source: Dumoulin et al. 2016, arXiv:1610.07629, equation 5, in the generator of Miyato and
    Koyama 2018, arXiv:1802.05637. Deviation: biases start as draws from N(0, 0.2²) in place of 0,
    so that classes differ from the first step on and are learned sooner.
    """

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.gains = nn.Parameter(torch.ones(classes, channels))
        self.biases = nn.Parameter(torch.randn(classes, channels) * APART)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """(N, C, H, W) and (N,) → (N, C, H, W)."""
        gain, bias = self.gains[y][:, :, None, None], self.biases[y][:, :, None, None]
        return self.norm(x) * gain + bias


class Normalised(nn.Module):
    """(x, y) → layers(x), where the batch normalisation of each map is told y."""

    def __init__(self, layers: nn.Sequential, classes: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            ConditionalBatchNorm(layer.num_features, classes)
            if isinstance(layer, nn.BatchNorm2d)
            else layer
            for layer in layers
        )

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x, y) if isinstance(layer, ConditionalBatchNorm) else layer(x)
        return x
