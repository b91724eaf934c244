"""A report for people: what the pictures are, what is wrong, what conversion does."""

from __future__ import annotations

import shlex
import sys
from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gansmith.data_check.conversion import shape_words
from gansmith.data_check.finding import Finding
from gansmith.data_check.names import counts, escaped, some
from gansmith.data_check.report import VERDICTS, Report, spread

NAMED, FAULTY = 5, 20
"""Pictures, or groups of them, that are named, and faulty pictures; `--json` names all."""
PIPE = 1000
"""Characters of a line that no terminal breaks."""
STYLES = {"fault": "bold red", "warning": "yellow", "note": "dim"}
COLOURS = ("green", "yellow", "red")


def show(report: Report) -> None:
    """Print it."""
    console = Console() if sys.stdout.isatty() else Console(width=PIPE)
    console.print(facts(report))
    for severity, style in STYLES.items():
        chosen = [finding for finding in report.findings if finding.severity == severity]
        if chosen:
            console.print()
            console.print(findings(chosen, Text(severity, style)))
    console.print()
    code = report.code
    console.print(Text(f"{VERDICTS[code].capitalize()}.", f"bold {COLOURS[code]}"), end=" ")
    console.print(Text(_next(report)))


def findings(chosen: list[Finding], heading: Text) -> Table:
    """A table of findings of one severity, with the lines that belong to each."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=len("warning"), no_wrap=True)
    table.add_column(overflow="fold")
    for finding in chosen:
        table.add_row(heading, Text(f"{finding.says}."))
        for line in details(finding):
            table.add_row("", Text(f"  {line}", "dim" if line == finding.advice else ""))
    return table


def facts(report: Report) -> Table:
    """The table of numbers."""
    good = report.readable
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    sizes = Counter((look.width, look.height) for look in good)
    ratios = spread([look.width / look.height for look in good])
    kinds = Counter(look.kind for look in good)
    rows = {"pictures": _number(report)}
    if ratios is not None:
        rows |= {
            "sizes": f"{_sides(report)}; {len(sizes):,} distinct",
            "width / height": "  ".join(f"{key} {value:.2f}" for key, value in ratios.items()),
            "stored as": counts(kinds.most_common()),
            "converted to": f"{shape_words(report.conversion)} pixels",
        }
    if report.classes:
        most = sorted(report.classes.items(), key=lambda pair: (-pair[1], pair[0]))
        rows["classes"] = f"{len(most):,}: {counts(most)}"
    for name, value in rows.items():
        table.add_row(Text(name), Text(value))
    return table


def _number(report: Report) -> str:
    left_out = len(report.looks) - len(report.readable)
    words = f"{len(report.looks):,} in {escaped(report.source.origin)}"
    return f"{words}, {left_out:,} of them left out" if left_out else words


def _sides(report: Report) -> str:
    """The pictures with the fewest, the median and the most pixels, width first."""
    areas = sorted((look.width * look.height, look.width, look.height) for look in report.readable)
    chosen = {"min": areas[0], "median": areas[len(areas) // 2], "max": areas[-1]}
    return "  ".join(f"{key} {width:,}x{height:,}" for key, (_, width, height) in chosen.items())


def details(finding: Finding) -> list[str]:
    """Names with their reasons or groups, then the advice, a line each."""
    lines = []
    if finding.groups:
        lines = [f"{some(group, NAMED)}" for group in finding.groups[:NAMED]]
        rest = len(finding.groups) - NAMED
        lines += [f"and {rest:,} more groups" if rest > 1 else "and 1 more group"] * (rest > 0)
    elif finding.reasons:
        pairs = list(zip(finding.names, finding.reasons, strict=True))
        lines = [f"{some([name], 1)}: {escaped(why)}" for name, why in pairs[:FAULTY]]
        lines += [f"and {len(pairs) - FAULTY:,} more"] * (len(pairs) > FAULTY)
    elif finding.names and finding.severity != "note":
        lines = [some(finding.names, NAMED)]
    return [*lines, finding.advice] if finding.advice else lines


def _next(report: Report) -> str:
    if report.code == 2:
        return "Fewer pictures can be read than cannot: repair them, then check again."
    size = report.conversion
    flag = f" --size {size.height}" if size.height == size.width else ""
    data = escaped(shlex.quote(report.source.origin))
    return f"Train with: gansmith train METHOD --data {data}{flag}"
