"""How many modes of the 2-D sets a method finds, and in what time.

    python benchmarks/modes.py --method wgan-gp --data 8gaussians 25gaussians --seconds 75

A mode counts only with at least 20 % of its fair share of the samples within 3 standard deviations
of its centre. Each run is a process of its own, and its whole time, start included, is measured.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from provenance import write

import gansmith
from gansmith.data.points import MODES
from gansmith.metrics.distributions.modes import FAIR_PART, count_modes

SAMPLES = 10_000


def main() -> None:
    """Train each set with each seed, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", default="wgan-gp")
    parser.add_argument("--data", nargs="+", default=["8gaussians", "25gaussians"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--seconds", type=float, default=75.0, help="of training")
    parser.add_argument("--name", default="modes", help="of the result")
    chosen = parser.parse_args()
    rows = [
        row(chosen.method, data, seed, chosen.seconds)
        for data in chosen.data
        for seed in chosen.seeds
    ]
    write(chosen.name, {"minimum_share": FAIR_PART, "samples": SAMPLES, "runs": rows})


def row(method: str, data: str, seed: int, seconds: float) -> dict[str, object]:
    """One run's figures."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        flags = [
            "--data",
            data,
            "--seed",
            str(seed),
            "--minutes",
            str(seconds / 60),
            "--run",
            str(run),
        ]
        started = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "gansmith", "train", method, *flags, "--json"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        took = time.monotonic() - started
        trained = gansmith.load(run)
        found = {"data": data, "seed": seed, "steps": trained.step, "seconds": round(took, 1)}
        return found | count(trained.sample(SAMPLES, seed=1), data)


def count(samples: torch.Tensor, data: str) -> dict[str, object]:
    """Modes with enough samples, the emptiest mode, and the part of samples near any mode."""
    centres, deviation = MODES[data]
    counts = count_modes(samples.numpy(), centres.numpy(), deviation)
    return {
        "modes": counts.captured,
        "of": len(centres),
        "smallest_part_of_fair_share": round(float(counts.parts.min()), 3),
        "near_a_mode": round(counts.high_quality, 4),
    }


if __name__ == "__main__":
    main()
