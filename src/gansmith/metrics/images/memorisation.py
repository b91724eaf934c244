"""Whether a generator replays training images: a verdict in words, and the evidence for it.

A sample is suspicious where its nearest training image is much nearer than the next ones are, and
more so than of held-out images like it, which nobody copied. A blurred or noisy generator, or one
that makes one kind only, is not taken for a copyist.

Source of the ratio: Carlini et al. 2023, arXiv:2301.13188, section 4.2; of its scale, which is that
of the dimension nearby: Facco et al. 2017, arXiv:1803.06992, equation 3; of the test: `copying.py`.
Deviation: the least distance over shifts by one pixel; the scale comes from held-out neighbours.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from gansmith.metrics.given import Given
from gansmith.metrics.images.copying import excess, judged
from gansmith.metrics.images.nearest import nearest_training
from gansmith.metrics.interval import wilson
from gansmith.metrics.measurement import Measurement
from gansmith.plots.image_grid import EASILY_SEEN, image_grid

NEIGHBOURS = 10
"""The nearest training image is compared with the mean of the others of so many."""
LIKE_IT = 20
"""Held-out images that a sample is held against."""
SMALLEST = 1e-3
"""Ratio below which a sample is a copy and nothing else."""
MOST_HELD_OUT = 2000
PAIRS = 32
LEAST = 200
"""From here on, with 1,000 held-out images, a generator that copies one in twelve is found."""


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


def memorisation(given: Given) -> list[Measurement]:
    """The share of samples that copy training images, and how near samples come to them."""
    some = np.random.default_rng(given.seed).permutation(len(given.reference))[:MOST_HELD_OUT]
    held_out = given.reference.x[torch.from_numpy(some)]
    found = suspicions(given.generated.x, given.train.x, held_out)
    verdict = judged(found.of_samples, found.of_held_out, found.copies)
    n, expected, training = len(given.generated), verdict.expected, len(given.train)
    details = {
        **verdict.as_json(n),
        "training": training,
        "median_distance": float(np.median(found.distances)),
        "median_distance_real": found.median_of_held_out,
        "pairs": _closest(found),
    }
    seen = f"Compared with {training:,} training images: copies of others are not seen."
    return [
        given.measured(
            "memorised",
            "Share of samples that copy training images",
            excess(verdict.suspicious / n, expected),
            "lower",
            featured=False,
            n_reference=len(held_out),
            interval=tuple(excess(end, expected) for end in wilson(verdict.suspicious, n)),
            least=LEAST,
            notes=(verdict.sentence(n), seen),
            details=details,
        )
    ]


def _closest(found: Suspicions) -> list[dict[str, Any]]:
    """The most suspicious pairs, the worst first."""
    return [
        {
            "generated": int(row),
            "training": int(found.rows[row]),
            "distance": float(found.distances[row]),
            "suspicion": float(found.of_samples[row]),
        }
        for row in np.lexsort((found.distances, -found.of_samples))[:PAIRS]
    ]


def pairs_picture(
    generated: Tensor, train: Tensor, pairs: list[dict[str, Any]], columns: int = 4
) -> np.ndarray:
    """Pairs side by side, the generated image at the left, its nearest training image beside it.

    Args:
        generated: (N, C, H, W) in [-1, 1], C = 1 or 3.
        train: (M, C, H, W).
        pairs: as `memorisation` lists them under "pairs" in its details; at least one.
        columns: pairs in a row.

    Returns:
        (height, width) or (height, width, 3) uint8.
    """
    left = generated[[pair["generated"] for pair in pairs]].numpy()
    right = train[[pair["training"] for pair in pairs]].numpy()
    scale = max(1, EASILY_SEEN // max(left.shape[2:]))
    return np.asarray(image_grid(np.concatenate([left, right], axis=3), columns, scale))
