"""`gansmith report RUN`: its flags, and what it answers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from tyro.conf import arg

from gansmith.answer import Answer
from gansmith.parsing import Json, parse_verb


@dataclass(frozen=True, kw_only=True)
class Report(Json):
    """Write one page about a run that opens from disk; a run without measures is measured first."""

    run: Annotated[Path, tyro.conf.Positional, arg(metavar="RUN")]
    """Directory of the run."""
    language: Annotated[str, arg(metavar="en|ko")] = "en"
    """English or Korean."""
    out: Annotated[
        Path | None, arg(metavar="FILE", help_behavior_hint="(default: RUN/report.html)")
    ] = None
    """The page."""
    n: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: as measured, else 2000)")
    ] = None
    """Samples to measure; another number than before measures anew."""
    method: Annotated[str | None, arg(metavar="FILE:CLASS", help_behavior_hint="")] = None
    """FILE.py:CLASS again, for a method from outside the package."""


def report(arguments: list[str]) -> Answer:
    """Write one page about a run."""
    parsed = parse_verb(Report, "report", arguments)
    from gansmith.report.report import Asked, write_report
    from gansmith.trained import load

    def tell(name: str) -> None:
        if not parsed.json:
            print(f"  {name} ...", file=sys.stderr, flush=True)

    asked = Asked(language=parsed.language, out=parsed.out, n=parsed.n)
    out, size = write_report(load(parsed.run, parsed.method), asked, tell)
    value = {"run": str(parsed.run), "out": str(out), "bytes": size, "language": parsed.language}
    return Answer(value, lambda: print(f"Report of {parsed.run} in {out}"))
