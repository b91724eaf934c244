"""Strict weight normalisation, and the activation that goes with it.

Source: Xiang and Li 2017, arXiv:1704.03971, section 3: y = W x / ‖W‖, with neither scale nor bias,
the norm taken for each output unit, so that white inputs of variance 1 give outputs of variance 1.
A pixel of a transposed convolution is reached by a part of the kernel only, one in the product of
the strides: its norm is divided accordingly. The affine form, with a scale and a bias for each
output, is for the last layer of a network (Salimans and Kingma 2016, arXiv:1602.07868).
Deviation: weights begin as N(0, factor² / inputs), so that each norm begins near the factor, which
tells how quickly the direction turns. The small number under the root is the authors'.
"""

from __future__ import annotations

import math
from typing import Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

EPSILON = 1e-6
SLOPE = 0.25
"""Of the activation below its knee, at the start."""


class Normalised(nn.Module):
    """What the layers share: `unit` is the weight over its norm, for each output."""

    weight: Tensor
    scale: Tensor | None
    output_dim = 0
    """Of the weight: where its outputs lie."""
    parts = 1
    """Outputs of a transposed convolution see the kernel in so many parts, one each."""

    def _begin(self, outputs: int, affine: bool, factor: float) -> None:
        """Draw the weight; add the scales, 1 at the start, of the affine form."""
        inputs = self.weight.numel() // outputs // self.parts
        nn.init.normal_(self.weight, 0.0, factor / math.sqrt(inputs))
        self.scale = nn.Parameter(torch.ones(outputs)) if affine else None

    def with_fixed_scale(self) -> Self:
        """The affine form with scales that no gradient moves: they are set from data, once."""
        scale = self.scale
        assert scale is not None, "the affine form has scales"
        del self.scale
        self.register_buffer("scale", scale.detach())
        return self

    def unit(self) -> Tensor:
        """W / ‖W‖, times the scale of the affine form."""
        others = [dim for dim in range(self.weight.ndim) if dim != self.output_dim]
        squares = self.weight.square().sum(others, keepdim=True) / self.parts
        unit = self.weight * (squares + EPSILON).rsqrt()
        return unit if self.scale is None else unit * self.scale.view_as(squares)


class Linear(Normalised, nn.Linear):
    """(N, inputs) → (N, outputs)."""

    def __init__(
        self, inputs: int, outputs: int, affine: bool = False, factor: float = 1.0
    ) -> None:
        nn.Linear.__init__(self, inputs, outputs, bias=affine)
        self._begin(outputs, affine, factor)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.unit(), self.bias)


class ScoreHead(Linear):
    """The affine last layer of a network that judges: in float32 whatever the precision."""

    def __init__(self, features: int, scores: int = 1) -> None:
        super().__init__(features, scores, affine=True)

    def forward(self, input: Tensor) -> Tensor:
        """(N, features) → (N, scores) in float32."""
        if not torch.is_autocast_enabled(input.device.type):
            return super().forward(input.float())
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(input.float())


class Conv(Normalised, nn.Conv2d):
    """(N, inputs, H, W) → (N, outputs, H/2, W/2), by a 4x4 kernel."""

    def __init__(
        self, inputs: int, outputs: int, affine: bool = False, factor: float = 1.0
    ) -> None:
        nn.Conv2d.__init__(self, inputs, outputs, 4, stride=2, padding=1, bias=affine)
        self._begin(outputs, affine, factor)

    def forward(self, input: Tensor) -> Tensor:
        return F.conv2d(input, self.unit(), self.bias, stride=2, padding=1)


@torch.no_grad()
def set_from(layer: nn.Module, seen: Tensor) -> None:
    """Set an affine layer's scales and biases so that, of what it sees, it says mean 0, variance 1.

    The moments are those of each output, over rows and pixels. Source: Salimans and Kingma 2016,
    arXiv:1602.07868, section 3.
    """
    assert isinstance(layer, Linear | Conv), "a layer that can be affine"
    assert layer.scale is not None and layer.bias is not None, "an affine one"
    said = layer(seen).transpose(0, 1).flatten(1)
    factor = (said.var(1, correction=0) + EPSILON).rsqrt()
    layer.scale.mul_(factor)
    layer.bias.sub_(said.mean(1)).mul_(factor)


class ConvTranspose(Normalised, nn.ConvTranspose2d):
    """(N, inputs, H, W) → (N, outputs, 2H, 2W), by a 4x4 kernel."""

    output_dim = 1
    parts = 4

    def __init__(self, inputs: int, outputs: int, affine: bool = False) -> None:
        nn.ConvTranspose2d.__init__(self, inputs, outputs, 4, stride=2, padding=1, bias=affine)
        self._begin(outputs, affine, factor=1.0)

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        return F.conv_transpose2d(input, self.unit(), self.bias, stride=2, padding=1)


class TPReLU(nn.Module):
    """x - b where that is above 0, a (x - b) below, then b added; a in [0, 1] and b are learned.

    One a and one b a channel. With b it stands in for the biases that strict normalisation lacks.
    An a that leaves [0, 1] is cut, and gets no gradient there.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.full((channels,), SLOPE))
        self.translation = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, ...) → the same shape."""
        each = (-1, *[1] * (x.ndim - 2))
        slope = self.slope.clamp(0.0, 1.0).view(each).to(x.dtype)
        translation = self.translation.view(each).to(x.dtype)
        moved = x - translation
        return torch.where(moved > 0, moved, slope * moved) + translation
