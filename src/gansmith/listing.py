"""Tables for people: what there is to train, and how far a run came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from gansmith.data import DATASETS
from gansmith.methods import METHODS

if TYPE_CHECKING:
    from gansmith.api import Run

Rows = list[dict[str, Any]]


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
    data = [
        {"name": name, "batch": entry.batch, "about": entry.about, "licence": entry.licence}
        for name, entry in DATASETS.items()
    ]
    every = {"methods": methods, "data": data}
    return every if what == "all" else {what: every[what]}


def show(found: dict[str, Rows]) -> None:
    """Print the tables."""
    console = Console()
    for title, rows in found.items():
        table = Table(title=title, title_justify="left", box=None, header_style="bold")
        for name in rows[0]:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*map(str, row.values()))
        console.print(table)
    if "data" in found:
        console.print("\nAny folder of images: --data PATH; its sub-folders are the classes.")


def summary(run: Run) -> dict[str, Any]:
    """What a run is, how far it came, its newest values and its files."""
    metrics = run.metrics
    newest = {name: float(values[-1]) for name, values in metrics.items() if len(values)}
    files = [path for path in sorted(run.path.iterdir()) if path.name != "run.lock"]
    config = run.config
    return {
        "run": str(run.path),
        "method": config.method,
        "preset": config.preset,
        "data": config.data,
        "shape": list(config.spec.shape),
        "step": int(newest.pop("step", 0)),
        "planned": {"steps": config.training.steps, "minutes": config.training.minutes},
        "checkpoints": run.checkpoints.steps(),
        "device": config.training.device,
        "precision": config.training.precision,
        "seed": config.training.seed,
        "fields": config.fields,
        "newest": {name: value for name, value in newest.items() if name.count("/") < 3},
        "files": [path.name for path in files],
    }


def show_summary(found: dict[str, Any]) -> None:
    """Print the summary as a table."""
    table = Table(box=None, show_header=False)
    for name, value in found.items():
        table.add_row(f"[bold]{name}", _words(value))
    Console().print(table)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(
            f"{key}={item:.4g}" if isinstance(item, float) else f"{key}={item}"
            for key, item in value.items()
            if item is not None
        )
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
