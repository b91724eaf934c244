"""Weight normalisation against batch normalisation and none, by reconstruction of held-out images.

    python benchmarks/weight_norm.py        # the rows that are missing; may span days

A row is a norm of `wn-gan` and a seed, trained for as many steps as `family.py budget` says, the
paper's search (50 steps of RMSprop from z = 0) on the way and a thorough one (200 of Adam, from 4
beginnings) at the end, on 32 held-out images; and the Fréchet distance.
Source of the claim: Xiang and Li 2017, arXiv:1704.03971, abstract: "about 10 % lower" errors with
weight normalisation than with batch normalisation.
"""

from __future__ import annotations

import math
from typing import Any

from family import DATA, POINTS, train
from paired import middle_of
from rows import Rows, folder

import gansmith
from gansmith.evaluation.evaluation import Wanted, evaluate
from gansmith.run.evaluations import read_evaluations

NORMS, SEEDS = ("weight", "batch", "none"), (0, 1, 2)
MEASURES = ("reconstruction", "reconstruction_short", "frechet")


def main() -> None:
    """Measure what is missing, and compare."""
    rows = Rows("weight_norm", "python weight_norm.py")
    steps = Rows("family_budget", "").read()["wn-gan"]["steps"]
    for seed in SEEDS:
        for norm in NORMS:
            if (key := f"{norm}:{seed}") not in rows.read():
                rows.add(key, row(norm, seed, steps))
    for measure in MEASURES:
        for other in NORMS[1:]:
            print(f"{DATA}, {measure}: weight over {other}", ratio(rows.read(), measure, other))


def row(norm: str, seed: int, steps: int) -> dict[str, Any]:
    """One run: errors on the way and at the end."""
    path, every = folder("weight_norm") / f"{norm}-{seed}", max(1, steps // POINTS)
    if not path.exists():
        flags = {"--norm": norm, "--seed": seed, "--steps": steps, "--evaluate-every": every}
        named = [str(text) for pair in flags.items() for text in pair]
        train("wn-gan", path, *named, "--evaluate-measures", "reconstruction_short")
    run = gansmith.load(path)
    made = evaluate(run, Wanted(n=2000, measures=MEASURES))
    return {
        "norm": norm,
        "steps": run.step,
        "on_the_way": [[e.step, e.value] for e in read_evaluations(path / "evaluations.jsonl")],
        "last": {o.key: [o.value, *(o.interval or (None, None))] for o in made.measurements},
    }


def ratio(rows: dict[str, Any], measure: str, other: str) -> dict[str, Any]:
    """Errors with weight normalisation over those with the other, seed by seed; 95 % interval."""
    logs = [
        math.log(rows[f"weight:{s}"]["last"][measure][0] / rows[f"{other}:{s}"]["last"][measure][0])
        for s in SEEDS
        if f"weight:{s}" in rows and f"{other}:{s}" in rows
    ]
    if len(logs) < 2:
        return {"seeds": len(logs)}
    middle, low, high = map(math.exp, middle_of(logs))
    return {"ratio": middle, "interval": [low, high], "seeds": len(logs)}


if __name__ == "__main__":
    main()
