"""A classifier that learns from few images of each class, in several ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gansmith.augment.kinds import translate
from gansmith.draws import seed_of
from gansmith.metrics.given import Samples
from gansmith.metrics.images.transfer import ROWS, accurate, fitted, network, shuffled, small
from gansmith.plots.image_grid import to_uint8

WAYS = {
    "real": "real images alone",
    "generated": "with generated ones",
    "shifted": "shifted at random",
    "both": "shifted, with generated ones",
}
MOVED = 0.08
"""Of the shorter side: how far images are shifted at most."""
Batches = Iterator[tuple[Tensor, Tensor]]


def few(every: Samples, each: int, classes: int, seed: int) -> Samples:
    """So many images of every class, chosen by the seed; class after class."""
    assert every.y is not None, "asked before"
    random = torch.Generator().manual_seed(seed_of("few", seed))
    order = torch.randperm(len(every), generator=random)
    y = every.y[order]
    rows = torch.cat([order[y == number][:each] for number in range(classes)])
    return Samples(every.x[rows], every.y[rows])


def stored(samples: Samples, path: Path) -> Path:
    """The images as a data set that a method can be trained on; every class is among them."""
    assert samples.y is not None, "asked before"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, images=to_uint8(samples.x.numpy()), labels=samples.y.numpy())
    return path


def right(
    real: Samples, made: Samples, test: Samples, classes: int, seed: int, steps: int
) -> dict[str, np.ndarray]:
    """Of each of `WAYS`, (N,) whether each test image was recognised, after as many updates.

    All begin with the same weights. With generated images, half of each batch are such.

    Args:
        real: few images with their classes.
        made: generated ones, with the classes that were asked for.
        test: images that neither has seen.
        classes: how many there are.
        seed: of weights and orders.
        steps: updates of each.
    """
    found = {}
    for way in WAYS:
        random = torch.Generator().manual_seed(seed_of(seed, "few images"))
        first = network(small(real.x).shape[1:], classes, random)
        batches = _batches(way, real, made, random)
        found[way] = accurate(fitted(first, batches, steps), test)
    return found


def _batches(way: str, real: Samples, made: Samples, random: torch.Generator) -> Batches:
    """What the classifier is shown in this way."""
    mixed = way in ("generated", "both")
    moved = way in ("shifted", "both")
    shown = _shown(real, ROWS // 2 if mixed else ROWS, moved, random)
    if not mixed:
        return shown
    beside = _shown(made, ROWS - ROWS // 2, moved, random)
    return (
        (torch.cat([x, other]), torch.cat([y, others]))
        for (x, y), (other, others) in zip(shown, beside, strict=False)
    )


def _shown(samples: Samples, rows: int, moved: bool, random: torch.Generator) -> Batches:
    """Batches of these images, each shifted anew where they are moved."""
    assert samples.y is not None, "asked before"
    x = small(samples.x)
    most = max(1, round(min(x.shape[2:]) * MOVED)) if moved else 0
    for images, y in shuffled(x, samples.y, rows, random):
        draw = torch.rand(len(images), 2, generator=random)
        yield translate(images, draw, most), y
