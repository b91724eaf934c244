"""How well a generator can make images that it was not trained on: z is optimised for each.

What a generator cannot reach, however z is chosen, it has dropped; a longer search may find less.

Source: Metz et al. 2017, arXiv:1611.02163, section 3.4 (there by L-BFGS, with three restarts);
Xiang and Li 2017, arXiv:1704.03971, section 4 (there by RMSProp). Deviation: Adam with a learning
rate that falls to zero, and z is free: nothing holds it near the normal distribution.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gansmith.draws import seed_of
from gansmith.metrics.given import Given
from gansmith.metrics.interval import normal
from gansmith.metrics.measurement import Measurement

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
        seed: of the beginnings, which are normal.
        search: how.

    Returns:
        z (N, z_dim) and the mean squared error a pixel (N,).
    """
    search = search or Search()
    random = torch.Generator().manual_seed(seed_of(seed, "reconstruction"))
    count = search.restarts * len(x)
    z = torch.randn(count, z_dim, generator=random, dtype=x.dtype).requires_grad_()
    wanted = x.repeat(search.restarts, *[1] * (x.ndim - 1))
    optimizer = torch.optim.Adam([z], search.learning_rate)
    for step in range(search.steps):
        rate = search.learning_rate * (1 + math.cos(math.pi * step / search.steps)) / 2
        optimizer.param_groups[0]["lr"] = rate
        with torch.enable_grad():
            (slope,) = torch.autograd.grad(_errors(generator(z), wanted).sum(), z)
        z.grad = slope
        optimizer.step()
    with torch.no_grad():
        errors = _errors(generator(z), wanted).view(search.restarts, len(x))
    best = errors.min(0)
    found = z.detach().view(search.restarts, len(x), z_dim)[best.indices, torch.arange(len(x))]
    return found, best.values


def _errors(made: Tensor, wanted: Tensor) -> Tensor:
    return (made - wanted).square().flatten(1).mean(1)


def reconstruction(given: Given) -> list[Measurement]:
    """The error on held-out images, beside what needs no search.

    "seconds_per_image" in the details is a clock: it differs between runs that agree in all else.
    """
    assert given.generator is not None, "said in the table"
    rows = np.random.default_rng(given.seed).permutation(len(given.reference))[:IMAGES]
    x, search = given.reference.x[torch.from_numpy(rows)], Search()
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
        "seconds_per_image": seconds,
        **search._asdict(),
    }
    return [
        given.measured(
            "reconstruction",
            "Reconstruction error of held-out images, a pixel",
            value,
            "lower",
            featured=False,
            n=len(x),
            n_reference=len(x),
            interval=normal(value, float(errors.std() / len(x) ** 0.5)) if len(x) > 1 else None,
            least=LEAST,
            notes=(
                f"The mean image scores {mean:.4g}, the nearest of the samples {nearest:.4g}.",
                f"From {search.restarts} beginnings, {search.steps} steps each.",
            ),
            details=details,
        )
    ]


def _nearest(x: Tensor, generated: Tensor) -> Tensor:
    """The error of the sample nearest to each image, (N,)."""
    least = torch.full((len(x),), torch.inf)
    for part in generated.split(max(1, NUMBERS // x[0].numel())):
        apart = torch.cdist(x.flatten(1), part.flatten(1)).square().amin(1) / x[0].numel()
        least = torch.minimum(least, apart)
    return least
