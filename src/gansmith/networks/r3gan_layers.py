"""The layers of R3GAN's networks: blocks, resampling, the first map and the last.

Source: Huang et al. 2024, arXiv:2501.05441, section 4 and the reference code: inverted bottlenecks
with grouped convolutions, weights that start small with the number of blocks, resampling by the
filter (1, 3, 3, 1). Deviation: enlarging repeats edges, where the source pads with 0.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gansmith.networks.heads import ScoreHead

EXPANSION, GROUP, LINEAR_LAYERS = 2, 16, 3
"""Of a block: how much wider its middle is, channels in a group of it, convolutions."""
SLOPE = 0.2
GAIN = math.sqrt(2 / (1 + SLOPE**2))
"""What keeps the second moment through a leaky ReLU."""


def scaled_normal(weight: Tensor, gain: float = 1.0) -> None:
    """Weights (O, I, ...) from N(0, gain² / fan-in), in place."""
    nn.init.normal_(weight, 0.0, gain / math.sqrt(weight[0].numel()))


class Block(nn.Module):
    """x + conv1x1(act(grouped conv3x3(act(conv1x1(x))))): (N, C, H, W) → the same.

    The last convolution starts at 0, so that a block starts as the identity, the others at He's
    scale times blocks^(-1/4). Source: Zhang et al. 2019, arXiv:1901.09321, section 3.

    Args:
        channels: C.
        blocks: in the whole network.
    """

    def __init__(self, channels: int, blocks: int) -> None:
        super().__init__()
        middle = channels * EXPANSION
        self.widen = nn.Conv2d(channels, middle, 1)
        self.mix = nn.Conv2d(middle, middle, 3, padding=1, groups=groups(middle))
        self.narrow = nn.Conv2d(middle, channels, 1, bias=False)
        for layer in (self.widen, self.mix):
            scaled_normal(layer.weight, GAIN * blocks ** (-1 / (2 * LINEAR_LAYERS - 2)))
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        nn.init.zeros_(self.narrow.weight)

    def forward(self, x: Tensor) -> Tensor:
        y = F.leaky_relu(self.widen(x), SLOPE)
        y = F.leaky_relu(self.mix(y), SLOPE)
        return x + self.narrow(y)


def groups(channels: int) -> int:
    """Groups of 16 channels; fewer and larger ones where that does not divide them."""
    return math.gcd(channels, max(1, channels // GROUP))


def reduced(x: Tensor) -> Tensor:
    """(N, C, H, W) → (N, C, H/2, W/2) by the filter (1, 3, 3, 1) / 8 each way, 0 beyond the edge.

    In float32 within: on a CPU the gradient of such a convolution takes 15 times as long in bf16.
    """
    line = torch.tensor([1.0, 3.0, 3.0, 1.0], device=x.device) / 8
    kernel = torch.outer(line, line).expand(x.shape[1], 1, 4, 4)
    with torch.autocast(x.device.type, enabled=False):
        return F.conv2d(x.float(), kernel, stride=2, padding=1, groups=x.shape[1]).to(x.dtype)


def enlarged(x: Tensor) -> Tensor:
    """(N, C, H, W) → (N, C, 2H, 2W), bilinear: the filter (1, 3, 3, 1) / 4 each way."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def projection(inputs: int, outputs: int) -> nn.Module:
    """A 1x1 convolution without bias; nothing where the number of channels stays."""
    if inputs == outputs:
        return nn.Identity()
    layer = nn.Conv2d(inputs, outputs, 1, bias=False)
    scaled_normal(layer.weight)
    return layer


class Enlarge(nn.Module):
    """(N, inputs, H, W) → (N, outputs, 2H, 2W)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.project = projection(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return enlarged(self.project(x))


class Reduce(nn.Module):
    """(N, inputs, H, W) → (N, outputs, H/2, W/2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.project = projection(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.project(reduced(x))


class FirstMap(nn.Module):
    """(N, z_dim) → (N, C, H, W): a learned map, each channel times a linear function of z."""

    def __init__(self, z_dim: int, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.basis = nn.Parameter(torch.randn(shape))
        self.scale = nn.Linear(z_dim, shape[0], bias=False)
        scaled_normal(self.scale.weight)

    def forward(self, z: Tensor) -> Tensor:
        return self.basis * self.scale(z)[:, :, None, None]


class LastMap(nn.Module):
    """(N, C, H, W) → scores (N, 1): each channel's weighted sum, then a linear layer, in float32.

    No bias: a relativistic loss does not see one.
    """

    def __init__(self, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.basis = nn.Parameter(torch.empty(shape))
        nn.init.normal_(self.basis, 0.0, 1 / math.sqrt(shape[1] * shape[2]))
        self.score = ScoreHead(shape[0], bias=False)
        scaled_normal(self.score.weight)

    def forward(self, x: Tensor) -> Tensor:
        return self.score((x.float() * self.basis).sum((2, 3)))
