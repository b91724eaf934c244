"""Features of a small network that learns by how many quarter turns an image was turned.

Needs no labels. Source: Gidaris et al. 2018, arXiv:1803.07728, section 3.1: all four turns of each
image stand in a batch. Deviations: a small network; each image is jittered before it is turned, and
one that is not square is cut to the square in its middle. Features are of the whole image.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.draws import Draws
from gansmith.method import Count, Networks
from gansmith.metrics.features.jitter import jitter
from gansmith.metrics.features.learned import CHUNK, LearnedFeatures, learn, passed
from gansmith.metrics.features.learner import Learner

TURNS = 4


@dataclass(frozen=True, kw_only=True)
class Rotation(Learner):
    """Tells the turns of an image apart."""

    batch_size: Count = 32
    """Images, each of which is seen four times."""

    labelled: ClassVar[bool] = False

    def classes(self, data: DataSpec) -> int:
        return TURNS

    def task(self, batch: LabeledImages, draws: Draws) -> LabeledImages:
        """Every turn of each jittered image."""
        return turned(jitter(batch.x, draws["jitter"]))


def turned(x: Tensor) -> LabeledImages:
    """Images (N, C, H, W) turned by 0, 1, 2 and 3 quarters: (4 N, C, S, S), S the shorter side."""
    side = min(x.shape[2:])
    top, left = (x.shape[2] - side) // 2, (x.shape[3] - side) // 2
    square = x[:, :, top : top + side, left : left + side]
    images = torch.cat([torch.rot90(square, quarters, (2, 3)) for quarters in range(TURNS)])
    quarters = torch.arange(TURNS, device=x.device).repeat_interleave(len(x))
    return LabeledImages(images.contiguous(memory_format=torch.channels_last), quarters)


def rotation_features(data: DataSet, weights: Path | None, seed: int) -> LearnedFeatures:
    """For any images; trained on the training samples of the set, or taken from the cache."""
    return learn("rotation", Rotation(), data, seed, _test)


def _test(
    nets: Networks, left: LabeledImages, test: LabeledImages
) -> tuple[float, float, dict[str, Any]]:
    """The part of all turns of the images that is told right."""
    right = 0
    for chunk in test.x.split(CHUNK):
        x, quarters = turned(chunk)
        right += int((passed(nets, x)[1].argmax(1) == quarters).sum())
    return right / (TURNS * len(test.x)), 1 / TURNS, {"turns": TURNS}
