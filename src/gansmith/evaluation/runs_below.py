"""The runs that paths stand for: a run for itself, another folder for all runs below it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from gansmith.errors import RunError
from gansmith.run.directory import RunDirectory
from gansmith.trained import Run, load

LEVELS = 2
"""So far below a folder runs are looked for: a class of folders, each with a few runs."""


def runs_below(paths: Iterable[Path]) -> tuple[list[Run], dict[str, str]]:
    """(runs, each once, in the order of the paths; what is no run and why, by its path).

    A run is known by its config.json.

    Raises:
        RunError: a path that does not exist, or no run at all.
    """
    runs: dict[Path, Run] = {}
    left_out: dict[str, str] = {}
    for path in paths:
        if not path.is_dir():
            what = "is no directory" if path.exists() else "does not exist"
            raise RunError(f"{shown(path)} {what}. Give runs, or folders with runs below them.")
        found = [path] if RunDirectory(path).exists() else list(_below(path, LEVELS))
        if not found:
            left_out[shown(path)] = f"there is no run in it, nor up to {LEVELS} levels below it"
        for one in found:
            try:
                runs.setdefault(one.resolve(), load(one))
            except RunError as error:
                left_out[shown(one)] = plain(str(error))
    if not runs:
        raise RunError(f"There is no run to compare. {reasons(left_out)}".strip())
    return list(runs.values()), left_out


def reasons(left_out: dict[str, str]) -> str:
    """What was left out, as sentences."""
    return " ".join(f"{name}: {why.rstrip('.')}." for name, why in left_out.items())


def names(paths: Iterable[Path]) -> list[str]:
    """The shortest ends of the paths that tell them apart, for people."""
    parts = [path.resolve().parts for path in paths]
    length = 1
    while len({part[-length:] for part in parts}) < len(set(parts)):
        length += 1
    return [shown(Path(*part[-length:])) for part in parts]


def shown(path: Path) -> str:
    """A path as it can be printed anywhere: composed letters, no control characters."""
    return plain(str(path))


def plain(text: str) -> str:
    """Text without what a terminal or a file cannot take, each such character as �."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter if letter.isprintable() else "�" for letter in composed)


def _below(folder: Path, levels: int) -> Iterator[Path]:
    """Runs below a folder in the order of their names; a run's own folders are not looked into."""
    try:
        entries = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    except OSError:  # a folder that may not be read holds no run for us
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if RunDirectory(entry).exists():
            yield entry
        elif levels > 1:
            yield from _below(entry, levels - 1)
