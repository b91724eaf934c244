"""The quick measures of samples, the one that decides which step is best, and how noisy it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

from gansmith.metrics import MEASURES
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.measuring import measure
from gansmith.metrics.parts import PARTS

PREFERRED = ("frechet", "js", "w1", "sliced")
"""Keys of the measurements that decide, the first that is there. A count, such as that of modes,
comes after them: once all are captured, it tells no two steps apart."""


class Quick(NamedTuple):
    """What the quick measures say."""

    measurements: list[Measurement]
    figure: Measurement | None = None
    """The one that decides; None where none says what is better."""
    parts: tuple[float, ...] = ()
    """Its value for each of several equal parts of the samples."""


def quick(given: Given, names: Sequence[str] = ()) -> Quick:
    """Compute every quick measure, or those of these names, and the deciding one in parts too."""
    cheap = not names
    measured = {
        name: measure(given, [name], cheap=cheap).measurements for name in names or MEASURES
    }
    every = [one for some in measured.values() for one in some]
    figure = deciding(every)
    if figure is None:
        return Quick(every)
    if "parts" in figure.details:  # of real images: what is generated has no part in it
        return Quick(every, figure, tuple(figure.details["parts"]))
    name = next(name for name, some in measured.items() if figure in some)
    found = (measure(part, [name]).measurements for part in _parts(given))
    parts = tuple(one.value for some in found for one in some if one.key == figure.key)
    return Quick(every, figure, parts)


def deciding(measurements: Sequence[Measurement]) -> Measurement | None:
    """The one that decides which step is best; None where none says what is better."""
    by_key = {one.key: one for one in measurements if one.better != "neither"}
    wanted = next((key for key in PREFERRED if key in by_key), next(iter(by_key), None))
    return None if wanted is None else by_key[wanted]


def _parts(given: Given) -> list[Given]:
    """The same with one part of the generated samples after the other."""
    size = len(given.generated) // PARTS
    rows = (slice(number * size, (number + 1) * size) for number in range(PARTS))
    return [dataclasses.replace(given, generated=_part(given.generated, some)) for some in rows]


def _part(whole: Samples, rows: slice) -> Samples:
    return Samples(
        whole.x[rows],
        None if whole.y is None else whole.y[rows],
        None if whole.features is None else whole.features[rows],
        None if whole.probabilities is None else whole.probabilities[rows],
    )
