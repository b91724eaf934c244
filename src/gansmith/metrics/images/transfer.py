"""Train on generated, test on real: how well a classifier learns the classes from samples.

Source: Ravuri and Vinyals 2019, arXiv:1905.10887, section 3 (classification accuracy score).
Deviation: a network of two convolutions on images of at most 32 pixels, in place of a ResNet-50 on
whole ones, so that it is quick; the same network learns from equally many real samples beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import skip_init

from gansmith.draws import seed_of
from gansmith.errors import DataError
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.interval import normal, wilson
from gansmith.metrics.measurement import Measurement

SIDE = 32
"""Larger images are made this small first, by means of areas."""
WIDTHS = (16, 32)
STEPS, ROWS, RATE = 600, 64, 2e-3
CHUNK = 512
A_CLASS = 100
"""With 1000 real digits to learn from, other samples move the accuracy by 0.2 points and another
seed by 0.6 (standard deviations of three), less than 1000 test samples do, 0.9; with 500, by 1.2
and 0.5."""
FIXED = "The interval is of the test samples alone: another training differs by a little more."


def transfer(given: Given) -> list[Measurement]:
    """Accuracy on held-out samples after learning from generated ones, and what it lacks of real.

    Raises:
        DataError: the real samples have no classes.
    """
    test = given.reference
    generated, train = _equally_many(given)
    if test.y is None or train.y is None:
        raise DataError("transfer: the real samples have no classes; give a set with labels.")
    classes = len(given.class_names) or int(test.y.max()) + 1
    hits, real = (
        accurate(learned(every, classes, given.seed), test) for every in (generated, train)
    )
    n = len(generated)
    more = {
        "n": n,
        "featured": False,
        "resizer": f"area, {SIDE}" if max(test.x.shape[2:]) > SIDE else "none",
        "least": A_CLASS * classes,
    }
    few = (f"Learned from {n:,} samples of each kind.",) if n < len(given.generated) else ()
    return [_accuracy(given, hits, real, few, more), _gap(given, hits, real, few, more)]


def _accuracy(
    given: Given, hits: np.ndarray, real: np.ndarray, notes: tuple[str, ...], more: dict[str, Any]
) -> Measurement:
    beside = float(real.mean())
    return given.measured(
        "transfer",
        "accuracy on real after learning from generated",
        float(hits.mean()),
        "higher",
        interval=wilson(int(hits.sum()), len(hits)),
        notes=(*notes, f"Equally many real samples give {beside:.1%}.", FIXED),
        details={"real": beside, "real_interval": [*wilson(int(real.sum()), len(real))]},
        **more,
    )


def _gap(
    given: Given, hits: np.ndarray, real: np.ndarray, notes: tuple[str, ...], more: dict[str, Any]
) -> Measurement:
    """Both were asked the same samples, so the differences by sample tell its error."""
    gap = real.astype(float) - hits
    value, deviation = float(gap.mean()), float(gap.std() / np.sqrt(len(gap)))
    return given.measured(
        "transfer_gap",
        "accuracy lost by learning from generated",
        value,
        "lower",
        interval=normal(value, deviation),
        notes=(*notes, FIXED),
        **more,
    )


def _equally_many(given: Given) -> tuple[Samples, Samples]:
    """Generated and training samples, drawn of the larger set."""
    n = min(len(given.generated), len(given.train))
    random = torch.Generator().manual_seed(seed_of(given.seed, "transfer", "samples"))

    def drawn(every: Samples) -> Samples:
        rows = torch.randperm(len(every), generator=random)[:n]
        return Samples(every.x[rows], None if every.y is None else every.y[rows])

    return drawn(given.generated), drawn(given.train)


def learned(samples: Samples, classes: int, seed: int) -> nn.Module:
    """A classifier: images as `small` makes them → logits (N, classes); all follows from seed."""
    x, y = small(samples.x), samples.y
    assert y is not None, "said in the table"
    random = torch.Generator().manual_seed(seed_of(seed, "transfer", "training"))
    first = network(x.shape[1:], classes, random)
    return fitted(first, shuffled(x, y, ROWS, random))


def shuffled(
    x: Tensor, y: Tensor, rows: int, random: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches without end, through all images in a random order, then in another."""
    order = torch.empty(0, dtype=torch.long)
    while True:
        while len(order) < rows:
            order = torch.cat([order, torch.randperm(len(x), generator=random)])
        chosen, order = order[:rows], order[rows:]
        yield x[chosen], y[chosen]


def fitted(
    network: nn.Module, batches: Iterator[tuple[Tensor, Tensor]], steps: int | None = None
) -> nn.Module:
    """The same network after so many updates (None: 600), with a rate that falls evenly to 0."""
    total = STEPS if steps is None else steps
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / total)
    for x, y in islice(batches, total):
        optimizer.zero_grad()
        F.cross_entropy(network(x), y).backward()
        optimizer.step()
        schedule.step()
    return network


def network(shape: torch.Size, classes: int, random: torch.Generator) -> nn.Sequential:
    """Two convolutions of stride 2 and a linear layer, He initialisation."""
    layers, inputs, sides = [], shape[0], shape[1:]
    for width in WIDTHS:
        layers += [skip_init(nn.Conv2d, inputs, width, 3, stride=2, padding=1), nn.ReLU()]
        inputs, sides = width, [(side + 1) // 2 for side in sides]
    layers += [nn.Flatten(), skip_init(nn.Linear, inputs * sides[0] * sides[1], classes)]
    for layer in layers:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=random)
            nn.init.constant_(layer.get_parameter("bias"), 0)
    return nn.Sequential(*layers)


@torch.no_grad()
def accurate(network: nn.Module, test: Samples) -> np.ndarray:
    """(N,) whether the most likely class of each sample is its own."""
    assert test.y is not None, "asked before"
    chosen = [network(small(x)).argmax(1) for x in test.x.split(CHUNK)]
    return (torch.cat(chosen) == test.y).numpy()


def small(x: Tensor) -> Tensor:
    """(N, C, H, W) with sides of at most 32."""
    height, width = (min(side, SIDE) for side in x.shape[2:])
    return F.adaptive_avg_pool2d(x, (height, width))
