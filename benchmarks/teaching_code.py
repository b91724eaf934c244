"""The most copied teaching code beside ours: the same pictures, the same seconds, three seeds.

    python benchmarks/teaching_code.py budget --scripts FOLDER     # on a quiet machine
    python benchmarks/teaching_code.py run --scripts FOLDER

FOLDER holds `dcgan.py` and `wgan_gp.py` of github.com/eriklindernoren/PyTorch-GAN, unchanged and
with their own settings; they are no part of this repository. `budget` times both programs in turns
and says how many steps each does in 5 minutes on two cores; `run` trains for so many, whatever else
the machine does. Theirs is judged as it draws its own pictures and in evaluation mode, and the
better of the two counts; ours by its averaged weights, as it samples. Both at the size of theirs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from rows import Rows, folder

import gansmith
from gansmith.data import open_data
from gansmith.data.form import Form
from gansmith.metrics.judge import Judge, make_judge
from gansmith.metrics.measuring import measure

DATA, SECONDS, TIMED, SEEDS, PARTS, N = "fashion-mnist", 300, 40, (0, 1, 2), 12, 5000
PAIRS = {"dcgan": (32, "dcgan"), "wgan_gp": (28, "wgan-gp")}
"""Their script: the size of its images, and our method."""
THEIR_DRIVER = Path(__file__).parent / "their_script.py"


def main() -> None:
    """Measure budgets, or the rows that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("budget", "run", "floor"))
    parser.add_argument("--scripts", type=Path)
    chosen = parser.parse_args()
    if chosen.what == "floor":
        Rows("teaching_code_floor", "python teaching_code.py floor").add("dcgan", floor(32))
        return
    if chosen.scripts is None:
        parser.error("--scripts FOLDER is needed")
    budgets = Rows("teaching_code_budget", "python teaching_code.py budget --scripts FOLDER")
    if chosen.what == "budget":
        for script in PAIRS:
            budgets.add(script, budget(chosen.scripts / f"{script}.py", script))
        return
    rows = Rows("teaching_code", "python teaching_code.py run --scripts FOLDER")
    for seed in SEEDS:
        for script in PAIRS:
            if (key := f"{script}:{seed}") not in rows.read():
                rows.add(
                    key, row(chosen.scripts / f"{script}.py", script, seed, budgets.read()[script])
                )


def budget(script: Path, name: str) -> dict[str, Any]:
    """Steps that each does in the time; in turns, twice, the quicker time of each counts."""
    size, method = PAIRS[name]
    times: dict[str, list[float]] = {"theirs": [], "ours": []}
    for _ in range(2):
        with tempfile.TemporaryDirectory() as temporary:
            out = Path(temporary)
            said = theirs(script, out / "theirs", "--seconds", str(TIMED))
            times["theirs"].append(said["seconds"] / said["batches"])
            ours(method, size, out / "ours", "--minutes", str(TIMED / 60))
            times["ours"].append(_seconds_a_step(out / "ours"))
    best = {who: min(found) for who, found in times.items()}
    return {
        "script_sha256": hashlib.sha256(script.read_bytes()).hexdigest(),
        "ms_per_step": {who: [round(1000 * t, 2) for t in found] for who, found in times.items()},
        "seconds": SECONDS,
        "theirs": round(SECONDS / best["theirs"]),
        "ours": round(SECONDS / best["ours"]),
    }


def _seconds_a_step(run: Path) -> float:
    """Once it is warm: the first quarter of the time is left out."""
    lines = [json.loads(line) for line in (run / "timing.jsonl").read_text().splitlines()]
    warm = next(line for line in lines if line["seconds"] > TIMED / 4)
    return (lines[-1]["seconds"] - warm["seconds"]) / (lines[-1]["step"] - warm["step"])


def theirs(script: Path, out: Path, *flags: str) -> dict[str, Any]:
    """Run their script; its batches and seconds."""
    command = [sys.executable, str(THEIR_DRIVER), str(script), "--data", DATA, "--out", str(out)]
    said = subprocess.run([*command, *flags], check=True, capture_output=True, text=True)
    return json.loads(said.stdout.splitlines()[-1])


def ours(method: str, size: int, run: Path, *flags: str) -> None:
    """Train our method with its defaults."""
    command = [sys.executable, "-m", "gansmith", "train", method, "--data", DATA]
    command += ["--size", str(size), "--run", str(run), *flags, "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def row(script: Path, name: str, seed: int, steps: dict[str, Any]) -> dict[str, Any]:
    """Fréchet distances of ours on the way and of both at the end, and when ours passed theirs."""
    size, method = PAIRS[name]
    judge = make_judge(open_data(DATA, Form(size=size)))
    place = folder("teaching_code") / f"{name}-{seed}"
    last = place / "theirs" / f"{steps['theirs']}.npy"
    if not last.exists():
        shutil.rmtree(place, ignore_errors=True)
        flags = {"--batches": steps["theirs"], "--seed": seed}
        theirs(script, place / "theirs", *(str(x) for pair in flags.items() for x in pair))
    shutil.rmtree(place / "ours", ignore_errors=True)
    their_end = judged(judge, last)
    every = max(1, steps["ours"] // PARTS)
    flags = {"--steps": steps["ours"], "--seed": seed, "--checkpoint-every": every}
    run = place / "ours"
    our_way = trained_beside(judge, method, size, run, flags)
    end = their_end["frechet"]
    passed = next((point["part"] for point in our_way if point["frechet"] < end), None)
    return {
        "theirs": their_end,
        "ours": our_way,
        "ours_over_theirs": round(our_way[-1]["frechet"] / end, 3),
        "seconds_until_ours_is_better": None if passed is None else round(passed * SECONDS),
        "seconds": SECONDS,
    }


def trained_beside(
    judge: Judge, method: str, size: int, run: Path, flags: dict[str, int]
) -> list[dict[str, float]]:
    """Our run in equal parts, each continued bit for bit, measured after each."""
    points, every, total = [], flags.pop("--checkpoint-every"), flags["--steps"]
    first = {**flags, "--steps": every, "--checkpoint-every": every}
    ours(method, size, run, *(str(x) for pair in first.items() for x in pair))
    for part in range(1, PARTS + 1):
        at = total if part == PARTS else every * part
        trained = gansmith.load(run)
        if trained.step < at:
            trained = trained.resume(at)
        found = frechet(judge, trained.sample(N, seed=1))
        points.append({"part": at / total, "step": at, **found})
    return points


def floor(size: int) -> dict[str, Any]:
    """The distance of real training pictures, made larger as they do it and as we do.

    Their script makes them larger by bilinear interpolation, as torchvision does; we, and the
    held-out ones that both are compared with, by Lanczos.
    """
    judge = make_judge(open_data(DATA, Form(size=size)))
    small = open_data(DATA).take(torch.arange(N)).x[:, 0]
    pixels = ((small.numpy() + 1) * 127.5).round().astype(np.uint8)
    sides = (size, size)
    large = [Image.fromarray(one).resize(sides, Image.Resampling.BILINEAR) for one in pixels]
    bilinear = torch.from_numpy(np.stack(large)).float()[:, None] / 127.5 - 1
    lanczos = open_data(DATA, Form(size=size)).take(torch.arange(N)).x
    return {"theirs": frechet(judge, bilinear), "ours": frechet(judge, lanczos), "n": N}


def judged(judge: Judge, file: Path) -> dict[str, Any]:
    """Their samples after so many batches: in both modes, the better one first."""
    modes = {"training": file, "evaluation": file.with_name(f"{file.stem}-eval.npy")}
    found = {mode: frechet(judge, torch.from_numpy(np.load(path))) for mode, path in modes.items()}
    better = min(found, key=lambda mode: found[mode]["frechet"])
    both = {mode: round(one["frechet"], 3) for mode, one in found.items()}
    return {"step": int(file.stem), **found[better], "mode": better, "both": both}


def frechet(judge: Judge, samples: torch.Tensor) -> dict[str, Any]:
    """The distance to held-out pictures, with its interval."""
    (one,) = measure(judge.given(samples), ["frechet"]).measurements
    return {"frechet": round(one.value, 4), "interval": [round(x, 4) for x in one.interval or ()]}


if __name__ == "__main__":
    main()
