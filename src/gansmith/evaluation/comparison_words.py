"""What tables and pages say of a comparison: the same words in both."""

from __future__ import annotations

import math

from gansmith.evaluation.comparison import Group
from gansmith.evaluation.ranking import Place
from gansmith.metrics.measurement import Measurement


def trust_notes(group: Group) -> dict[str, str]:
    """How far to trust each measure, once for all runs of a group, by the measure's name."""
    said: dict[str, dict[str, str]] = {}
    for place in group.places:
        entrant = group.field.entrants[place.index]
        for one in entrant.evaluation.measurements:
            if one.trust:
                said.setdefault(one.name, {}).setdefault(one.trust, entrant.name)
    return {name: _once(texts) for name, texts in said.items()}


def value_words(one: Measurement | None) -> str:
    """A number for people."""
    return "–" if one is None or not math.isfinite(one.value) else f"{one.value:.4g}"


def interval_words(place: Place) -> str:
    """The interval for people; empty where it is not known."""
    one = place.figure
    return "" if one is None or one.interval is None else "{:.4g} to {:.4g}".format(*one.interval)


def behind_words(place: Place) -> str:
    """How far behind the first, with its interval; empty for the first."""
    one = place.behind
    return "" if one is None else f"{one.value:+.3g} ({one.low:+.3g} to {one.high:+.3g})"


def _once(texts: dict[str, str]) -> str:
    """One text for all runs; of several that differ in a number, the first, as an example."""
    text, name = next(iter(texts.items()))
    return text if len(texts) == 1 else f"{text} (So for {name}; for others alike.)"


def runs_words(number: int) -> str:
    """Such as "1 run" or "3 runs"."""
    return "1 run" if number == 1 else f"{number} runs"
