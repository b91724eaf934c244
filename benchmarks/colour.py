"""Colour pictures, few of them: `wgan-gp` and `r3gan` on the emoji of Noto at 32x32.

    python benchmarks/colour.py             # the rows that are missing
    python benchmarks/colour.py picture     # samples of both, for docs/pictures/

A row is a method, trained for so many steps on one thread: the Fréchet distance to held-out emoji,
and the verdict of `evaluate` on memorisation, which 3,399 pictures invite. 64x64 wants a GPU.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rows import Rows, folder

import gansmith
from gansmith.evaluation.evaluation import Wanted, evaluate
from gansmith.run.evaluations import read_evaluations

DATA, SIZE, SEED, POINTS = "emoji-google", 32, 0, 10
STEPS = {"wgan-gp": 4000, "r3gan": 10_000}
AUGMENT = ("flip", "translation", "colour")
MEASURES = ("frechet", "kernel", "manifold", "memorisation")
TILES = 8


def main() -> None:
    """Measure what is missing, or draw."""
    if sys.argv[1:] == ["picture"]:
        for method in STEPS:
            picture(method)
        return
    rows = Rows("colour", "python colour.py")
    for method, steps in STEPS.items():
        if (key := f"{method}:{SEED}") not in rows.read():
            rows.add(key, row(method, steps))


def place(method: str) -> Path:
    """Where a run lies."""
    return folder("colour") / method


def row(method: str, steps: int) -> dict[str, Any]:
    """One run, and what `evaluate` says of it at the end and at its best."""
    flags = ["--size", SIZE, "--seed", SEED, "--steps", steps, "--evaluate-every", steps // POINTS]
    flags += ["--augment", *AUGMENT]
    path = place(method)
    if not path.exists():
        command = [sys.executable, "-m", "gansmith", "train", method, "--data", DATA]
        command += ["--run", str(path), *map(str, flags), "--json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    run = gansmith.load(path)
    way = read_evaluations(path / "evaluations.jsonl")
    return {
        "method": method,
        "steps": run.step,
        "flags": flags,
        "best_step": run.best.step if run.best else None,
        "on_the_way": [[one.step, one.value] for one in way],
        "last": told(run, "latest"),
        "best": told(run, "best"),
    }


def told(run: gansmith.Run, checkpoint: str) -> dict[str, Any]:
    """{measure: [value, low, high]}, and the words of the measure of memorisation."""
    made = evaluate(run, Wanted(n=2000, checkpoint=checkpoint, measures=MEASURES))
    found: dict[str, Any] = {
        one.key: [one.value, *(one.interval or (None, None))] for one in made.measurements
    }
    copies = next(one for one in made.measurements if one.key == "memorised")
    return {**found, "verdict": copies.notes}


def picture(method: str) -> None:
    """docs/pictures/colour-METHOD.png: samples of the best checkpoint, twice as large."""
    x = gansmith.load(place(method)).sample(TILES**2, checkpoint="best").clamp(-1, 1)
    pixels = ((x.numpy() + 1) * 127.5).round().astype(np.uint8)
    tiles = pixels.reshape(TILES, TILES, 3, SIZE, SIZE).transpose(0, 3, 1, 4, 2)
    sheet = Image.fromarray(tiles.reshape(TILES * SIZE, TILES * SIZE, 3))
    sheet = sheet.resize((2 * sheet.width, 2 * sheet.height), Image.Resampling.NEAREST)
    out = Path(__file__).parent.parent / "docs" / "pictures" / f"colour-{method}.png"
    sheet.quantize(128).save(out, optimize=True)


if __name__ == "__main__":
    main()
