"""A data set made ready to judge generated samples: its real samples, seen through features."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gansmith.batch import Batch, DataSet, Points, UnpairedImages
from gansmith.data.points import MODES
from gansmith.draws import seed_of
from gansmith.errors import DataError
from gansmith.metrics.features import Features, choose, make_features
from gansmith.metrics.features.cache import seen_before
from gansmith.metrics.given import Given, Samples, Seen

MOST = 10_000
"""Samples of each split, at most, that are compared with."""
MOST_BYTES = 1_000_000_000
"""Of their numbers in memory; large images are fewer."""


@dataclass(frozen=True)
class Judge:
    """Real samples of a set, and the features that samples are seen through."""

    data: DataSet
    features: Features | None
    """None for points, and where no measure needs them."""
    train: Samples
    held_out: Samples | None

    def given(self, x: Tensor, y: Tensor | None = None, seed: int = 0, **method: Any) -> Given:
        """What measures are computed from, for generated samples x of classes y.

        Args:
            x: (N, *shape) as the data, on the CPU.
            y: (N,) classes that were asked for; None where there are none.
            seed: of what is drawn while measuring.
            method: what `Given` holds of it: learned, generator, z_dim, likelihood, classify.
        """
        spec = self.data.spec
        return Given(
            generated=self._generated(x.float().cpu(), y),
            reference=self.held_out or self.train,
            reference_split="held-out" if self.held_out else "training",
            train=self.train,
            seen=self.features.seen if self.features else Seen(),
            seed=seed,
            centres=MODES.get(spec.name),
            class_names=spec.class_names,
            **method,
        )

    def learned(self, data: DataSet) -> Tensor:
        """(M, *shape) what a method saw that trains on `data`, among which copies are looked for.

        They are `train.x` unless most labels are hidden from a method that has no use for images
        without labels: it sees the others alone.

        Args:
            data: all of this set's training samples, or some of them; on the CPU.
        """
        if data.spec.size >= self.data.spec.size:
            return self.train.x
        batch = data.take(some_rows(data.spec.size, len(self.train)))
        assert not isinstance(batch, UnpairedImages), "refused before"
        return batch.x.float().cpu()

    def _generated(self, x: Tensor, y: Tensor | None) -> Samples:
        return Samples(x, y) if self.features is None else Samples(x, y, *self.features(x))


def make_judge(
    data: DataSet,
    features: str | Features | None = None,
    weights: Path | None = None,
    seed: int = 0,
    blind: bool = False,
) -> Judge:
    """A judge of samples of this set.

    Args:
        data: on the CPU.
        features: a name of the table of features, or such; None for what fits the data best.
        weights: a file of weights, for features that are not made here.
        seed: what the features follow from.
        blind: without features, for measures that need none.

    Raises:
        ConfigError: unknown features.
        DataError: two domains; or features that this data does not allow.
    """
    data = data.judged or data
    spec = data.spec
    if spec.batch is UnpairedImages:
        raise DataError(f"{spec.name} has two domains: they are not measured yet.")
    seen = None
    if spec.batch is not Points and not blind:
        seen = features if features and not isinstance(features, str) else None
        name = features if isinstance(features, str) else choose(data)
        seen = seen or make_features(name, data, weights, seed)
    most = min(MOST, max(1, MOST_BYTES // (4 * math.prod(spec.shape))))
    train = data.take(some_rows(spec.size, most))
    held_out = data.held_out()
    return Judge(
        data,
        seen,
        _samples(train, spec.classes, seen, most),
        None if held_out is None else _samples(held_out, spec.classes, seen, most),
    )


def some_rows(size: int, most: int) -> Tensor:
    """Rows of a split of this size, in their order: all, or always the same random ones.

    The first ones would not do: many sets are sorted by class.
    """
    if size <= most:
        return torch.arange(size)
    random = torch.Generator().manual_seed(seed_of("judge", size))
    return torch.randperm(size, generator=random)[:most].sort().values


def _samples(batch: Batch, classes: int, features: Features | None, most: int) -> Samples:
    assert not isinstance(batch, UnpairedImages), "refused before"
    if len(batch.x) > most:
        rows = some_rows(len(batch.x), most).to(batch.x.device)
        batch = type(batch)(*(one[rows] for one in batch))
    y = None if isinstance(batch, Points) or classes == 0 else batch.y.cpu()
    x = batch.x.float().cpu()
    return Samples(x, y) if features is None else Samples(x, y, *seen_before(features, x))
