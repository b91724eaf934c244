"""A generator and a discriminator that is trained on alone, and what reaches the generator."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.optim import SGD, Optimizer

from gansmith.data.loader import Loader
from gansmith.draws import Random
from gansmith.losses import MINIMAX, NON_SATURATING
from gansmith.method import Adam, Networks, Phase
from gansmith.metrics.distributions.transport import wasserstein

LOSSES = {"minimax": MINIMAX.generator, "non-saturating": NON_SATURATING.generator}
OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "momentum": partial(SGD, lr=0.02, momentum=0.5),
    "Adam": partial(Adam, lr=2e-4, betas=(0.5, 0.999)),
}
BATCH = 64
PARTS, PART, D_REPEATS = 5, 60, 3
"""Going on: how often W₁ is measured, generator steps between, discriminator steps for each."""


class Game(NamedTuple):
    """The early generator, its discriminator, and what they are trained on."""

    nets: Networks
    phase: Phase
    loader: Loader
    seed: int
    z: Tensor
    """What gradients and samples are looked at with, always the same."""


def strengthened(game: Game, strengths: list[int]) -> Iterator[dict[str, float]]:
    """Both gradients after each of so many steps of the discriminator alone."""
    optimizer = _optimizer_of(game)
    for before, after in pairwise([0, *strengths]):
        for step in range(before, after):
            discriminate(game, optimizer, ("alone", step), step)
        yield {"steps": after} | gradients(game.nets, game.z)


def gradients(nets: Networks, z: Tensor) -> dict[str, float]:
    """The norm of each loss's gradient in all the generator's parameters, and how D judges."""
    parameters = list(nets["generator"].parameters())
    found, logits = {}, nets["discriminator"](nets["generator"](z))
    for name, loss in LOSSES.items():
        some = torch.autograd.grad(loss(logits), parameters, retain_graph=True)
        found[name] = float(torch.stack([gradient.norm() for gradient in some]).norm())
    chance = float(torch.sigmoid(logits.detach().double()).mean())
    ratio = found["non-saturating"] / max(found["minimax"], 1e-38)
    return found | {"d_of_g": chance, "ratio": ratio, "ratio_of_one_logit": 1 / chance - 1}


def discriminate(game: Game, optimizer: Optimizer, key: tuple[object, ...], step: int) -> None:
    """One step of the discriminator, as the method plays it, on the batch of this step."""
    batch = game.loader(step, 0, BATCH)
    draws = game.phase.draws(batch, Random((game.seed, *key), BATCH))
    objective = game.phase.objective(game.nets, batch, draws)
    _step(torch.stack([*objective.terms.values()]).sum(), game.nets["discriminator"], optimizer)


def gone_on(game: Game, loss: str, optimizer: str, steps: int, real: Tensor) -> dict[str, list]:
    """W₁ to real images, and how far samples have moved, as the generator trains on."""
    game = game._replace(nets=copy.deepcopy(game.nets))
    generator, discriminator = game.nets["generator"], game.nets["discriminator"]
    judges, makes = _optimizer_of(game), OPTIMIZERS[optimizer](generator.parameters())
    first = generator(game.z).detach().flatten(1)
    found: dict[str, list] = {"w1": [wasserstein(first.numpy(), real.numpy())], "moved": [0.0]}
    for part in range(PARTS):
        for step in range(part * steps, (part + 1) * steps):
            for repeat in range(D_REPEATS):
                play = D_REPEATS * step + repeat
                discriminate(game, judges, ("judge", play), play)
            z = Random((game.seed, "going on", step), BATCH).normal(game.z.shape[1])
            _step(LOSSES[loss](discriminator(generator(z))), generator, makes)
        samples = generator(game.z).detach().flatten(1)
        found["w1"].append(wasserstein(samples.numpy(), real.numpy()))
        found["moved"].append(float((samples - first).norm(dim=1).mean()))
    return found


def _optimizer_of(game: Game) -> Optimizer:
    phase = game.phase
    return phase.optimizer(game.nets["discriminator"].parameters(), lr=phase.learning_rate)


def _step(loss: Tensor, network: nn.Module, optimizer: Optimizer) -> None:
    some = torch.autograd.grad(loss, list(network.parameters()))
    for parameter, gradient in zip(network.parameters(), some, strict=True):
        parameter.grad = gradient
    optimizer.step()
