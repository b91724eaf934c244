"""A small convolutional network for images of any size: one vector of 64 numbers for each."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

FEATURES = 64
WIDTHS = (16, 32, FEATURES)
"""Channels: of all large maps, of the last but one size, of the last."""
LAST = 7
"""About the shorter side of the last map."""


class Backbone(nn.Module):
    """Images (N, C, H, W) → (N, 64), none below 0: the means of the maps of the last layer.

    The map is halved until its shorter side is about 7; the mean over places then takes any size.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        channels, *sides = shape
        halvings = max(1, round(math.log2(min(sides) / LAST)))
        strided = halvings > len(WIDTHS) - 1  # large images: the first layer halves them
        layers, inputs = _convolution(channels, WIDTHS[0], 1 + strided), WIDTHS[0]
        for left in range(halvings - strided, 0, -1):
            width = WIDTHS[-left] if left < len(WIDTHS) else WIDTHS[0]
            layers += _convolution(inputs, width, 2)
            if left < len(WIDTHS):  # the two smallest maps are cheap: they are looked at twice
                layers += _convolution(width, width, 1)
            inputs = width
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) → (N, 64)."""
        return self.layers(x).mean((2, 3))


def _convolution(inputs: int, outputs: int, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    ]


class Head(nn.Linear):
    """Features (N, 64) → logits (N, K), with the temperature that they are divided by."""

    def __init__(self, classes: int) -> None:
        super().__init__(FEATURES, classes)
        self.temperature: Tensor
        self.register_buffer("temperature", torch.ones(()))

    def probabilities(self, logits: Tensor) -> Tensor:
        """Softmax of the logits divided by the temperature: (N, K)."""
        return (logits / self.temperature).softmax(1)
