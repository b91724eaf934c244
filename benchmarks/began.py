"""BEGAN's measure of convergence against the Fréchet distance, and what γ does.

    python benchmarks/began.py            # the rows that are missing; may span days
    python benchmarks/began.py picture    # samples of each γ beside each other

A row is a γ and a seed, trained for as many steps as `family.py budget` says. M is averaged over
the steps since the evaluation before; its rank correlation with the Fréchet distance has a 95 %
interval by Fisher's transformation with the variance of Bonett and Wright 2000. That is of pairs
which are independent; successive points of one run are not, so that it is too narrow.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
from family import DATA, POINTS, measured, train
from PIL import Image, ImageDraw
from rows import Rows, folder
from scipy.stats import spearmanr

import gansmith
from gansmith.run.evaluations import read_evaluations

GAMMAS, SEEDS, OURS = (0.3, 0.5, 0.7, 1.0), (0, 1, 2), "family_budget"
TILES = 5
"""Samples along a side of each grid in the picture."""


def main() -> None:
    """Measure what is missing, or draw."""
    if sys.argv[1:] == ["picture"]:
        picture()
        return
    rows = Rows("began", "python began.py")
    steps = Rows(OURS, "").read()["began"]["steps"]
    for seed in SEEDS:
        for gamma in GAMMAS:
            if (key := f"gamma {gamma}:{seed}") not in rows.read():
                rows.add(key, row(gamma, seed, steps))


def place(gamma: float, seed: int) -> Path:
    """Where a run lies."""
    return folder("began") / f"{gamma}-{seed}"


def row(gamma: float, seed: int, steps: int) -> dict[str, Any]:
    """One run: M beside the Fréchet distance on the way, and how it ended."""
    path, every = place(gamma, seed), max(1, steps // POINTS)
    if not path.exists():
        flags = {"--gamma": gamma, "--seed": seed, "--steps": steps, "--evaluate-every": every}
        train("began", path, *(str(text) for pair in flags.items() for text in pair))
    run = gansmith.load(path)
    logged = run.metrics
    way, before = [], 0
    for one in read_evaluations(path / "evaluations.jsonl"):
        if one.step - before < every:
            continue  # the last one, which comes whenever the run ends
        inside = (logged["step"] > before) & (logged["step"] <= one.step)
        ratio = (
            logged["discriminator/fake_score"][inside] / logged["discriminator/real_score"][inside]
        )
        way.append(
            {
                "step": one.step,
                "m_global": float(logged["discriminator/m_global"][inside].mean()),
                "k": float(logged["discriminator/k"][inside].mean()),
                "ratio": float(np.median(ratio)),
                "frechet": one.value,
            }
        )
        before = one.step
    convergence, distance = ([point[key] for point in way] for key in ("m_global", "frechet"))
    return {
        "gamma": gamma,
        "steps": run.step,
        "on_the_way": way,
        "m_global_last_over_first": convergence[-1] / convergence[0],
        "correlation": correlation(convergence, distance),
        "last": measured(run, "latest"),
    }


def correlation(x: list[float], y: list[float]) -> dict[str, Any]:
    """Spearman's coefficient with its 95 % interval."""
    rho = float(spearmanr(x, y).statistic)
    error = math.sqrt((1 + rho**2 / 2) / (len(x) - 3))
    middle = math.atanh(min(max(rho, -0.999999), 0.999999))
    low, high = (math.tanh(middle + side * 1.96 * error) for side in (-1, 1))
    return {"spearman": rho, "interval": [low, high], "n": len(x)}


def picture() -> None:
    """results/began-gamma.png: a grid of each γ at seed 0, γ written above."""
    grids = []
    for gamma in GAMMAS:
        x = gansmith.load(place(gamma, 0)).sample(TILES**2).clamp(-1, 1)
        tiles = ((x[:, 0].numpy() + 1) * 127.5).round().astype(np.uint8)
        side = tiles.shape[-1]
        grid = tiles.reshape(TILES, TILES, side, side).transpose(0, 2, 1, 3)
        grids.append(grid.reshape(TILES * side, TILES * side))
    size = grids[0].shape[0]
    sheet = Image.new("L", (len(grids) * (size + 6) - 6, size + 14), 255)
    for number, (gamma, grid) in enumerate(zip(GAMMAS, grids, strict=True)):
        sheet.paste(Image.fromarray(grid), (number * (size + 6), 14))
        ImageDraw.Draw(sheet).text((number * (size + 6), 0), f"gamma = {gamma}", fill=0)
    sheet = sheet.resize((2 * sheet.width, 2 * sheet.height), Image.Resampling.NEAREST)
    sheet.save(Path(__file__).parent / "results" / "began-gamma.png", optimize=True)
    print(f"{DATA}: results/began-gamma.png")


if __name__ == "__main__":
    main()
