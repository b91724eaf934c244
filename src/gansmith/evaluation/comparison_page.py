"""A comparison as one HTML page that opens from disk, on a phone too."""

from __future__ import annotations

import math
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansmith.display import human_seconds
from gansmith.evaluation.comparison import APART, Comparison, Group
from gansmith.evaluation.comparison_samples import Shown, shown_samples
from gansmith.evaluation.comparison_words import (
    behind_words,
    interval_words,
    runs_words,
    trust_notes,
    value_words,
)
from gansmith.evaluation.ranking import RULE, Place
from gansmith.evaluation.runs_below import plain
from gansmith.evaluation.table import ARROWS
from gansmith.metrics.given import Seen
from gansmith.pages.render import render
from gansmith.whole_file import write_whole

TEMPLATE = Path(__file__).with_name("comparison.html")
BUDGET = 6_000_000
"""Bytes of all pictures on a page; a third more as text."""
MOST_EACH = 400_000
NAMED = 10
"""Runs of a tie that are named."""


@dataclass(frozen=True)
class Bar:
    """An interval as parts of the width that all of a group share, in percent."""

    low: float
    high: float
    value: float


def write_page(comparison: Comparison, out: Path) -> None:
    """Write the page, whole or not at all."""
    most = min(MOST_EACH, BUDGET // (comparison.size + len(comparison.groups)))
    page = render(
        TEMPLATE,
        language="en",
        title=f"Comparison of {runs_words(comparison.size)}",
        wanted=comparison.wanted,
        groups=[_section(group, most) for group in comparison.groups],
        left_out=comparison.left_out,
        apart=APART,
        rule=RULE,
        command=comparison.command,
    )
    write_whole(out, page.encode("utf-8"))


def _section(group: Group, most: int) -> dict[str, Any]:
    """What the page says of a group."""
    judge, entrants = group.field.judge, group.field.entrants
    figure = next((place.figure for place in group.places if place.figure), None)
    bars, ends = _bars(group)
    reference = judge.held_out or judge.train
    rows = [_row(group, place, bar, most) for place, bar in zip(group.places, bars, strict=True)]
    return {
        "data": group.data,
        "shape": " × ".join(map(str, judge.data.spec.shape)),
        "count": runs_words(len(rows)),
        "features": _seen(judge.features.seen) if judge.features else "",
        "reference": f"{len(reference):,} {'held-out' if judge.held_out else 'training'}",
        "figure": f"{figure.name} {ARROWS[figure.better]}" if figure else "",
        "better": {"lower": "less", "higher": "more"}.get(figure.better, "") if figure else "",
        "ends": ends,
        "rows": rows,
        "real": shown_samples(reference.x[:32], judge, most) if judge.features else None,
        "ties": _ties(group),
        "differs": list(group.differs),
        "measures": _measures(group),
        "notes": trust_notes(group),
        "lacking": {k: v for one in entrants for k, v in one.evaluation.left_out.items()},
        "seeds": [
            {
                "runs": ", ".join(entrants[index].name for index in one.indices),
                "method": entrants[one.indices[0]].run.config.method,
                "seeds": ", ".join(map(str, one.seeds)),
                "words": _spread_words((one.mean, one.deviation)),
            }
            for one in group.seeds
        ],
    }


def _seen(seen: Seen) -> str:
    """Features for people, with the numbers that are known of them."""
    facts = [f"{name} {value}" for name, value in seen.facts.items() if not _nested(value)]
    return f"{seen}{': ' if facts else ''}{', '.join(facts)}"


def _nested(value: object) -> bool:
    return isinstance(value, dict | list | tuple)


def _row(group: Group, place: Place, bar: Bar | None, most: int) -> dict[str, Any]:
    """What the page says of a run."""
    entrant = group.field.entrants[place.index]
    config = entrant.run.config
    picture: Shown | None = shown_samples(entrant.samples, group.field.judge, most)
    again = ["gansmith", "train", config.method, "--config", str(entrant.run.directory.config)]
    return {
        "rank": place.words,
        "name": entrant.name,
        "value": value_words(place.figure),
        "interval": interval_words(place),
        "behind": behind_words(place),
        "bar": bar,
        "seed": config.training.seed,
        "step": f"{entrant.evaluation.step:,}",
        "time": human_seconds(entrant.seconds),
        "differs": [plain(values[place.index]) for values in group.differs.values()],
        "picture": picture,
        "train": plain(shlex.join(again)),
    }


def _ties(group: Group) -> list[str]:
    """A sentence for each rank that several runs share."""
    shared: dict[int, list[str]] = {}
    for place in group.places:
        if place.ties and place.rank is not None:
            name = group.field.entrants[place.index].name
            shared.setdefault(place.rank, []).append(name)
    return [
        f"Tie for rank {rank}: {', '.join(names[1:NAMED])}"
        f"{f' and {len(names) - NAMED} more' if len(names) > NAMED else ''} "
        f"cannot be told apart from {names[0]} with so many samples."
        for rank, names in shared.items()
    ]


def _measures(group: Group) -> dict[str, Any]:
    """Every number of every run: column names, and a row a run."""
    made = [group.field.entrants[place.index].evaluation for place in group.places]
    columns = {
        one.key: f"{one.name} {ARROWS[one.better]}".strip()
        for evaluation in made
        for one in evaluation.measurements
    }
    rows = []
    for evaluation in made:
        by_key = {one.key: one for one in evaluation.measurements}
        rows.append([value_words(by_key.get(key)) for key in columns])
    over_seeds = [[_spread_words(one.measures.get(key)) for key in columns] for one in group.seeds]
    return {"columns": list(columns.values()), "rows": rows, "seeds": over_seeds}


def _spread_words(spread: tuple[float, float] | None) -> str:
    """Mean ± standard deviation."""
    return "–" if spread is None else f"{spread[0]:.4g} ± {spread[1]:.2g}"


def _bars(group: Group) -> tuple[list[Bar | None], tuple[str, str]]:
    """(a bar for each place, the numbers at both ends of the axis)."""
    spans = [_span(place) for place in group.places]
    known = [number for span in spans if span for number in span]
    if not known:
        return [None] * len(spans), ("", "")
    low, high = min(known), max(known)
    width = (high - low) or 1.0

    def part(number: float) -> float:
        return round(4 + 92 * (number - low) / width, 2)

    bars = [Bar(*map(part, span)) if span else None for span in spans]
    return bars, (f"{low:.4g}", f"{high:.4g}")


def _span(place: Place) -> tuple[float, float, float] | None:
    """Low end, high end and value; None where there is no finite number."""
    one = place.figure
    if one is None or not math.isfinite(one.value):
        return None
    low, high = one.interval or (one.value, one.value)
    return low, high, one.value
