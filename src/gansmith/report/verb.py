"""`gansmith report RUN`: a page about a run, or a notebook; the flags, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from tyro.conf import arg

from gansmith.answer import Answer, telling
from gansmith.errors import ConfigError
from gansmith.parsing import Json, parse_verb


@dataclass(frozen=True, kw_only=True)
class Report(Json):
    """Write one page about a run that opens from disk, or the lab assignment as a notebook.

    A run without measures is measured first.
    """

    run: Annotated[Path, tyro.conf.Positional, arg(metavar="RUN")]
    """Directory of the run."""
    language: Annotated[str, arg(metavar="en|ko")] = "en"
    """English or Korean."""
    out: Annotated[
        Path | None, arg(metavar="FILE", help_behavior_hint="(default: RUN/report.html)")
    ] = None
    """The page."""
    notebook: Annotated[Path | None, arg(metavar="FILE.ipynb", help_behavior_hint="")] = None
    """Write and execute a notebook in place of the page: data, training, animation, losses, best
    samples, measures, a brief report. Its name ends in the student's number: Lab14-2_ID.ipynb."""
    n: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: as measured, else 2000)")
    ] = None
    """Samples to measure; another number than before measures anew."""
    method: Annotated[str | None, arg(metavar="FILE:CLASS", help_behavior_hint="")] = None
    """FILE.py:CLASS again, for a method from outside the package."""


def report(arguments: list[str]) -> Answer:
    """Write one page about a run."""
    parsed = parse_verb(Report, "report", arguments)
    from gansmith.notebook import write_notebook
    from gansmith.report.report import Asked, write_report
    from gansmith.trained import load

    if parsed.notebook and (parsed.out or parsed.n):
        raise ConfigError("--out and --n are of the page: leave them out with --notebook.")

    tell = telling(quiet=parsed.json)
    run = load(parsed.run, parsed.method)
    if parsed.notebook:
        tell("notebook: every cell is executed")
        out = write_notebook(run, parsed.notebook, parsed.language)
        size = out.stat().st_size
    else:
        asked = Asked(language=parsed.language, out=parsed.out, n=parsed.n)
        out, size = write_report(run, asked, tell)
    value = {"run": str(parsed.run), "out": str(out), "bytes": size, "language": parsed.language}
    return Answer(value, lambda: print(f"Report of {parsed.run} in {out}"))
