"""25 Gaussians: how many modes `gan` finds in PacGAN's set-up, `wgan-gp` and `r3gan` with ours.

    OMP_NUM_THREADS=1 python benchmarks/grid.py --methods wgan-gp r3gan --seeds 0 1 2 3 4 5 6 7 8 9

A row is a method with a seed, trained on one thread for a number of steps, so that it follows from
both whatever else the machine does. results/grid.json is written after each row; rows that it holds
are not done again. A row that was cut short goes on from the last of its stages, in `--runs`.

`gan` is compared with the published 17.3 of 25 modes (standard error 0.8 over 10 trials; Lin et al.
2018, arXiv:1712.04086, table 1), counted as there: a mode counts with a single one of 2,500 samples
within 3 standard deviations. Everything else counts by our rule, a fifth of the fair share.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from modes import count
from provenance import RESULTS, commit, write
from scipy.stats import t

import gansmith
from gansmith.data.points import MODES
from gansmith.metrics.distributions.modes import FAIR_PART, count_modes

DATA, SAMPLES, PUBLISHED_SAMPLES = "25gaussians", 10_000, 2_500


class Given(NamedTuple):
    """What was measured elsewhere, or here: a mean over so many trials."""

    mean: float
    standard_error: float
    trials: int


PUBLISHED = {"modes": Given(17.3, 0.8, 10), "high_quality": Given(0.948, 0.007, 10)}
STAGES: dict[str, tuple[int, ...]] = {
    "gan": (10_000, 40_000, 100_000, 200_000, 400_000),
    "wgan-gp": (10_000,),
    "r3gan": (30_000,),
}
"""Steps after which a run's samples are counted, the last ones its length; `gan`'s is the paper's:
400 epochs of 100,000 points in batches of 100."""
FLAGS = {
    "gan": ["--preset", "pacgan"],
    "wgan-gp": ["--decay-from", "4000", "--decay-steps", "6000"],
    "r3gan": ["--decay-from", "12000", "--decay-steps", "18000"],
}
"""Otherwise the defaults for points; the learning rate falls to 0 at the end of the row."""


def main() -> None:
    """Do the rows that are missing, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--methods", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(10)))
    parser.add_argument("--runs", type=Path, default=Path("runs/grid"), help="of unfinished rows")
    parser.add_argument("--most", type=int, help="steps: leave out the stages beyond")
    parser.add_argument("--name", default="grid", help="of the result")
    chosen = parser.parse_args()
    rows = done(RESULTS / f"{chosen.name}.json")
    for seed in chosen.seeds:
        for method in chosen.methods:
            stages = [steps for steps in STAGES[method] if steps <= (chosen.most or math.inf)]
            if not any(is_row(row, method, seed, stages) for row in rows):
                rows.append(trained(method, seed, stages, chosen.runs))
                write(chosen.name, {"rule": rule(), "rows": rows, "summary": summary(rows)})


def done(path: Path) -> list[dict[str, Any]]:
    """The rows of an earlier call."""
    return json.loads(path.read_text())["result"]["rows"] if path.is_file() else []


def is_row(row: dict[str, Any], method: str, seed: int, stages: list[int]) -> bool:
    """Whether this row is that of a method and a seed, with these flags and as long as is asked."""
    wanted = {"method": method, "seed": seed, "steps": stages[-1], "flags": FLAGS[method]}
    return wanted.items() <= row.items()


def rule() -> dict[str, Any]:
    """How samples are counted."""
    return {
        "minimum_share": FAIR_PART,
        "samples": SAMPLES,
        "published_rule": "one sample",
        "published_rule_samples": PUBLISHED_SAMPLES,
    }


def trained(method: str, seed: int, stages: list[int], runs: Path) -> dict[str, Any]:
    """One row: the counts after the last stage, and in short after each; seconds of this call."""
    folder = runs / f"{method}-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    notes = folder / "stages.json"
    counts = json.loads(notes.read_text()) if notes.is_file() else []
    started = time.monotonic()
    for steps in stages[len(counts) :]:
        train_until(method, seed, steps, folder / "run")
        counts.append({"steps": steps, **counted(folder / "run")})
        notes.write_text(json.dumps(counts))
    took = time.monotonic() - started
    row = {"method": method, "flags": FLAGS[method], "seed": seed, **counts[-1]}
    row["seconds"] = round(took, 1)
    shutil.rmtree(folder)
    told = ("steps", "modes", "near_a_mode", "published_rule")
    short = [{name: stage[name] for name in told} for stage in counts]
    return row | {"commit": commit(), "stages": short}


def train_until(method: str, seed: int, steps: int, run: Path) -> None:
    """A process of its own, on one thread; nothing where the run is already as far."""
    if not run.exists():
        flags = ["--data", DATA, "--seed", str(seed), *FLAGS[method], "--run", str(run)]
        flags += ["--checkpoint-every", "10000", "--sample-every", "100000", "--device", "cpu"]
        verb = ["train", method, *flags]
    elif gansmith.load(run).step < steps:
        verb = ["resume", str(run)]
    else:
        return
    subprocess.run(
        [sys.executable, "-m", "gansmith", *verb, "--steps", str(steps), "--json"],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def counted(run: Path) -> dict[str, Any]:
    """By our rule, and by the published one."""
    trained_run = gansmith.load(run)
    centres, deviation = MODES[DATA]
    few = trained_run.sample(PUBLISHED_SAMPLES, seed=2)
    counts = count_modes(few.numpy(), centres.numpy(), deviation)
    published = {"modes": int((counts.near > 0).sum()), "high_quality": counts.high_quality}
    return {**count(trained_run.sample(SAMPLES, seed=1), DATA), "published_rule": published}


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Of each method with each length: how many seeds find all modes; for `gan` the difference."""
    found = {}
    rows = [row for row in rows if row["flags"] == FLAGS[row["method"]]]
    for method, steps in sorted({(row["method"], row["steps"]) for row in rows}):
        own = [row for row in rows if (row["method"], row["steps"]) == (method, steps)]
        near = [row["near_a_mode"] for row in own]
        told: dict[str, Any] = {
            "seeds": len(own),
            "all_modes": sum(row["modes"] == row["of"] for row in own),
            "near_a_mode": {"mean": statistics.fmean(near), "lowest": min(near)},
        }
        if method == "gan" and len(own) > 1:
            told["published_rule"] = {
                name: compared([row["published_rule"][name] for row in own], published)
                for name, published in PUBLISHED.items()
            }
        found[f"{method}, {steps} steps"] = told
    return found


def compared(values: list[float], published: Given) -> dict[str, float | list[float]]:
    """Our mean beside the published one."""
    error = statistics.stdev(values) / math.sqrt(len(values))
    ours = Given(statistics.fmean(values), error, len(values))
    low, high = welch(ours, published)
    return {
        "mean": ours.mean,
        "standard_error": error,
        "published": published.mean,
        "difference": ours.mean - published.mean,
        "difference_95": [low, high],
    }


def welch(a: Given, b: Given) -> tuple[float, float]:
    """95 % interval of the difference of two means, a - b, whose variances need not be equal.

    Source: Welch 1947, Biometrika 34, with Satterthwaite's degrees of freedom.
    """
    variances = [given.standard_error**2 for given in (a, b)]
    spread, difference = math.sqrt(sum(variances)), a.mean - b.mean
    degrees = sum(variances) ** 2 / sum(
        variance**2 / (given.trials - 1) for variance, given in zip(variances, (a, b), strict=True)
    )
    half = float(t.ppf(0.975, degrees)) * spread
    return difference - half, difference + half


if __name__ == "__main__":
    main()
