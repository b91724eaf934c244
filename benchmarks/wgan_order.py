"""Which of WGAN's networks is to be trained more: Algorithm 1 against a lecture's slide.

    python benchmarks/wgan_order.py             # the rows that are missing
    python benchmarks/wgan_order.py pictures    # for docs/methods/wgan.md

Both train as many steps of six updates: five of the critic and one of the generator, or one and
five. Steps as `family.py budget` says.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from family import POINTS, measured, on_the_way, pictures, train
from rows import Rows, folder

import gansmith

ORDERS = {"algorithm-1": (5, 1), "slide": (1, 5)}
"""(critic updates, generator updates) of a step."""


def main() -> None:
    """Measure what is missing, or draw."""
    if sys.argv[1:] == ["pictures"]:
        for name in ORDERS:
            pictures(place(name), f"wgan-{name}")
        return
    rows = Rows("wgan_order", "python wgan_order.py")
    steps = Rows("family_budget", "").read()["wgan"]["steps"]
    for name in ORDERS:
        if name not in rows.read():
            rows.add(name, row(name, steps))


def place(name: str) -> Path:
    """Where a run lies."""
    return folder("wgan_order") / name


def row(name: str, steps: int) -> dict[str, Any]:
    """One run, with what the critic said of it on the way."""
    path, (critic, generator) = place(name), ORDERS[name]
    if not path.exists():
        flags = {"--n-critic": critic, "--n-generator": generator, "--steps": steps}
        flags |= {"--seed": 0, "--evaluate-every": max(1, steps // POINTS)}
        train("wgan", path, *(str(text) for pair in flags.items() for text in pair))
    run = gansmith.load(path)
    estimate = run.metrics["critic/wasserstein_estimate"]
    size = max(1, len(estimate) // POINTS)
    return {
        "n_critic": critic,
        "n_generator": generator,
        "steps": run.step,
        "frechet_on_the_way": on_the_way(path),
        "estimate": [
            float(f"{estimate[at : at + size].mean():.4g}") for at in range(0, size * POINTS, size)
        ],
        "last": measured(run, "latest"),
    }


if __name__ == "__main__":
    main()
