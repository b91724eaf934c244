"""Whether a generator replays training images: a verdict in words, and the evidence for it.

A sample is suspicious where its nearest training image is much nearer than the next ones are, and
more so than of held-out images like it, which nobody copied. A blurred or noisy generator, or one
that makes one kind only, is not taken for a copyist.

Sources and deviations: see `suspicion.py` for the score, `copying.py` for the test.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from gansmith.metrics.given import Given
from gansmith.metrics.images.copying import excess, judged
from gansmith.metrics.images.suspicion import Suspicions, suspicions
from gansmith.metrics.interval import wilson
from gansmith.metrics.measurement import Measurement
from gansmith.plots.image_grid import EASILY_SEEN, image_grid

MOST_HELD_OUT = 2000
PAIRS = 32
LEAST = 200
"""From here on, with 1,000 held-out images, a generator that copies one in twelve is found."""


def memorisation(given: Given) -> list[Measurement]:
    """The share of samples that copy training images, and how near samples come to them."""
    some = np.random.default_rng(given.seed).permutation(len(given.reference))[:MOST_HELD_OUT]
    held_out = given.reference.x[torch.from_numpy(some)]
    learned = given.train.x if given.learned is None else given.learned
    found = suspicions(given.generated.x, learned, held_out)
    verdict = judged(found.of_samples, found.of_held_out, found.copies)
    n, expected, training = len(given.generated), verdict.expected, len(learned)
    low, high = wilson(verdict.suspicious, n)  # at most, all that are suspicious are copies
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
            interval=(excess(low, expected), high),
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
