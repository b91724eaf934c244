"""Discriminators of the same points by two losses, and how hard each pulls on a sample."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gansmith.draws import Random
from gansmith.figures.critics import descend, seeded
from gansmith.losses import NON_SATURATING, AdversarialLoss, least_squares
from gansmith.method import Adam
from gansmith.networks.mlp import leaky_relu, mlp_critic

POINTS = 256
BANDS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
"""Distances from the boundary."""


class Judge(NamedTuple):
    """A loss, and the score at which its discriminator is undecided."""

    loss: AdversarialLoss
    boundary: float


JUDGES = {
    "cross entropy": Judge(NON_SATURATING, 0.0),
    "least squares": Judge(least_squares(0, 1, 1), 0.5),
}


def trained(judge: Judge, real: Tensor, fake: Tensor, steps: int, seed: int) -> nn.Module:
    """A discriminator of these points, by the judge's loss."""
    build = partial(mlp_critic, (2,), [32, 32], leaky_relu)
    network = seeded(build, seed, "decision boundary")  # both start as the same network

    def loss(step: int) -> Tensor:
        terms = judge.loss.discriminator(network(real), network(fake))
        return torch.stack(list(terms.values())).sum()

    descend(network, loss, steps, Adam(network.parameters(), lr=5e-3, betas=(0.5, 0.99)))
    return network.requires_grad_(False)


def pull(score: nn.Module, judge: Judge, points: Tensor) -> Tensor:
    """(N, 2): where each sample is moved, minus the gradient of its own generator loss."""
    return -torch.func.grad(lambda x: judge.loss.generator(score(x)) * len(points))(points)


def by_distance(away: Tensor, norms: Tensor, toward: Tensor) -> list[dict[str, float]]:
    """Median pull of the samples in each band of distances that holds any."""
    rows = []
    for low, high in pairwise(BANDS):
        there = (low <= away) & (away < high)
        if there.any():
            row = {"from": low, "to": high, "samples": int(there.sum())}
            row["pull"] = float(norms[there].median())
            rows.append(row | {"cosine_to_data": float(toward[there].mean())})
    return rows


def cosine(a: Tensor, b: Tensor) -> Tensor:
    """Of vectors however short; 0 where one of them is 0."""
    a, b = a.double(), b.double()
    return torch.nan_to_num((a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1)))


def points(seed: int) -> tuple[Tensor, Tensor]:
    """Real ones around (2, 0), generated ones around (0, 0): they overlap a little."""
    random = Random((seed, "decision boundary"), POINTS)
    shape = torch.tensor([0.5, 0.8])
    return shape * random.normal(2) + torch.tensor([2.0, 0.0]), shape * random.normal(2)
