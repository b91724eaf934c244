"""`gansmith classify RUN IMAGES`: its flags, and what it answers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro
from tyro.conf import arg

from gansmith.answer import Answer
from gansmith.errors import ConfigError, RunError
from gansmith.parsing import Json, parse_verb
from gansmith.whole_file import write_whole

if TYPE_CHECKING:
    from gansmith.evaluation.classify import Classified

SHOWN, WIDEST = 20, 12
"""Images that are listed, and classes of a confusion that is printed."""


@dataclass(frozen=True, kw_only=True)
class Classify(Json):
    """Say which class images are of, and how often that is right where they carry classes."""

    run: Annotated[Path, tyro.conf.Positional, arg(metavar="RUN")]
    """Directory of a run of a method that classifies."""
    images: Annotated[
        tuple[str, ...],
        tyro.conf.Positional,
        arg(metavar="IMAGES ...", help_behavior_hint="(default: the run's held-out images)"),
    ] = ()
    """Files, folders, and whatever --data of train takes; of a set that holds images out, those.
    They are made into what the run's data was made into."""
    checkpoint: Annotated[str, arg(metavar="best|latest|STEP")] = "latest"
    """Which weights: the newest, the best that --evaluate-every found, or those of a step."""
    csv: Annotated[Path | None, arg(metavar="FILE.csv", help_behavior_hint="")] = None
    """Write a table: name, class, probability, label."""
    method: Annotated[str | None, arg(metavar="FILE:CLASS", help_behavior_hint="")] = None
    """FILE.py:CLASS again, for a method from outside the package."""


def classify(arguments: list[str]) -> Answer:
    """Say which class images are of."""
    parsed = parse_verb(Classify, "classify", arguments)
    from gansmith.evaluation.classify import classify as classified
    from gansmith.trained import load

    if parsed.csv is not None and (parsed.csv.suffix.lower() != ".csv" or parsed.csv.is_dir()):
        raise ConfigError(f"--csv {parsed.csv}: give a file whose name ends in .csv.")
    found = classified(load(parsed.run, parsed.method), parsed.images, parsed.checkpoint)
    if parsed.csv is not None:
        write_table(found, parsed.csv)
    value = {**found.as_json(), "csv": None if parsed.csv is None else str(parsed.csv)}
    return Answer(value, lambda: print("\n".join(lines(found, parsed.csv))))


def write_table(found: Classified, path: Path) -> None:
    """An image a line.

    Raises:
        RunError: it cannot be written.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, ["name", "class", "probability", "label"], lineterminator="\n")
    table.writeheader()
    table.writerows(found.rows())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.getvalue().encode())
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error}. Give another --csv.") from error


def lines(found: Classified, table: Path | None) -> list[str]:
    """The answer for people."""
    rows = found.rows()
    told = [
        f"{row['name']}  {row['class']}  {row['probability']:.1%}"
        + (f"  (labelled {row['label']})" if row["label"] not in (None, row["class"]) else "")
        for row in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        told.append(f"... and {len(rows) - SHOWN:,} more{'' if table else ': --csv or --json'}.")
    told += found.notes
    if found.accuracy is not None and found.interval is not None:
        low, high = found.interval
        told.append(
            f"Accuracy {found.accuracy:.1%} ({low:.1%} to {high:.1%}) of {found.labelled:,} "
            f"labelled images of {len(rows):,}, step {found.step:,}."
        )
    told += _confusion(found)
    return [*told, *([f"  table     {table}"] if table else [])]


def _confusion(found: Classified) -> list[str]:
    """The confusion as a table; of many classes, what is confused most often."""
    confusion, names = found.confusion, found.class_names
    if confusion is None:
        return []
    if len(names) > WIDEST:
        wrong = [
            (count, names[row], names[column])
            for row, counts in enumerate(confusion)
            for column, count in enumerate(counts)
            if row != column and count
        ]
        most = sorted(wrong, key=lambda one: -one[0])[:WIDEST]
        return [f"  {count:,} of {true} are taken for {said}" for count, true, said in most]
    widest = max(len(name) for name in (*names, *(str(max(map(max, confusion))),)))
    head = " ".join(f"{name:>{widest}}" for name in ("", *names))
    body = [
        " ".join([f"{name:>{widest}}", *(f"{count:>{widest}}" for count in counts)])
        for name, counts in zip(names, confusion, strict=True)
    ]
    return ["Rows: the class that images carry; columns: what they are taken for.", head, *body]
