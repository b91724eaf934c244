"""Searches for the z whose image is nearest to a given one, down the gradient of the error.

Source: Metz et al. 2017, arXiv:1611.02163, section 3.4 (there by L-BFGS, with three restarts);
Xiang and Li 2017, arXiv:1704.03971, section 4. Two searches: a thorough one, ours, by Adam with a
learning rate that falls to zero, from several beginnings; and the short one by which Xiang and Li
follow a training, RMSprop from z = 0. In both z is free: nothing holds it near its prior.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from torch import Tensor
from torch.optim import Optimizer

from gansmith.draws import seed_of

ROWS = 128
"""z, about, that are searched for at a time: so much has to fit into memory."""


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
    z = _beginnings(search, x, z_dim, seed)
    many = max(1, ROWS // search.restarts)
    some = zip(z.split(many, 1), x.split(many), strict=True)
    parts = [_searched(generator, *part, search) for part in some]
    found, errors = zip(*parts, strict=True)
    return torch.cat(found), torch.cat(errors)


def _searched(
    generator: Callable[[Tensor], Tensor], z: Tensor, x: Tensor, search: Search
) -> tuple[Tensor, Tensor]:
    """The best z (N, z_dim) of beginnings (restarts, N, z_dim), and the error of each (N,)."""
    shape, z = z.shape, z.flatten(0, 1).clone().requires_grad_()
    wanted = x.repeat(search.restarts, *[1] * (x.ndim - 1))
    optimizer = _optimizer(search, z)
    for step in range(search.steps):
        optimizer.param_groups[0]["lr"] = _rate(search, step)
        with torch.enable_grad():
            (slope,) = torch.autograd.grad(squared_errors(generator(z), wanted).sum(), z)
        z.grad = slope
        optimizer.step()
    with torch.no_grad():
        errors = squared_errors(generator(z), wanted).view(shape[:2])
    best = errors.min(0)
    return z.detach().view(shape)[best.indices, torch.arange(len(x))], best.values


def _beginnings(search: Search, x: Tensor, z_dim: int, seed: int) -> Tensor:
    """z (restarts, images, z_dim) before the first step."""
    count = search.restarts * len(x)
    if search.start == "zero":
        return torch.zeros(search.restarts, len(x), z_dim, dtype=x.dtype)
    random = torch.Generator().manual_seed(seed_of(seed, "reconstruction"))
    drawn = torch.randn(count, z_dim, generator=random, dtype=x.dtype)
    return drawn.view(search.restarts, len(x), z_dim)


def _optimizer(search: Search, z: Tensor) -> Optimizer:
    if search.optimizer == "adam":
        return torch.optim.Adam([z], search.learning_rate)
    return torch.optim.RMSprop([z], search.learning_rate, alpha=0.9, eps=1e-6)


def _rate(search: Search, step: int) -> float:
    """The learning rate of a step."""
    falling = (1 + math.cos(math.pi * step / search.steps)) / 2
    return search.learning_rate * (falling if search.optimizer == "adam" else 1.0)


def squared_errors(made: Tensor, wanted: Tensor) -> Tensor:
    """The mean over pixels of the squared difference, of each image: (N,)."""
    return (made - wanted).square().flatten(1).mean(1)
