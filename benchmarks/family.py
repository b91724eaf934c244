"""Every unconditional method on one set for five minutes on two cores, or ten; three seeds each.

    python benchmarks/family.py budget            # steps that the time allows: on a quiet machine
    python benchmarks/family.py run               # the rows that are missing; may span days
    python benchmarks/family.py run dcgan:0       # or these
    python benchmarks/family.py pictures          # of seed 0, for docs/methods/

Times on a shared machine vary, results must not: `budget` measures how many steps a method does in
5 minutes on two quiet cores (10 for those marked so), and `run` trains so many steps, however long
they take. What comes out then follows from the seed, the steps and the number of threads.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from rows import Rows, folder

import gansmith
from gansmith.best import best
from gansmith.evaluation.evaluation import Wanted, evaluate
from gansmith.run.evaluations import read_evaluations
from gansmith.run.log import read_metrics

DATA = "fashion-mnist"
MINUTES = {
    **dict.fromkeys(("ae", "vae", "gan", "dcgan", "lsgan", "wgan", "began", "wn-gan"), 5.0),
    "wgan-gp": 10.0,
    "r3gan": 10.0,
}
SEEDS = (0, 1, 2)
POINTS = 12
"""Evaluations while a run trains."""
N = 5000
"""Samples that are measured at the end, against all held-out images."""
MEASURES = ("frechet", "manifold", "classes", "memorisation")
WARM, TIMED = 0.15, 0.75
"""Minutes of training before the budget is timed, and until its end."""


def main() -> None:
    """Measure budgets, or rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("budget", "run", "pictures"))
    parser.add_argument("names", nargs="*", help="methods, or METHOD:SEED")
    chosen = parser.parse_args()
    if chosen.what == "budget":
        budgets = Rows("family_budget", "python family.py budget")
        for method in chosen.names or [name for name in MINUTES if name not in budgets.read()]:
            budgets.add(method, budget(method))
        return
    if chosen.what == "pictures":
        for method in chosen.names or MINUTES:
            pictures(folder("family") / f"{method}-0", method)
        return
    rows = Rows(f"family_{DATA}", "python family.py run")
    wanted = chosen.names or [f"{method}:{seed}" for seed in SEEDS for method in MINUTES]
    steps = {m: row["steps"] for m, row in Rows("family_budget", "").read().items()}
    for key in wanted:
        method, _, seed = key.partition(":")
        if key not in rows.read() and method in steps:
            rows.add(key, row(method, int(seed), steps[method]))


def train(method: str, run: Path, *flags: str) -> None:
    """A process of its own, so that memory and threads are its own."""
    command = [sys.executable, "-m", "gansmith", "train", method, "--data", DATA]
    subprocess.run(
        [*command, "--run", str(run), *flags, "--json"], check=True, stdout=subprocess.DEVNULL
    )


def budget(method: str) -> dict[str, Any]:
    """Steps in the method's minutes, from the time that a step takes once it is warm."""
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary) / "run"
        train(method, run, "--minutes", str(TIMED))
        lines = [json.loads(line) for line in (run / "timing.jsonl").read_text().splitlines()]
        threads = gansmith.load(run).config.environment.threads
    warm = next(line for line in lines if line["seconds"] > 60 * WARM)
    last = lines[-1]
    seconds = (last["seconds"] - warm["seconds"]) / (last["step"] - warm["step"])
    minutes = MINUTES[method]
    steps = round(60 * minutes / seconds, -1)
    return {
        "minutes": minutes,
        "threads": threads,
        "ms_per_step": round(1000 * seconds, 2),
        "steps": int(steps),
    }


def row(method: str, seed: int, steps: int) -> dict[str, Any]:
    """One run: measured at the end and at its best, with what it looked like on the way."""
    path = folder("family") / f"{method}-{seed}"
    if path.exists() and gansmith.load(path).step < steps:
        shutil.rmtree(path)
    if not path.exists():
        flags = {"--seed": seed, "--steps": steps, "--evaluate-every": max(1, steps // POINTS)}
        train(method, path, *(str(text) for pair in flags.items() for text in pair))
    run = gansmith.load(path)
    found = best(run.directory)
    return {
        "method": method,
        "seed": seed,
        "steps": run.step,
        "best_step": found.step if found else None,
        "last": measured(run, "latest"),
        "best": measured(run, "best") if found and found.step != run.step else None,
        "on_the_way": on_the_way(run.path),
        "losses": losses(run.path),
    }


def pictures(run: Path, method: str) -> None:
    """docs/pictures/methods/METHOD-samples.png and -losses.png: the last grid, and the curves."""
    out = Path(__file__).parent.parent / "docs" / "pictures" / "methods"
    out.mkdir(parents=True, exist_ok=True)
    grids = sorted((run / "samples").glob("*.png"))
    for name, file in (("samples", grids[-1]), ("losses", run / "losses.png")):
        with Image.open(file) as picture:
            few = picture if picture.mode == "L" else picture.convert("RGB").quantize(64)
            few.save(out / f"{method}-{name}.png", optimize=True)


def measured(run: gansmith.Run, checkpoint: str) -> dict[str, Any]:
    """{measure: [value, low, high]}; the interval is None where there is none."""
    made = evaluate(run, Wanted(n=N, checkpoint=checkpoint, measures=MEASURES))
    return {one.key: [one.value, *(one.interval or (None, None))] for one in made.measurements}


def on_the_way(run: Path) -> list[list[float | None]]:
    """[step, Fréchet distance of 1,000 samples] while the run trained."""
    return [[one.step, one.value] for one in read_evaluations(run / "evaluations.jsonl")]


def losses(run: Path) -> dict[str, list[float]]:
    """Every loss and score, as means over twelve equal parts of the run."""
    columns = read_metrics(run / "metrics.jsonl")
    kept = [n for n in columns if n.rpartition("/")[2] in ("loss", "real_score", "fake_score")]
    return {
        name: [float(f"{part.mean():.4g}") for part in _parts(columns[name], POINTS)]
        for name in kept
    }


def _parts(values: Any, count: int) -> list[Any]:
    size = max(1, len(values) // count)
    return [values[at : at + size] for at in range(0, size * count, size)]


if __name__ == "__main__":
    main()
