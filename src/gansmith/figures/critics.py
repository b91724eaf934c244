"""Networks that judge, trained without a generator, for the figures that look at them alone.

Source of the two bounds: Arjovsky et al. 2017, arXiv:1701.07875, and Gulrajani et al. 2017,
arXiv:1704.00028. Deviation: the learning rate falls evenly to 0, so that a critic comes to rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gansmith.draws import Random, seed_of
from gansmith.losses import wasserstein_critic
from gansmith.method import Adam
from gansmith.networks.mlp import he_initialise, mlp_critic
from gansmith.penalties import clip_weights, gradient_penalty, squared_gradient_norms

NetworkT = TypeVar("NetworkT", bound=nn.Module)
Pairs = Callable[[Random], tuple[Tensor, Tensor]]
"""Real and generated samples of one step, (rows, D) each."""
BETAS = (0.5, 0.9)


def seeded(build: Callable[[], NetworkT], *key: object) -> NetworkT:
    """A network whose weights follow from the key, whatever was drawn before."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_of(*key))
        return build()


def descend(
    network: nn.Module,
    loss: Callable[[int], Tensor],
    steps: int,
    optimizer: Optimizer,
    after: Callable[[], None] = lambda: None,
) -> None:
    """Take the network down `loss(step)`, at a rate that falls evenly to 0."""
    rates = [group["lr"] for group in optimizer.param_groups]
    for step in range(steps):
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * (1 - step / steps)
        gradients = torch.autograd.grad(loss(step), list(network.parameters()))
        for parameter, gradient in zip(network.parameters(), gradients, strict=True):
            parameter.grad = gradient
        optimizer.step()
        after()


class Bound(Protocol):
    """What keeps the slope of a critic within limits."""

    def loss(self, critic: nn.Module, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
        """What the critic minimises."""
        ...

    def after(self, critic: nn.Module) -> None:
        """What is done to it after each step."""

    def optimizer(self, critic: nn.Module) -> Optimizer:
        """The one that the paper used with this bound."""
        ...


@dataclass(frozen=True)
class Clipped:
    """Weights within [-most, most]."""

    most: float
    rate: float = 5e-4

    def loss(self, critic: nn.Module, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
        """E f(y) - E f(x)."""
        return wasserstein_critic(critic(real), critic(fake))

    def after(self, critic: nn.Module) -> None:
        """Every weight into its range."""
        clip_weights(critic, self.most)

    def optimizer(self, critic: nn.Module) -> Optimizer:
        """RMSprop."""
        return torch.optim.RMSprop(critic.parameters(), lr=self.rate)


@dataclass(frozen=True)
class Penalised:
    """A penalty on slopes other than 1 between the two sets."""

    weight: float
    rate: float = 2e-3

    def loss(self, critic: nn.Module, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
        """E f(y) - E f(x) + λ E (‖∇f‖ - 1)²."""
        penalty = self.weight * gradient_penalty(critic, real, fake, mix)
        return wasserstein_critic(critic(real), critic(fake)) + penalty

    def after(self, critic: nn.Module) -> None:
        """Nothing."""

    def optimizer(self, critic: nn.Module) -> Optimizer:
        """Adam."""
        return Adam(critic.parameters(), lr=self.rate, betas=BETAS)


@dataclass(frozen=True)
class Plan:
    """How a critic is trained."""

    bound: Bound
    steps: int
    key: tuple[Any, ...]
    """What its weights and draws follow from."""
    rows: int = 256
    width: int = 128
    hidden: int = 3
    """Layers between the sample and the score."""


def critic_between(pairs: Pairs, plan: Plan) -> nn.Sequential:
    """A perceptron with ReLUs that was trained to tell the two kinds of a `Pairs` apart."""
    dimensions = pairs(Random((*plan.key, 0), 2))[0].shape[1]
    critic = seeded(partial(_perceptron, dimensions, plan), *plan.key)

    def loss(step: int) -> Tensor:
        random = Random((*plan.key, step), plan.rows)
        return plan.bound.loss(critic, *pairs(random), random.uniform())

    plan.bound.after(critic)
    descend(
        critic, loss, plan.steps, plan.bound.optimizer(critic), lambda: plan.bound.after(critic)
    )
    return critic.requires_grad_(False)


def _perceptron(dimensions: int, plan: Plan) -> nn.Sequential:
    critic = mlp_critic((dimensions,), [plan.width] * plan.hidden, nn.ReLU)
    he_initialise(critic)
    return critic


def slopes(critic: nn.Module, points: Tensor) -> Tensor:
    """‖∇f‖ at each point: (N,)."""
    return squared_gradient_norms(critic, points).sqrt()
