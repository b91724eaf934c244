"""A comparison as tables for people at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gansmith.display import human_seconds
from gansmith.evaluation.comparison import APART, Comparison, Group
from gansmith.evaluation.comparison_words import (
    behind_words,
    interval_words,
    runs_words,
    trust_notes,
    value_words,
)
from gansmith.evaluation.table import ARROWS, PIPE

COLUMNS = ("rank", "run", "", "95 % interval", "behind the first", "seed", "step", "time")
WIDE = 150
"""Characters of a terminal in which what differs between runs has room, too."""


def show_comparison(comparison: Comparison) -> None:
    """Print it: a table for each data set, then what there is to say, then the files."""
    console = Console() if sys.stdout.isatty() else Console(width=PIPE)
    for group in comparison.groups:
        differs = group.differs if console.width >= WIDE else {}
        console.print(_table(group, comparison.wanted.n, differs))
        if group.differs and not differs:
            more = ", ".join(group.differs)
            console.print(Text(f"  the page shows what differs besides: {more}"))
        for one in group.seeds:
            runs = ", ".join(group.field.entrants[index].name for index in one.indices)
            words = f"  {len(one.seeds)} seeds: {one.mean:.4g} ± {one.deviation:.2g} ({runs})"
            console.print(Text(words))
        for name, words in trust_notes(group).items():
            console.print(Text(f"  {name}: {words}"))
    if len(comparison.groups) > 1:
        console.print(Text(f"\n{APART}"))
    for name, why in comparison.left_out.items():
        console.print(Text(f"  left out: {name}: {why}"))
    for name, path in comparison.files.items():
        console.print(Text(f"  {name:8}{path}"))


def _table(group: Group, n: int, differs: Mapping[str, Sequence[str]]) -> Table:
    figure = next((place.figure for place in group.places if place.figure), None)
    heading = f"{figure.name} {ARROWS[figure.better]}" if figure else "no measure to order by"
    table = Table(
        title=f"{group.data}: {runs_words(len(group.places))}, {n:,} samples of each",
        title_justify="left", box=None, header_style="bold",
    )  # fmt: skip
    columns = [heading if name == "" else name for name in COLUMNS]
    for name in [*columns, *differs]:
        table.add_column(Text(name), overflow="fold")
    for place in group.places:
        entrant = group.field.entrants[place.index]
        cells = [
            place.words,
            entrant.name,
            value_words(place.figure),
            interval_words(place),
            behind_words(place),
        ]
        cells += [str(entrant.run.config.training.seed), f"{entrant.evaluation.step:,}"]
        cells += [human_seconds(entrant.seconds)]
        cells += [values[place.index] for values in differs.values()]
        table.add_row(*map(Text, cells))
    return table
