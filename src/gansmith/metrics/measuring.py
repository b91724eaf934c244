"""Every measure that can be computed of what is given, and why the others cannot."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from gansmith.errors import ConfigError, DataError, nearest
from gansmith.metrics import MEASURES, WORDS, Entry
from gansmith.metrics.given import Given
from gansmith.metrics.measurement import Measurement

SEVERAL = 10
"""Samples, generated and real, without which nothing is measured."""
Measure = Callable[[Given], list[Measurement]]


class Measured(NamedTuple):
    """What came of it."""

    measurements: list[Measurement]
    left_out: dict[str, str]
    """Measures that were not computed, with the reason."""


def measure(
    given: Given,
    wanted: Iterable[str] | None = None,
    cheap: bool = False,
    tell: Callable[[str], None] = lambda name: None,
) -> Measured:
    """Compute measures.

    Args:
        given: what they are computed from.
        wanted: their names; None for all.
        cheap: only those that are quick.
        tell: told the name of each before it is computed.

    Raises:
        ConfigError: an unknown name.
    """
    names = list(MEASURES) if wanted is None else list(wanted)
    check_known(names)
    few = min(len(given.generated), len(given.reference)) < SEVERAL
    kind = "images" if given.generated.x.ndim == 4 else "points"
    found = Measured([], {})
    for name in names:
        entry = MEASURES[name]
        if entry.kind != kind:
            if wanted is not None:
                found.left_out[name] = f"it is a measure of {entry.kind}, and these are {kind}"
            continue
        if cheap and not entry.cheap:
            continue
        lacking = next((need for need in entry.needs if not _there(given, need)), None)
        if few or lacking:
            found.left_out[name] = WORDS[lacking or "several"]
            continue
        tell(name)
        try:
            found.measurements.extend(loaded(entry)(given))
        except (DataError, np.linalg.LinAlgError) as error:  # the others are not lost for it
            found.left_out[name] = str(error)
    return found


def check_known(names: Iterable[str]) -> None:
    """Refuse names that are none, before anything is computed.

    Raises:
        ConfigError: an unknown name.
    """
    for name in names:
        if name not in MEASURES:
            raise ConfigError(f"There is no measure {name!r}. {nearest(name, MEASURES)}")


def needing_features(names: Iterable[str]) -> bool:
    """Whether any of these measures sees samples through features."""
    return any({"features", "probabilities"} & {*MEASURES[name].needs} for name in names)


def loaded(entry: Entry) -> Measure:
    """The function of a measure."""
    module, _, function = entry.target.partition(":")
    return getattr(importlib.import_module(f"gansmith.metrics.{module}"), function)


def _there(given: Given, need: str) -> bool:
    """Whether something that a measure may need is there; see `WORDS`."""
    return {
        "features": given.generated.features is not None,
        "probabilities": given.generated.probabilities is not None,
        "held-out": given.reference_split == "held-out",
        "classes": given.generated.y is not None and given.generated.y.ndim == 1,
        "classifies": given.classify is not None,
        "generator": given.generator is not None,
        "likelihood": given.likelihood is not None,
        "centres": given.centres is not None,
        "two-d": given.generated.x.ndim == 2 and given.generated.x.shape[1] <= 2,
        "side-12": given.generated.x.ndim == 4 and min(given.generated.x.shape[2:]) >= 12,
    }[need]
