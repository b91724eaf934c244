"""Methods that generate by class: whether images show the class asked for, and how varied it is.

    python benchmarks/conditional.py budget                 # steps of 4 minutes: quiet machine
    python benchmarks/conditional.py run                    # the rows that are missing
    python benchmarks/conditional.py run mnist:acgan:0      # or these
    python benchmarks/conditional.py pictures               # of seed 0: a row for each class

`budget` measures how many steps a method does in the time on two quiet cores, and `run` trains for
so many, however long they take; `pictures` trains the same again where a run is not here. Samples
are judged by a classifier that learned from the set's training images alone and shares nothing with
the method; on MNIST it must recognise at least 97 % of the held-out digits, and on Fashion-MNIST it
is trained for longer than the package's own, whose mistakes would hide the methods'. Its accuracy
stands in each row.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import family
from rows import Rows, folder

import gansmith
from gansmith.data import open_data
from gansmith.evaluation.evaluation import Evaluation, Wanted, evaluate
from gansmith.metrics.features.classifier import Classifier, classifier_features
from gansmith.metrics.judge import Judge, make_judge
from gansmith.plots.image_grid import image_grid

METHODS = ("cgan", "acgan", "projection")
DATA: dict[str, tuple[int | None, float]] = {"mnist": (None, 0.97), "fashion-mnist": (1800, 0.0)}
"""Updates of the classifier (None: as many as the package's own has), and the accuracy on held-out
images that is demanded of it."""
FLAGS: dict[str, tuple[str, ...]] = {}
"""More flags of a method than its defaults."""
MINUTES, SEEDS, N = 4.0, (0, 1, 2), 5000
MEASURES = ("class_accuracy", "class_diversity", "transfer", "frechet", "manifold")
WARM, TIMED = 0.15, 0.75
"""Minutes of training before the budget is timed, and until its end."""
SHOWN = "fashion-mnist"
"""The set whose samples and losses stand on the methods' pages."""
COLUMNS, COLOURS, LARGEST = 12, 256, 300_000
"""Images of each class in a picture; its colours, and its bytes at most."""
PICTURES = Path(__file__).parent.parent / "docs" / "pictures" / "conditional"


def main() -> None:
    """Measure budgets, rows, or draw pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("budget", "run", "pictures"))
    parser.add_argument("names", nargs="*", help="DATA:METHOD, or DATA:METHOD:SEED")
    chosen = parser.parse_args()
    budgets = Rows("conditional_budget", "python conditional.py budget")
    rows = Rows("conditional", "python conditional.py run")
    pairs = [f"{data}:{method}" for data in DATA for method in METHODS]
    if chosen.what == "budget":
        for key in chosen.names or [key for key in pairs if key not in budgets.read()]:
            data, method = key.split(":")
            budgets.add(key, budget(data, method, MINUTES))
        return
    keys = chosen.names or [f"{pair}:{seed}" for seed in SEEDS for pair in pairs]
    if chosen.what == "pictures":
        for key in [key for key in keys if key.endswith(":0")]:
            draw(run_of(key, budgets))
    else:
        for key in [key for key in keys if key not in rows.read()]:
            run = run_of(key, budgets)
            data, method, _ = key.split(":")
            rows.add(key, {"data": data, "method": method, **row(run, judge(data))})


def run_of(key: str, budgets: Rows) -> gansmith.Run:
    """The run of DATA:METHOD:SEED, trained for its budget if it is not here."""
    data, method, seed = key.split(":")
    path = folder("conditional", method) / key.replace(":", "-")
    return trained(data, method, int(seed), budgets.read()[f"{data}:{method}"], path)


def draw(run: gansmith.Run) -> None:
    """A row for each class; of one set also what a method's page shows."""
    config = run.config
    picture(run.path, f"{config.data}-{config.method}")
    if config.data == SHOWN:
        family.pictures(run.path, config.method)


def train(data: str, method: str, run: Path, *flags: object) -> None:
    """A process of its own, so that memory and threads are its own."""
    command = [sys.executable, "-m", "gansmith", "train", method, "--data", data, "--run", run]
    more = [*FLAGS.get(method, ()), *flags, "--json"]
    subprocess.run([*map(str, [*command, *more])], check=True, stdout=subprocess.DEVNULL)


def budget(data: str, method: str, minutes: float, *flags: object) -> dict[str, Any]:
    """Steps in so many minutes, from the time that a step takes once it is warm."""
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary) / "run"
        train(data, method, run, "--minutes", TIMED, *flags)
        lines = [json.loads(line) for line in (run / "timing.jsonl").read_text().splitlines()]
        threads = gansmith.load(run).config.environment.threads
    warm = next(line for line in lines if line["seconds"] > 60 * WARM)
    last = lines[-1]
    seconds = (last["seconds"] - warm["seconds"]) / (last["step"] - warm["step"])
    steps = int(round(60 * minutes / seconds, -1))
    ms = round(1000 * seconds, 2)
    return {"minutes": minutes, "threads": threads, "ms_per_step": ms, "steps": steps}


def trained(
    data: str, method: str, seed: int, allowed: dict[str, Any], path: Path, *flags: object
) -> gansmith.Run:
    """A run of the steps that were allowed; one that was stopped is begun anew."""
    if path.exists() and gansmith.load(path).step < allowed["steps"]:
        shutil.rmtree(path)
    if not path.exists():
        train(data, method, path, "--seed", seed, "--steps", allowed["steps"], *flags)
    return gansmith.load(path)


@cache
def judge(data: str) -> Judge:
    """Real images, and the classifier that they and generated ones are seen through."""
    steps, least = DATA[data]
    opened = open_data(data)
    method = Classifier() if steps is None else Classifier(steps=steps)
    features = classifier_features(opened, None, 0, method)
    accuracy = features.seen.facts["held_out_accuracy"]
    if accuracy < least:
        sys.exit(f"The classifier of {data} recognises {accuracy:.1%}; {least:.0%} are demanded.")
    return make_judge(opened, features)


def row(run: gansmith.Run, judge: Judge, measures: tuple[str, ...] = MEASURES) -> dict[str, Any]:
    """What was measured of a run, and through what."""
    made = evaluate(run, Wanted(n=N, measures=measures), judge, write=False)
    numbers = {one.key: [one.value, *(one.interval or (None, None))] for one in made.measurements}
    return {
        "seed": run.config.training.seed,
        "steps": run.step,
        "seconds": round(run.seconds, 1),
        "threads": run.config.environment.threads,
        "n": N,
        "fields": run.config.fields,
        "classifier": {"hash": made.features["hash"], **made.features["facts"]},
        "measures": numbers,
        "left_out": made.left_out,
        "by_class": by_class(made),
        "confusion": made["class_accuracy"].details["confusion"],
    }


def by_class(made: Evaluation) -> dict[str, dict[str, float | None]]:
    """Accuracy of each class, and how varied it is."""
    accuracy = made["class_accuracy"].details["classes"]
    ratio = made["class_diversity"].details["classes"]
    return {
        name: {"accuracy": one["accuracy"], "diversity": ratio.get(name, {}).get("ratio")}
        for name, one in accuracy.items()
    }


def picture(run: Path, name: str) -> Path:
    """docs/pictures/conditional/NAME.png: a row for each class."""
    loaded = gansmith.load(run)
    x = loaded.sample(loaded.config.spec.classes * COLUMNS, seed=1)  # labels run through classes
    by_row = x.unflatten(0, (COLUMNS, -1)).transpose(0, 1).flatten(0, 1)
    grid = image_grid(by_row.numpy(), COLUMNS)
    few = grid if grid.mode == "L" else grid.convert("RGB").quantize(COLOURS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    few.save(path, optimize=True)
    if path.stat().st_size >= LARGEST:
        sys.exit(f"{path.name} has {path.stat().st_size:,} bytes; fewer columns make it smaller.")
    return path


if __name__ == "__main__":
    main()
