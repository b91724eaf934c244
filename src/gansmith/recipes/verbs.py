"""`gansmith data list` and `gansmith data fetch NAME`: their flags, and what they answer."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro
from tyro.conf import arg

from gansmith.answer import Answer
from gansmith.data.cached import cached, set_folder
from gansmith.parsing import Json, parse_verb
from gansmith.recipes import table
from gansmith.recipes.table import Recipe


@dataclass(frozen=True, kw_only=True)
class List(Json):
    """List the real data sets that can be fetched, and whether they are here."""


@dataclass(frozen=True, kw_only=True)
class Fetch(Json):
    """Fetch a real data set into the cache; `--data NAME` then trains on it."""

    name: Annotated[str, tyro.conf.Positional, arg(metavar="NAME")]
    """One of `gansmith data list`."""
    from_: Annotated[
        tuple[Path, ...], arg(name="from", metavar="FILE ...", help_behavior_hint="")
    ] = ()
    """Package files that you have downloaded yourself."""


def list_(arguments: list[str]) -> Answer:
    """List the recipes."""
    parse_verb(List, "data list", arguments)
    rows = [_row(recipe) for recipe in table.recipes()]
    return Answer({"data": rows}, lambda: _show(rows))


def fetch(arguments: list[str]) -> Answer:
    """Fetch a data set."""
    parsed = parse_verb(Fetch, "data fetch", arguments)
    recipe = table.recipe(parsed.name)
    from gansmith.recipes import fetching

    made = fetching.fetch(recipe, parsed.from_, lambda line: print(line, file=sys.stderr))
    folder = set_folder(recipe.name)
    return Answer({**made, "path": str(folder)}, lambda: print(_next(recipe, folder)))


def _next(recipe: Recipe, folder: Path) -> str:
    opens = folder / recipe.opens
    if opens.suffix == ".tsv":
        return f"{recipe.name} is in {opens}"
    return f"{recipe.name} is in {folder}; train on it with --data {recipe.name}"


def _row(recipe: Recipe) -> dict[str, Any]:
    here = cached(recipe.name)
    return {
        "name": recipe.name,
        "about": recipe.about,
        "train": recipe.train,
        "held_out": recipe.held_out,
        "download_bytes": recipe.bytes,
        "licence": recipe.licence,
        "path": str(here) if here else None,
    }


def _show(rows: list[dict[str, Any]]) -> None:
    """Print a table; into a pipe, a line a row."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console() if sys.stdout.isatty() else Console(width=1000)
    shown = Table(box=None, header_style="bold")
    for column in ("name", "about", "count", "download", "licence", "here"):
        shown.add_column(column, overflow="fold", no_wrap=column in ("name", "count", "download"))
    for row in rows:
        count = f"{row['train']:,} + {row['held_out']:,}"
        size = f"{row['download_bytes'] / 1e6:.1f} MB" if row["download_bytes"] else "none"
        here = "yes" if row["path"] else "no"
        cells = (row["name"], row["about"], count, size, row["licence"], here)
        shown.add_row(*(Text(cell) for cell in cells))
    console.print(shown)
    console.print("\ngansmith data fetch NAME; count: to train on + held out.")
