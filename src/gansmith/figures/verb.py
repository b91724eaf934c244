"""`gansmith figure NAME` and `gansmith figure list`: the flags, and what they answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from tyro.conf import arg

from gansmith.answer import Answer, telling
from gansmith.data.cached import cached
from gansmith.errors import ConfigError
from gansmith.figures import FIGURES, Entry, find
from gansmith.parsing import Json, parse_verb


@dataclass(frozen=True, kw_only=True)
class Figure(Json):
    """Draw a figure of the lectures: a picture, its numbers, and what to see in it."""

    name: Annotated[str, tyro.conf.Positional, arg(metavar="NAME")]
    """Which, or "list" for all of them."""
    out: Annotated[
        Path | None, arg(metavar="DIR", help_behavior_hint="(default: figures/NAME)")
    ] = None
    """Where it is written, and where the runs lie that it trains; the same command goes on with
    them."""
    seed: Annotated[int, arg(metavar="S")] = 0
    """What all that is trained and drawn follows from."""
    effort: Annotated[float, arg(metavar="X")] = 1.0
    """Times as many steps of training; 0.1 is for a first look."""
    data: Annotated[
        str | None, arg(metavar="NAME|PATH", help_behavior_hint="(default: the figure's own)")
    ] = None
    """The images that it shows, where it shows images."""
    method: Annotated[
        str | None,
        arg(metavar="NAME|FILE:CLASS", help_behavior_hint="(default: the figure's own)"),
    ] = None
    """The method that it trains, where one can be chosen."""


Figure.__doc__ = (Figure.__doc__ or "") + (
    "\n\nFigures: " + "; ".join(f"{name}: {entry.about}" for name, entry in FIGURES.items()) + "."
)


def figure(arguments: list[str]) -> Answer:
    """Draw a figure of the lectures."""
    parsed = parse_verb(Figure, "figure", arguments)
    if parsed.name == "list":
        rows = {name: entry._asdict() for name, entry in FIGURES.items()}
        return Answer({"figures": rows}, _show_list)
    entry, draw = find(parsed.name)
    _check(parsed, entry)
    from gansmith.figures.asked import Asked
    from gansmith.figures.drawn import write

    folder = parsed.out or Path("figures") / parsed.name
    asked = Asked(
        folder=folder,
        seed=parsed.seed,
        effort=parsed.effort,
        data=parsed.data or first_there(entry.data),
        method=parsed.method or entry.method,
        tell=telling(quiet=parsed.json),
    )
    drawn = draw(asked)
    files = write(drawn, folder, parsed.name)

    def show() -> None:
        print("\n".join(drawn.see))
        print(f"\n{files['png']} · {files['svg'].name} · its numbers: {files['json'].name}")

    value = {"figure": parsed.name, "see": list(drawn.see), "numbers": dict(drawn.numbers)}
    return Answer(value | {"files": {kind: str(path) for kind, path in files.items()}}, show)


def _check(parsed: Figure, entry: Entry) -> None:
    """Refuse what the figure cannot do."""
    if not (parsed.effort > 0 and math.isfinite(parsed.effort)):
        raise ConfigError(f"--effort {parsed.effort}: give a number above 0, such as 0.1.")
    if parsed.data and not entry.data:
        raise ConfigError(f"The figure {parsed.name} shows no images: leave --data out.")
    if parsed.method and not entry.method:
        raise ConfigError(f"The figure {parsed.name} has methods of its own: leave --method out.")


def first_there(names: str) -> str:
    """The first of several data sets, with commas between, that is on this machine; or the last."""
    *others, last = names.split(",")
    return next((name for name in others if cached(name) is not None), last)


def _show_list() -> None:
    width = max(map(len, FIGURES))
    for name, entry in FIGURES.items():
        time = f" (trains about {entry.minutes:g} min)" if entry.minutes else ""
        print(f"  {name:{width}}  {entry.about}{time}")
    print("\n  gansmith figure NAME draws one")
