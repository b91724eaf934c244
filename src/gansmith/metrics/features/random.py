"""Features of convolutions with random weights: nothing is learned, so any images will do.

A baseline: it tells noise, blur and colours apart, and little of what a picture shows.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gansmith.batch import DataSet
from gansmith.draws import seed_of
from gansmith.metrics.given import Seen

WIDTHS = (16, 32, 64)
CHUNK = 256


class RandomFeatures:
    """Three convolutions; mean and standard deviation of each map of the last two: 192 numbers."""

    def __init__(self, channels: int, seed: int) -> None:
        random = torch.Generator().manual_seed(seed_of(seed, "random features"))
        self._weights, inputs = [], channels
        for width in WIDTHS:
            weight = torch.empty(width, inputs, 3, 3)
            nn.init.orthogonal_(weight.flatten(1), generator=random)
            self._weights.append(weight)
            inputs = width
        digest = hashlib.sha256(b"".join(w.numpy().tobytes() for w in self._weights)).hexdigest()
        self.seen = Seen("random", digest)

    @torch.no_grad()
    def __call__(self, x: Tensor) -> tuple[np.ndarray, None]:
        """(N, C, H, W) → (N, 192)."""
        return torch.cat([self._of(chunk) for chunk in x.split(CHUNK)]).numpy(), None

    def _of(self, x: Tensor) -> Tensor:
        found: list[Tensor] = []
        for weight in self._weights:
            gain = (weight.shape[1] * 9 / weight.shape[0]) ** 0.5
            x = F.relu(F.conv2d(x, weight * gain, stride=2, padding=1))
            found += [x.mean((2, 3)), x.std((2, 3), correction=0)]
        return torch.cat(found[2:], 1)


def random_features(data: DataSet, weights: Path | None, seed: int) -> RandomFeatures:
    """For images with the channels of this set."""
    return RandomFeatures(data.spec.shape[0], seed)
