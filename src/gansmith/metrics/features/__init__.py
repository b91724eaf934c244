"""What images are seen through: networks that turn an image into a vector, by name.

This table is the only place that names them all. Each is made for a data set once, and kept in the
cache under a hash of all that it follows from.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from gansmith.errors import ConfigError, nearest

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.batch import DataSet
    from gansmith.metrics.given import Seen


class Features(Protocol):
    """Turns images into vectors; deterministic."""

    seen: Seen
    """Name, hash of the weights, resizer, what is known of them."""

    def __call__(self, x: Tensor) -> tuple[np.ndarray, np.ndarray | None]:
        """(N, C, H, W) in [-1, 1] → features (N, D) float32, and probabilities (N, K) or None."""
        ...


class Entry(NamedTuple):
    """Where features are made, and what they are."""

    target: str
    """MODULE:FUNCTION below `gansmith.metrics.features`; (data, weights file, seed) → Features."""
    about: str


FEATURES: dict[str, Entry] = {
    "classifier": Entry(
        "classifier:classifier_features", "a small classifier of the data's own labels"
    ),
    "rotation": Entry(
        "rotation:rotation_features", "a small network that learned which way up images are"
    ),
    "inception": Entry(
        "inception:inception_features", "Inception-v3 from a file of weights, as FID has it"
    ),
    "random": Entry("random:random_features", "convolutions with random weights: the baseline"),
}


def choose(data: DataSet) -> str:
    """The features that fit a data set best: a classifier where there are labels, else rotation."""
    return "classifier" if data.spec.classes > 1 else "rotation"


def make_features(name: str, data: DataSet, weights: Path | None = None, seed: int = 0) -> Features:
    """Features by name, made for a data set or taken from the cache.

    Raises:
        ConfigError: an unknown name.
        DataError: the data does not have what they are made from.
    """
    if name not in FEATURES:
        raise ConfigError(f"There are no features {name!r}. {nearest(name, FEATURES)}")
    module, _, function = FEATURES[name].target.partition(":")
    made = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    return made(data, weights, seed)
