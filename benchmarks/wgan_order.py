"""Which of WGAN's networks is to be trained more: a lecture's slide against Algorithm 1.

    python benchmarks/wgan_order.py             # the row, where it is missing
    python benchmarks/wgan_order.py picture     # for docs/methods/wgan.md

The slide's run takes one update of the critic and five of the generator a step; it stands beside
seed 0 of `wgan` in `family.py`, with five and one, and as many steps.
"""

from __future__ import annotations

import sys
from typing import Any

from family import POINTS, measured, on_the_way, pictures, train
from rows import Rows, folder

import gansmith

NAME, CRITIC, GENERATOR = "slide", 1, 5


def main() -> None:
    """Measure, or draw."""
    path = folder("wgan_order") / NAME
    if sys.argv[1:] == ["picture"]:
        pictures(path, f"wgan-{NAME}")
        return
    rows = Rows("wgan_order", "python wgan_order.py")
    if NAME not in rows.read():
        rows.add(NAME, row(Rows("family_budget", "").read()["wgan"]["steps"]))


def row(steps: int) -> dict[str, Any]:
    """The run, with what the critic said of it on the way, as means over equal parts."""
    path = folder("wgan_order") / NAME
    if not path.exists():
        flags = {"--n-critic": CRITIC, "--n-generator": GENERATOR, "--steps": steps}
        flags |= {"--seed": 0, "--evaluate-every": max(1, steps // POINTS)}
        train("wgan", path, *(str(text) for pair in flags.items() for text in pair))
    run = gansmith.load(path)
    estimate = run.metrics["critic/wasserstein_estimate"]
    size = max(1, len(estimate) // POINTS)
    parts = [estimate[at : at + size] for at in range(0, size * POINTS, size)]
    return {
        "n_critic": CRITIC,
        "n_generator": GENERATOR,
        "steps": run.step,
        "frechet_on_the_way": on_the_way(path),
        "estimate": [float(f"{part.mean():.4g}") for part in parts],
        "last": measured(run, "latest"),
    }


if __name__ == "__main__":
    main()
