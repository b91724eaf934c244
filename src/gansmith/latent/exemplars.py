"""Which samples stand for a concept: those that the user numbers, or those of a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from torch import Tensor

from gansmith.batch import DataSet, DataSpec
from gansmith.config import opened_data
from gansmith.errors import ConfigError
from gansmith.evaluation.evaluation import unchanged_data
from gansmith.latent.latents import Latents
from gansmith.latent.space import LatentSpace
from gansmith.latent.which import class_number
from gansmith.metrics.features import Features, make_features

ENOUGH = 3
"""Exemplars of a concept, as in the paper: single ones were unstable."""


BY_NUMBER = "by number"


class Concept(NamedTuple):
    """What is averaged, under a name."""

    name: str
    rows: tuple[int, ...]
    """Numbers of latent vectors."""
    by: str = BY_NUMBER

    @property
    def by_class(self) -> bool:
        """Whether the exemplars are those of a class."""
        return self.by != BY_NUMBER

    @property
    def words(self) -> str:
        """Such as "7 (3, 17, 42)", and "(3, 17, 42)" of numbers alone."""
        numbers = ", ".join(map(str, self.rows))
        return f"{self.name} ({numbers})" if self.by_class else f"({numbers})"


@dataclass(frozen=True)
class Chooser:
    """Finds exemplars of concepts in a latent space."""

    space: LatentSpace
    origin: Latents
    among: int = 1000
    """Samples that are looked through for a class."""
    exemplars: int = ENOUGH
    """Samples of a class that are taken."""
    attributes: tuple[str, ...] = ()
    """Whose combinations are the classes, in place of the run's own classes."""

    def concept(self, text: str, flag: str) -> Concept:
        """The exemplars of "3,17,42", or of the class of this name.

        Without a comma a number is a class where the data has one of that name.

        Raises:
            ConfigError: no numbers and no class, or no sample of the class was found.
        """
        numbers = _numbers(text)
        if numbers and ("," in text or text not in self.spec.class_names):
            return Concept(", ".join(map(str, numbers)), numbers)
        if self.space.by_class and not self.attributes:
            raise ConfigError(
                f"{flag} {text}: {self.space.run.config.method} is told the class besides z, so "
                "that no z stands for one; --condition chooses it. Give numbers, such as 3,17,42."
            )
        label = class_number(self.spec, text, flag)
        return Concept(text, self._of_class(label, text, flag), self._by)

    def seen(self, x: Tensor) -> list[tuple[str, float]]:
        """What the classifier takes each image (N, C, H, W) for, and how sure it is."""
        probabilities = self._probabilities(x)
        names = self.spec.class_names
        return [(names[int(p.argmax())], float(p.max())) for p in probabilities]

    @property
    def spec(self) -> DataSpec:
        """What is known of that data; the run's own is not opened for it."""
        return self.data.spec if self.attributes else self.space.run.config.spec

    @cached_property
    def data(self) -> DataSet:
        """The run's data, with the classes that are wanted."""
        if not self.attributes:
            return unchanged_data(self.space.run)
        config = self.space.run.config
        form = replace(config.form, label=self.attributes)
        return opened_data(config.data, form, config.spec.batch)

    @cached_property
    def _features(self) -> Features:
        return make_features("classifier", self.data)

    @property
    def _by(self) -> str:
        return "by their labels" if self.origin.labels is not None else "by a classifier"

    def _of_class(self, label: int, name: str, flag: str) -> tuple[int, ...]:
        """The first of that label where labels are known, else those it is surest of."""
        if self.origin.labels is not None:
            among, known = len(self._labels), self._labels
            mine = np.flatnonzero(known == label)
        else:
            probabilities = self._drawn
            among, mine = len(probabilities), np.flatnonzero(probabilities.argmax(1) == label)
            mine = mine[np.argsort(-probabilities[mine, label], kind="stable")]
        if not len(mine):
            more = "" if self.origin.count else " Look through more: --among."
            raise ConfigError(f"{flag} {name}: none of {among:,} {self.origin.words} is one.{more}")
        return tuple(mine[: self.exemplars].tolist())

    @cached_property
    def _labels(self) -> np.ndarray:
        """True classes of the held-out images."""
        batch = self.data.held_out()
        y = getattr(batch, "y", None)
        return np.asarray(self.origin.labels if y is None else y.cpu())

    @cached_property
    def _drawn(self) -> np.ndarray:
        """The classifier's probabilities of the samples that are looked through, (among, K)."""
        among = min(self.among, self.origin.count or self.among)
        return self._probabilities(self.space.images(self.origin(range(among))))

    def _probabilities(self, x: Tensor) -> np.ndarray:
        probabilities = self._features(x)[1]
        assert probabilities is not None, "a classifier gives them"
        return probabilities


def few(concepts: Sequence[Concept]) -> list[str]:
    """A warning for each concept of fewer than three exemplars."""
    return [
        f"{one.words} has {len(one.rows)} exemplar{'s' if len(one.rows) > 1 else ''}: sums of so "
        "few are unstable. Take three or more."
        for one in concepts
        if len(one.rows) < ENOUGH
    ]


def _numbers(text: str) -> tuple[int, ...]:
    """The whole numbers of "3,17,42"; none where it is something else."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()
