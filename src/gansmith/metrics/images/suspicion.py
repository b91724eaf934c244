"""How suspicious each sample is: how near its nearest training image, beside what is usual there.

Source of the ratio: Carlini et al. 2023, arXiv:2301.13188, section 4.2; of its scale, which is that
of the dimension nearby: Facco et al. 2017, arXiv:1803.06992, equation 3. Deviation: the least
distance over shifts by one pixel; the scale is taken from held-out neighbours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from torch import Tensor

from gansmith.metrics.images.nearest import nearest_training

NEIGHBOURS = 10
"""The nearest training image is compared with the mean of the others of so many."""
LIKE_IT = 20
"""Held-out images that a sample is held against."""
SMALLEST = 1e-3
"""Ratio below which a sample is a copy and nothing else."""


def closeness(distances: np.ndarray) -> np.ndarray:
    """-log of the nearest distance over the mean of the next ones: 0 at most like them, 6.9 a copy.

    Args:
        distances: (N, K) to the nearest training images, nearest first.

    Returns:
        (N,).
    """
    nearest = distances[:, 0].astype(np.float64)
    next_ones = distances[:, 1:].mean(1) if distances.shape[1] > 1 else np.ones(len(nearest))
    ratio = np.divide(nearest, next_ones, out=np.zeros_like(nearest), where=nearest > 0)
    return -np.log(ratio.clip(SMALLEST, 1))


class Suspicions(NamedTuple):
    """How suspicious samples are, and held-out images by the same rule."""

    rows: np.ndarray
    """(N,) of the nearest training image of each sample."""
    distances: np.ndarray
    """(N,) to these."""
    of_samples: np.ndarray
    """(N,): 1 on average of images that nobody copied."""
    of_held_out: np.ndarray
    """(M,)."""
    median_of_held_out: float
    """Of the distances of held-out images to their nearest training image."""
    copies: float
    """Share of held-out images that are in the training set too."""


def suspicions(x: Tensor, train: Tensor, held_out: Tensor) -> Suspicions:
    """The closeness of samples over that of the held-out images that are most like each.

    Args:
        x: (N, C, H, W) samples.
        train: (K, C, H, W).
        held_out: (M, C, H, W).
    """
    rows, distances = nearest_training(x, train, min(NEIGHBOURS, len(train)))
    _, real_distances = nearest_training(held_out, train, min(NEIGHBOURS, len(train)))
    real = closeness(real_distances)
    like_x, _ = nearest_training(x, held_out, min(LIKE_IT, len(held_out)))
    like_real, _ = nearest_training(held_out, held_out, min(LIKE_IT + 1, len(held_out)))
    like_real = like_real[:, min(1, len(held_out) - 1) :]  # the nearest is the image itself
    return Suspicions(
        rows[:, 0],
        distances[:, 0],
        closeness(distances) / real[like_x].mean(1).clip(SMALLEST),
        real / real[like_real].mean(1).clip(SMALLEST),
        float(np.median(real_distances[:, 0])),
        float((real >= -np.log(SMALLEST)).mean()),
    )
