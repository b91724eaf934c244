"""The measures of a run as rows of a table, and what they come to in a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from gansmith.evaluation.evaluation import Evaluation
from gansmith.evaluation.table import ARROWS
from gansmith.metrics import WORDS
from gansmith.metrics.measurement import Measurement
from gansmith.report.words import Words

FIRST = ("frechet", "class_accuracy", "classifier_error", "precision", "recall", "memorised",
         "modes", "high_quality", "w1")  # fmt: skip
"""Keys of the measures that stand in the summary where they were computed, in this order."""
IN_SUMMARY = 6
FEATURES = re.compile(r" \((\w+)(?: features)?\)$")
"""What a name ends in where the measure sees through features."""


class Row(NamedTuple):
    """One measure in words."""

    name: str
    value: str
    arrow: str
    better: str
    interval: str
    against: str
    trusted: bool
    trust: str


def rows(evaluation: Evaluation, w: Words, names: Mapping[str, str]) -> list[Row]:
    """A row a measurement; names by key go before the measurement's own."""
    return [_row(one, w, names) for one in evaluation.measurements]


def _row(one: Measurement, w: Words, names: Mapping[str, str]) -> Row:
    m = w["measures"]
    interval = ""
    if one.interval is not None:
        low, high = (f"{bound:.4g}" for bound in one.interval)
        interval = m["range"].format(low=low, high=high)
    against = m["only"]
    if one.n_reference:
        against = m["against_text"]
    return Row(
        name=named(one, names),
        value=f"{one.value:.4g}",
        arrow=ARROWS[one.better],
        better=w["summary"][one.better],
        interval=interval,
        against=against.format(
            n=f"{one.n:,}", reference=f"{one.n_reference:,}", split=split(one.reference, w)
        ),
        trusted=one.trusted,
        trust=one.trust,
    )


def named(one: Measurement, names: Mapping[str, str]) -> str:
    """What a measurement is called: by the table of names, else as it calls itself."""
    if one.key not in names or one.name.startswith("FID"):
        return one.name
    seen = FEATURES.search(one.name)
    return f"{names[one.key]} ({seen[1]})" if seen else names[one.key]


def split(reference: str, w: Words) -> str:
    """The part of the data, "held-out" or "training"."""
    known = {"held-out": "held_out", "training": "training"}
    return w["measures"][known[reference]] if reference in known else reference


def summary(evaluation: Evaluation, w: Words, names: Mapping[str, str]) -> str:
    """The first measures, and on how many samples all of them rest."""
    by_key = {one.key: one for one in evaluation.measurements}
    order = [key for key in FIRST if key in by_key] or list(by_key)
    said = [_said(by_key[key], w, names) for key in order[:IN_SUMMARY]]
    return " ".join([*(["; ".join(said) + "."] if said else []), _rests(evaluation, w)])


def _said(one: Measurement, w: Words, names: Mapping[str, str]) -> str:
    s = w["summary"]
    known = [s[one.better]]
    if one.interval is not None:
        low, high = (f"{bound:.4g}" for bound in one.interval)
        known.append(s["interval"].format(low=low, high=high))
    known += [] if one.trusted else [s["few"]]
    name = FEATURES.sub("", named(one, names))
    return f"{name} {one.value:.4g} ({', '.join(known)})"


def _rests(evaluation: Evaluation, w: Words) -> str:
    """On how many samples."""
    count = len(evaluation.measurements)
    few = sum(not one.trusted for one in evaluation.measurements)
    if count <= 1:
        key = "nothing" if not count else "one_few" if few else "one"
    else:
        key = "rests" if not few else "none" if few == count else "some"
    return w["summary"][key].format(count=count, few=few)


def reason(why: str, w: Words) -> str:
    """Why a measure was left out, in the report's language where it is a known reason."""
    key = next((key for key, text in WORDS.items() if text == why), None)
    return w["need"].get(key, why) if key else why
