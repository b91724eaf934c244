"""Multilayer perceptrons for small images and for points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from torch import nn

from gansmith.networks.heads import ScoreHead


def leaky_relu() -> nn.Module:
    """LeakyReLU with the slope 0.2 of DCGAN and of the lectures."""
    return nn.LeakyReLU(0.2)


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {"relu": nn.ReLU, "leaky-relu": leaky_relu}


def mlp(sizes: Sequence[int], activation: Callable[[], nn.Module]) -> nn.Sequential:
    """Linear layers of these sizes with the activation between them, none after the last."""
    layers: list[nn.Module] = []
    for i, (inputs, outputs) in enumerate(pairwise(sizes)):
        layers += [activation()] if i else []
        layers.append(nn.Linear(inputs, outputs))
    return nn.Sequential(*layers)


def mlp_generator(
    z_dim: int, hidden: Sequence[int], shape: tuple[int, ...], activation: Callable[[], nn.Module]
) -> nn.Sequential:
    """(N, z_dim) → (N, *shape): images in [-1, 1] through tanh, points without bound."""
    layers = mlp([z_dim, *hidden, math.prod(shape)], activation)
    return layers if len(shape) == 1 else layers.extend([nn.Tanh(), nn.Unflatten(1, shape)])


def mlp_critic(
    shape: tuple[int, ...], hidden: Sequence[int], activation: Callable[[], nn.Module]
) -> nn.Sequential:
    """(N, *shape) → a score (N, 1)."""
    layers = mlp([math.prod(shape), *hidden], activation)
    return nn.Sequential(nn.Flatten(), *layers, activation(), ScoreHead(hidden[-1]))


def mlp_pair(z_dim: int, shape: tuple[int, ...], hidden: Sequence[int]) -> dict[str, nn.Sequential]:
    """A generator and a critic with ReLUs and He initialisation, as in WGAN-GP's toy networks."""
    generator = mlp_generator(z_dim, hidden, shape, nn.ReLU)
    nets = {"generator": generator, "critic": mlp_critic(shape, hidden, nn.ReLU)}
    for network in nets.values():
        he_initialise(network)
    return nets


def he_initialise(module: nn.Module) -> None:
    """He-normal weights and zero biases of every linear and convolutional layer.

    Source: He et al. 2015, arXiv:1502.01852, equation 10.
    """
    for layer in module.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
