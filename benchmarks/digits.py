"""How many generated digits a classifier recognises, and what that number is worth.

    python benchmarks/digits.py dcgan=RUN wgan-gp=RUN

For each run: the share of 2,000 samples recognised with confidence ≥ 0.9 over that of the 1,000
held-out digits; the smallest class; the different nearest training digits among 100 samples. The
same share for superposed and upside-down digits and for noise stands beside it.
"""

from __future__ import annotations

import argparse

import torch
from judge import Judge
from provenance import RESULTS, write
from torch import Tensor

import gansmith
from gansmith.data import open_data
from gansmith.plots.image_grid import image_grid, save_png
from gansmith.training.memory import keep_freed_memory

SAMPLES, NEIGHBOURS, SEED = 2000, 100, 1


def main() -> None:
    """Measure every run that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", help="NAME=RUN")
    parser.add_argument("--name", default="digits", help="of the result")
    chosen = parser.parse_args()
    keep_freed_memory()
    digits = open_data("mnist")
    train, held_out = digits.take(torch.arange(digits.spec.size)), digits.held_out()
    assert held_out is not None
    judge = Judge(train.x, train.y)
    result = {"judge": judged(judge, held_out.x, held_out.y), "runs": {}}
    for named in chosen.runs:
        name, _, path = named.partition("=")
        result["runs"][name] = measured(judge, gansmith.load(path), train.x, held_out.x)
        grid = image_grid(gansmith.load(path).sample(64, SEED).numpy())
        save_png(grid, RESULTS / f"{chosen.name}-{name}.png", {"Description": "Generated digits."})
    write(chosen.name, result)


def judged(judge: Judge, x: Tensor, y: Tensor) -> dict[str, object]:
    """What the judge is worth: its accuracy, and its answers to what are no digits."""
    random = torch.Generator().manual_seed(0)
    one, other = (torch.randperm(len(x), generator=random) for _ in range(2))
    different = y[one] != y[other]
    no_digits = {
        "superposed digits": torch.maximum(x[one], x[other])[different],
        "upside-down digits": x.rot90(2, (2, 3)),
        "uniform noise": torch.rand(1000, 1, 28, 28, generator=random) * 2 - 1,
        "shuffled pixels": x.flatten()[torch.randint(x.numel(), x.shape, generator=random)],
    }
    answers = judge.probabilities(x).argmax(1)
    return {
        "held_out_accuracy": float((answers == y).float().mean()),
        "temperature": judge.temperature,
        "held_out_share": judge.share_recognised(x),
        "share_of_no_digits": {
            name: {"share": judge.share_recognised(images), "classes": classes(judge, images)}
            for name, images in no_digits.items()
        },
    }


def classes(judge: Judge, x: Tensor) -> list[float]:
    """Part of the images that each class gets."""
    counts = judge.probabilities(x).argmax(1).bincount(minlength=10)
    return [round(float(count) / len(x), 4) for count in counts]


def measured(judge: Judge, run: gansmith.Run, train: Tensor, held_out: Tensor) -> dict[str, object]:
    """The figures of one run."""
    samples = run.sample(SAMPLES, SEED)
    share = judge.share_recognised(samples)
    shares = classes(judge, samples)
    distances, nearest = torch.cdist(samples[:NEIGHBOURS].flatten(1), train.flatten(1)).min(1)
    of_held_out = torch.cdist(held_out[:NEIGHBOURS].flatten(1), train.flatten(1)).amin(1)
    return {
        "method": run.config.method,
        "fields": run.config.fields,
        "precision": run.config.training.precision,
        "steps": run.step,
        "minutes": round(run.seconds / 60, 2),
        "share": share,
        "ratio_to_held_out": share / judge.share_recognised(held_out),
        "classes": shares,
        "smallest_class": min(shares),
        "different_nearest_of_100": nearest.unique().numel(),
        "median_distance_to_nearest": float(distances.median()),
        "median_distance_of_held_out": float(of_held_out.median()),
    }


if __name__ == "__main__":
    main()
