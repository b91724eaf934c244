"""Whether the measure of memorisation finds copyists and lets others be, on the embedded digits.

    python benchmarks/memorisation.py

Copyists, each with ten seeds: training digits replayed exactly, shifted by one pixel in any of the
eight directions, with noise of standard deviation 0.05, and one in five replayed among real digits.
Others: ten disjoint tenths of the held-out digits, the same blurred, and those of one class alone,
each against the rest. About two minutes on one core.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from provenance import RESULTS, write
from torch import Tensor

from gansmith.data import open_data
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images.memorisation import memorisation, pairs_picture
from gansmith.plots.image_grid import image_grid, save_png

SEEDS, SAMPLES, PARTIAL, NOISE = 10, 200, 0.2, 0.05
SHOWN = 16
DIRECTIONS = [(down, right) for down in (0, 1, 2) for right in (0, 1, 2) if (down, right) != (1, 1)]


def main() -> None:
    """Judge each, and draw the closest pairs of the partial copyist."""
    data = open_data("mnist")
    train, held_out = data.take(torch.arange(data.spec.size)).x, data.held_out()
    found: dict[str, list[dict[str, Any]]] = {}
    real = held_out.x
    order = torch.randperm(len(real), generator=torch.Generator().manual_seed(0))
    for seed in range(SEEDS):
        random = torch.Generator().manual_seed(seed)
        copied = train[torch.randperm(len(train), generator=random)[:SAMPLES]]
        tenth = torch.isin(torch.arange(len(real)), order[seed::SEEDS])
        of_class = held_out.y == seed
        part = torch.cat([copied[: int(PARTIAL * SAMPLES)], real[:160]])
        cases = {
            "exact": (copied, real),
            "shifted": (shifted(copied, random), real),
            "noised": (copied + NOISE * torch.randn(copied.shape, generator=random), real),
            "one in five": (part, real[160:]),
            "held-out": (real[tenth], real[~tenth]),
            "held-out, blurred": (blurred(real[tenth]), real[~tenth]),
            "held-out, one class": (real[of_class][:50], without_half(real, of_class)),
        }
        for name, (generated, reference) in cases.items():
            found.setdefault(name, []).append(judged(generated, reference, train))
            print(seed, name, found[name][-1]["verdict"], flush=True)
        if seed == 0:
            draw(part, real[160:], train)
    write(
        "memorisation",
        {"seeds": SEEDS, "training": len(train), "held_out": len(held_out.x)}
        | {name: summary(rows) for name, rows in found.items()},
    )


def judged(generated: Tensor, reference: Tensor, train: Tensor) -> dict[str, Any]:
    """What came of one."""
    (one,) = memorisation(Given(Samples(generated), Samples(reference), "held-out", Samples(train)))
    return one.details | {"share": one.value, "n": one.n, "n_reference": one.n_reference}


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How often each verdict came, and the extremes."""
    verdicts = [row["verdict"] for row in rows]
    return {
        "samples": rows[0]["n"],
        "reference": rows[0]["n_reference"],
        "verdicts": {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))},
        "shares": [round(row["share"], 3) for row in rows],
        "smallest_p": float(f"{min(row['p'] for row in rows):.2g}"),
        "largest_p": float(f"{max(row['p'] for row in rows):.2g}"),
        "found_from": rows[0]["found_from"],
    }


def shifted(x: Tensor, random: torch.Generator) -> Tensor:
    """Each image by one pixel in a direction of its own, the edge repeated."""
    padded = F.pad(x, (1, 1, 1, 1), mode="replicate")
    which = torch.randint(len(DIRECTIONS), (len(x),), generator=random)
    height, width = x.shape[2:]
    moved = [
        image[:, down : down + height, right : right + width]
        for image, (down, right) in zip(padded, (DIRECTIONS[w] for w in which), strict=True)
    ]
    return torch.stack(moved)


def blurred(x: Tensor) -> Tensor:
    """Means of 3 x 3 pixels."""
    return F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)


def without_half(real: Tensor, of_class: Tensor) -> Tensor:
    """All but the first 50 of a class."""
    first = of_class.nonzero().flatten()[:50]
    kept = torch.ones(len(real), dtype=torch.bool)
    kept[first] = False
    return real[kept]


def draw(generated: Tensor, reference: Tensor, train: Tensor) -> None:
    """results/memorisation-pairs.png: the closest pairs of copies above those of real digits."""
    pictures = []
    for samples in (generated, generated[int(PARTIAL * SAMPLES) :]):
        pairs = judged(samples, reference, train)["pairs"][:SHOWN]
        pictures.append(torch.from_numpy(pairs_picture(samples, train, pairs).copy()))
    both = torch.cat(pictures)[None, None].float() / 127.5 - 1
    words = {"Description": "left of each pair a sample, right its nearest training image"}
    save_png(image_grid(both.numpy(), 1, 1), RESULTS / "memorisation-pairs.png", words)


if __name__ == "__main__":
    main()
