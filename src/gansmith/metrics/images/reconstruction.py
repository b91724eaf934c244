"""How well a generator can make images that it was not trained on: z is optimised for each.

What a generator cannot reach, however z is chosen, it has dropped; a longer search may find less.

Source: Metz et al. 2017, arXiv:1611.02163, section 3.4 (there by L-BFGS, with three restarts);
Xiang and Li 2017, arXiv:1704.03971, section 4. Two searches: a thorough one, ours, by Adam with a
learning rate that falls to zero, from several beginnings; and the short one by which Xiang and Li
follow a training, RMSprop from z = 0. In both z is free: nothing holds it near its prior.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.optim import Optimizer

from gansmith.draws import seed_of
from gansmith.metrics.given import Given
from gansmith.metrics.interval import normal
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.parts import means_of_parts

IMAGES = 32
LEAST = 32
"""Errors of single images deviate by about half their mean: the mean is right to 10 % then."""
NUMBERS = 1 << 24


class Search(NamedTuple):
    """How z is optimised."""

    restarts: int = 4
    """Beginnings of each image; the best counts."""
    steps: int = 200
    learning_rate: float = 0.1
    optimizer: Literal["adam", "rmsprop"] = "adam"
    """Adam's learning rate falls to 0 as a half cosine; that of RMSprop stays."""
    start: Literal["normal", "zero"] = "normal"
    """Where z begins: anywhere, by N(0, 1), or at 0."""


SHORT = Search(restarts=1, steps=50, learning_rate=0.01, optimizer="rmsprop", start="zero")
"""The search of Xiang and Li, with α = 0.9 and ε = 1e-6: it takes 1/16 of the time, and tells how
near to its middle a generator has what it can make, too."""


def reconstructed(
    generator: Callable[[Tensor], Tensor],
    z_dim: int,
    x: Tensor,
    seed: int = 0,
    search: Search | None = None,
) -> tuple[Tensor, Tensor]:
    """The z whose image is nearest to each image, and the error that is left.

    Args:
        generator: z (N, z_dim) → (N, C, H, W), differentiable.
        z_dim: length of z.
        x: (N, C, H, W), to be made.
        seed: of beginnings that are normal.
        search: how.

    Returns:
        z (N, z_dim) and the mean squared error a pixel (N,).
    """
    search = search or Search()
    z = _beginnings(search, x, z_dim, seed).requires_grad_()
    wanted = x.repeat(search.restarts, *[1] * (x.ndim - 1))
    optimizer = _optimizer(search, z)
    for step in range(search.steps):
        optimizer.param_groups[0]["lr"] = _rate(search, step)
        with torch.enable_grad():
            (slope,) = torch.autograd.grad(_errors(generator(z), wanted).sum(), z)
        z.grad = slope
        optimizer.step()
    with torch.no_grad():
        errors = _errors(generator(z), wanted).view(search.restarts, len(x))
    best = errors.min(0)
    found = z.detach().view(search.restarts, len(x), z_dim)[best.indices, torch.arange(len(x))]
    return found, best.values


def _beginnings(search: Search, x: Tensor, z_dim: int, seed: int) -> Tensor:
    """z (restarts * images, z_dim) before the first step."""
    count = search.restarts * len(x)
    if search.start == "zero":
        return torch.zeros(count, z_dim, dtype=x.dtype)
    random = torch.Generator().manual_seed(seed_of(seed, "reconstruction"))
    return torch.randn(count, z_dim, generator=random, dtype=x.dtype)


def _optimizer(search: Search, z: Tensor) -> Optimizer:
    if search.optimizer == "adam":
        return torch.optim.Adam([z], search.learning_rate)
    return torch.optim.RMSprop([z], search.learning_rate, alpha=0.9, eps=1e-6)


def _rate(search: Search, step: int) -> float:
    """The learning rate of a step."""
    falling = (1 + math.cos(math.pi * step / search.steps)) / 2
    return search.learning_rate * (falling if search.optimizer == "adam" else 1.0)


def _errors(made: Tensor, wanted: Tensor) -> Tensor:
    return (made - wanted).square().flatten(1).mean(1)


def reconstruction(given: Given) -> list[Measurement]:
    """The error on held-out images after a thorough search, beside what needs no search.

    "seconds_per_image" in the details is a clock: it differs between runs that agree in all else.
    """
    name = "Reconstruction error of held-out images, a pixel"
    return [_measured(given, "reconstruction", name, Search())]


def reconstruction_short(given: Given) -> list[Measurement]:
    """The same after the short search of Xiang and Li; not to be compared with the thorough one."""
    name = "Reconstruction error of held-out images after a short search, a pixel"
    return [_measured(given, "reconstruction_short", name, SHORT)]


def _measured(given: Given, key: str, name: str, search: Search) -> Measurement:
    assert given.generator is not None, "said in the table"
    rows = np.random.default_rng(given.seed).permutation(len(given.reference))[:IMAGES]
    x = given.reference.x[torch.from_numpy(rows)]
    started = time.perf_counter()
    _, errors = reconstructed(given.generator, given.z_dim, x, given.seed, search)
    seconds = (time.perf_counter() - started) / len(x)
    value, mean = float(errors.mean()), _errors(given.train.x.mean(0, keepdim=True), x).mean()
    nearest = _nearest(x, given.generated.x).mean()
    details = {
        "mean_image": float(mean),
        "nearest_sample": float(nearest),
        "rows": rows.tolist(),
        "errors": errors.tolist(),
        "parts": means_of_parts(errors.tolist()),
        "seconds_per_image": seconds,
        **search._asdict(),
    }
    many = "1 beginning" if search.restarts == 1 else f"{search.restarts} beginnings"
    return given.measured(
        key,
        name,
        value,
        "lower",
        featured=False,
        n=len(x),
        n_reference=len(x),
        interval=normal(value, float(errors.std() / len(x) ** 0.5)) if len(x) > 1 else None,
        least=LEAST,
        notes=(
            f"The mean image scores {mean:.4g}, the nearest of the samples {nearest:.4g}.",
            f"From {many}, {search.steps} steps each.",
        ),
        details=details,
    )


def _nearest(x: Tensor, generated: Tensor) -> Tensor:
    """The error of the sample nearest to each image, (N,)."""
    least = torch.full((len(x),), torch.inf)
    for part in generated.split(max(1, NUMBERS // x[0].numel())):
        apart = torch.cdist(x.flatten(1), part.flatten(1)).square().amin(1) / x[0].numel()
        least = torch.minimum(least, apart)
    return least
