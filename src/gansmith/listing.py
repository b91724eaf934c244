"""Tables for people: what there is to train, and how far a run came."""

from __future__ import annotations

import dataclasses
import math
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gansmith.answer import STOPPED, Answer
from gansmith.data import DATASETS
from gansmith.methods import METHODS, find

if TYPE_CHECKING:
    import numpy as np

    from gansmith.api import Run

Rows = list[dict[str, Any]]
PIPE = 1000
"""Characters of a line that no terminal breaks."""


def tables(what: str) -> dict[str, Rows]:
    """The methods, the data sets, or both, a dict a row."""
    methods = [
        {
            "name": name,
            "paper": entry.paper,
            "eats": entry.eats,
            "file": entry.target.partition(":")[0].replace(".", "/") + ".py",
        }
        for name, entry in METHODS.items()
    ]
    methods += [
        {"name": entry.name, "paper": "", "eats": "", "file": entry.value.partition(":")[0]}
        for entry in entry_points(group="gansmith.methods")
    ]
    data = [
        {"name": name, "batch": entry.batch, "about": entry.about, "licence": entry.licence}
        for name, entry in DATASETS.items()
    ]
    every = {"methods": methods, "data": data}
    return every if what == "all" else {what: every[what]}


def show(found: dict[str, Rows]) -> None:
    """Print the tables; into a pipe, a line a row."""
    console = Console() if sys.stdout.isatty() else Console(width=PIPE)
    for title, rows in found.items():
        table = Table(title=title, title_justify="left", box=None, header_style="bold")
        for name in rows[0]:
            table.add_column(name, overflow="fold", no_wrap=name in ("name", "file"))
        for row in rows:
            table.add_row(*(Text(str(value)) for value in row.values()))
        console.print(table)
    if "data" in found:
        console.print(
            "\nAny folder of images: --data PATH; its sub-folders are the classes.\n"
            "Captions beside them, CelebA, IDX, .npz, .npy and .tar files, two folders as A,B,\n"
            "and hf:NAME work too. `gansmith data list` names sets that can be fetched."
        )


def ended(run: Run) -> Answer:
    """How training ended and where everything is."""
    outcome, directory = run.outcome, run.directory
    assert outcome is not None, "only training ends"
    kept = run.best
    files = {
        "samples": directory.sample(outcome.step),
        "animation": directory.animation,
        "losses": directory.losses,
        "metrics": directory.metrics,
    }
    made = {name: str(path) for name, path in files.items() if path.exists()}
    value = {"run": str(run.path), **dataclasses.asdict(outcome), "files": made}
    value["best"] = kept.as_json() if kept else None
    stopped = outcome.signal is not None
    what = "Stopped and saved at" if stopped else "Trained to"
    verbs = {"resume": ""} if stopped else _next(run)
    lines = [f"{what} step {outcome.step:,} in {outcome.seconds:.0f} s: {run.path}"]
    lines += [kept.words] if kept else []
    lines += [f"  {name:10}{path}" for name, path in made.items()]
    lines += [f"  {verb:10}gansmith {verb} {run.path}{more}" for verb, more in verbs.items()]
    code = 0 if outcome.signal is None else STOPPED + outcome.signal
    return Answer(value, lambda: print("\n".join(lines)), code)


def _next(run: Run) -> dict[str, str]:
    """Verbs that a whole run is for, and what stands behind its name."""
    from gansmith.method import Classifies  # not for a list: it brings torch

    config = run.config
    known = config.method in METHODS and issubclass(find(config.method), Classifies)
    classify = {"classify": " IMAGES"} if known and config.spec.classes else {}
    return {"sample": " --n 64", **classify, "report": "", "resume": " --steps N"}


def summary(run: Run) -> dict[str, Any]:
    """What a run is, how far it came, its newest values and its files."""
    metrics = run.metrics
    newest = {name: _last(values) for name, values in metrics.items() if name.count("/") < 3}
    files = [path for path in sorted(run.path.iterdir()) if path.name != "run.lock"]
    config, kept = run.config, run.best
    return {
        "run": str(run.path),
        "method": config.method,
        "preset": config.preset,
        "data": config.data,
        "shape": list(config.spec.shape),
        "step": int(newest.pop("step") or 0),
        "planned": {"steps": config.training.steps, "minutes": config.training.minutes},
        "checkpoints": run.checkpoints.steps(),
        "device": config.training.device,
        "precision": config.training.precision,
        "seed": config.training.seed,
        "fields": config.fields,
        "newest": newest,
        "best": kept.as_json() if kept else None,
        "files": [path.name for path in files],
    }


def show_summary(found: dict[str, Any]) -> None:
    """Print the summary as a table."""
    table = Table(box=None, show_header=False)
    for name, value in found.items():
        if value not in (None, {}, []):
            told = value["words"] if name == "best" else _words(value)
            table.add_row(f"[bold]{name}", Text(told))
    Console().print(table)


def _last(values: np.ndarray) -> float | None:
    """The newest value that is a finite number."""
    return next((float(value) for value in values[::-1] if math.isfinite(value)), None)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key}={_words(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, list | tuple):
        return " ".join(map(_words, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
