"""Which measure sees which damage: real images, damaged more and more, have a known order.

    python benchmarks/known_order.py --data mnist

Real images that neither the features nor the reference have seen stand for generated ones. They are
blurred, made noisy, robbed of classes, replaced by copies of training images or by copies of each
other, a little and then more. A measure sees a damage where, in every one of the seeds, each degree
of it is judged worse than the undamaged images, and no better than the degree before. CLAIMS says
which damages each measure is said to see; one that it misses in any seed is reported as broken. The
claims were corrected once, after seeds 0 to 9; other seeds test them.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
from collections.abc import Callable, Iterator

import torch
from provenance import write
from torch import Tensor

from gansmith.batch import DataSet, LabeledImages
from gansmith.data import open_data
from gansmith.data.resident import ResidentImages, resident
from gansmith.metrics import MEASURES
from gansmith.metrics.judge import Judge, make_judge
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.measuring import measure

SAMPLES, TRAIN = 800, 2000
SLOW = ("transfer", "reconstruction")
"""They need a generator or classes: not measured here."""
ALL = ("blur", "noise", "dropped classes", "duplicates")
CLAIMS: dict[str, tuple[str, ...]] = {
    "frechet": ALL,
    "kernel": ALL,
    "coverage": ALL,
    "density": ("blur", "noise"),
    "recall": ("blur", "noise", "duplicates"),
    "score": ("noise",),
    "class_entropy": ("dropped classes",),
    "class_divergence": ("dropped classes",),
    "memorised": ("copied training images",),
    "sliced": ("blur", "dropped classes", "duplicates"),
    "ms_ssim": ("blur",),
}
WORSE = {"density": "higher", "class_entropy": "higher"}
"""Numbers that have no better in general, and what is better against these damages."""
Damage = Callable[[Tensor, Tensor, Tensor, torch.Generator], Tensor]
"""(real images, their classes, training images, random numbers) → as many images."""


def blurred(deviation: float) -> Damage:
    """With a Gaussian of this standard deviation, in pixels."""
    reach = torch.arange(-int(3 * deviation + 1), int(3 * deviation + 1) + 1.0)
    kernel = torch.exp(-(reach**2) / (2 * deviation**2))
    kernel = (kernel / kernel.sum())[None, None]

    def damage(x: Tensor, y: Tensor, train: Tensor, random: torch.Generator) -> Tensor:
        pad = len(reach) // 2
        for shape in ((1, 1, -1, 1), (1, 1, 1, -1)):
            sides = (0, 0, pad, pad) if shape[2] == -1 else (pad, pad, 0, 0)
            padded = torch.nn.functional.pad(x, sides, mode="replicate")
            x = torch.nn.functional.conv2d(padded, kernel.reshape(shape))
        return x

    return damage


def noisy(deviation: float) -> Damage:
    """With normal noise of this standard deviation, of a range of 2."""

    def damage(x: Tensor, y: Tensor, train: Tensor, random: torch.Generator) -> Tensor:
        return (x + deviation * torch.randn(x.shape, generator=random)).clamp(-1, 1)

    return damage


def without_classes(number: int) -> Damage:
    """As many images of the other classes."""

    def damage(x: Tensor, y: Tensor, train: Tensor, random: torch.Generator) -> Tensor:
        return x[y >= number]

    return damage


def copying(part: float) -> Damage:
    """This part of the images replaced by training images."""

    def damage(x: Tensor, y: Tensor, train: Tensor, random: torch.Generator) -> Tensor:
        copies = train[torch.randperm(len(train), generator=random)[: int(part * SAMPLES)]]
        return torch.cat([copies, x[: SAMPLES - len(copies)]])

    return damage


def repeating(times: int) -> Damage:
    """So many times fewer different images, each so often."""

    def damage(x: Tensor, y: Tensor, train: Tensor, random: torch.Generator) -> Tensor:
        return x[: SAMPLES // times].repeat(times, 1, 1, 1)

    return damage


DAMAGES: dict[str, list[Damage]] = {
    "blur": [blurred(0.6), blurred(1.0), blurred(1.6)],
    "noise": [noisy(0.1), noisy(0.2), noisy(0.4)],
    "dropped classes": [without_classes(1), without_classes(3), without_classes(5)],
    "copied training images": [copying(0.25), copying(0.5), copying(1.0)],
    "duplicates": [repeating(4), repeating(16), repeating(80)],
}


def main() -> None:
    """Measure every damage of every degree with every seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=100)
    parser.add_argument("--measures", nargs="*", default=None)
    chosen = parser.parse_args()
    names = chosen.measures or [
        name for name, entry in MEASURES.items() if entry.kind == "images" and name not in SLOW
    ]
    judge, pool = parts(open_data(chosen.data))
    seen: dict[str, dict[str, list[list[float]]]] = {}
    better: dict[str, str] = {}
    for seed in range(chosen.first_seed, chosen.first_seed + chosen.seeds):
        for damage, degrees in values_of(judge, pool, names, seed):
            for key in degrees[0]:
                better[key] = WORSE.get(key, degrees[0][key].better)
                values = [one[key].value for one in degrees]
                seen.setdefault(key, {}).setdefault(damage, []).append(values)
    write(f"known_order_{chosen.data}", report(seen, better, chosen.seeds, judge))


def parts(data: DataSet) -> tuple[Judge, LabeledImages]:
    """A judge that knows the first training images and the held-out ones, and other real images."""
    random = torch.Generator().manual_seed(0)
    rows = torch.randperm(data.spec.size, generator=random)[: 2 * TRAIN]
    real, held_out = data.take(rows), data.held_out()
    assert isinstance(real, LabeledImages) and isinstance(held_out, LabeledImages)
    spec = dataclasses.replace(data.spec, size=TRAIN)
    cut = _resident(held_out.x[:1000], held_out.y[:1000])
    train = resident(spec, _resident(real.x[:TRAIN], real.y[:TRAIN]), cut)
    return make_judge(train), LabeledImages(real.x[TRAIN:], real.y[TRAIN:])


def _resident(x: Tensor, y: Tensor) -> ResidentImages:
    return ResidentImages(((x + 1) * 127.5).round().to(torch.uint8).contiguous(), y)


def values_of(
    judge: Judge, pool: LabeledImages, names: list[str], seed: int
) -> Iterator[tuple[str, list[dict[str, Measurement]]]]:
    """Each damage, and what is measured of the undamaged images and of each degree."""
    random = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(pool.x), generator=random)
    x, y = pool.x[order], pool.y[order]
    undamaged = measured(judge, x[:SAMPLES], names, seed)
    for damage, degrees in DAMAGES.items():
        found = [undamaged]
        for degree in degrees:
            images = degree(x, y, judge.train.x, random)[:SAMPLES]
            found.append(measured(judge, images, names, seed))
        yield damage, found
        print(f"{judge.data.spec.name}, seed {seed}: {damage}", flush=True)


def measured(judge: Judge, x: Tensor, names: list[str], seed: int) -> dict[str, Measurement]:
    """Every number by its key."""
    assert len(x) == SAMPLES, "the same n for all"
    found = measure(judge.given(x.contiguous(), seed=seed), names).measurements
    return {one.key: one for one in found}


def report(
    seen: dict[str, dict[str, list[list[float]]]], better: dict[str, str], seeds: int, judge: Judge
) -> dict[str, object]:
    """For each number and damage: in how many seeds it rose with the damage, and its medians."""
    rows: dict[str, dict[str, object]] = {}
    broken = []
    for key, damages in seen.items():
        rows[key] = {"better": better[key]}
        for damage, runs in damages.items():
            ordered = sum(in_order(values, better[key]) for values in runs)
            medians = torch.tensor(runs, dtype=torch.float64).median(0).values
            rows[key][damage] = {
                "in_order": ordered,
                "of": seeds,
                "claimed": damage in CLAIMS.get(key, ()),
                "medians": [float(f"{value:.4g}") for value in medians],
            }
            if damage in CLAIMS.get(key, ()) and ordered < seeds:
                broken.append(f"{key}: {damage}")
    facts = {"samples": SAMPLES, "features": str(judge.given(judge.train.x[:2]).seen)}
    return facts | {"broken_claims": broken, "measures": rows}


def in_order(values: list[float], better: str) -> bool:
    """Whether each degree is worse than undamaged images, and no better than the one before."""
    sign = -1 if better == "higher" else 1
    undamaged, *degrees = (sign * value for value in values)
    steady = all(after >= before for before, after in itertools.pairwise(degrees))
    return steady and min(degrees) > undamaged


if __name__ == "__main__":
    main()
