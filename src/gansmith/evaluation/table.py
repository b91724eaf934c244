"""An evaluation as a table for people."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gansmith.evaluation.evaluation import Evaluation
from gansmith.metrics.measurement import Measurement

ARROWS = {"lower": "↓", "higher": "↑", "neither": ""}
"""Which way is better."""
PIPE = 1000
"""Characters of a line that no terminal breaks."""


def show(evaluation: Evaluation) -> None:
    """Print it: a row a measurement, then how far to trust each, then what was left out."""
    console = Console() if sys.stdout.isatty() else Console(width=PIPE)
    console.print(
        Text(
            f"{evaluation.method} on {evaluation.data}, step {evaluation.step:,} "
            f"({evaluation.checkpoint}), {evaluation.n:,} samples"
        )
    )
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("measure", "", "value", "95 % interval", "against"):
        table.add_column(column, overflow="fold")
    for one in evaluation.measurements:
        name, better, value, *more = row(one)
        value += "" if one.trusted else " ?"
        table.add_row(*map(Text, (name, better, value, *more)))
    console.print(table)
    console.print(Text(_few(evaluation)))
    console.print(Text("How far to trust them", style="bold"))
    if warning := evaluation.features.get("facts", {}).get("warning"):
        console.print(Text(f"  {evaluation.features['name']} features: {warning}"))
    for one in evaluation.measurements:
        if one.notes:
            console.print(Text(f"  {one.name}: {' '.join(one.notes)}"))
    for name, why in evaluation.left_out.items():
        console.print(Text(f"  left out: {name}: {why}"))


def _few(evaluation: Evaluation) -> str:
    """How many numbers rest on too few samples; an empty line where none does."""
    few = [one for one in evaluation.measurements if not one.trusted]
    if not few:
        return ""
    least, count = max(one.least for one in few), len(evaluation.measurements)
    return (
        f"? Too few samples stand behind {len(few)} of {count} numbers: read them as hints. The "
        f"most demanding of them wants {least:,}.\n"
    )


def row(one: Measurement) -> tuple[str, str, str, str, str]:
    """Name, direction, value, interval, reference."""
    against = f"{one.n_reference:,} {one.reference}" if one.n_reference else ""
    interval = "" if one.interval is None else f"{one.interval[0]:.4g} to {one.interval[1]:.4g}"
    return one.name, ARROWS[one.better], f"{one.value:.4g}", interval, against
