"""The last layer of networks that judge."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

from gansmith.networks.spectral import normalise_spectrally


class ScoreHead(nn.Linear):
    """A linear layer in float32 whatever the precision: losses want every digit of a score."""

    def __init__(self, features: int, scores: int = 1, bias: bool = True) -> None:
        super().__init__(features, scores, bias=bias)

    def forward(self, input: Tensor) -> Tensor:
        """(N, features) → (N, scores) in float32."""
        if not torch.is_autocast_enabled(input.device.type):
            return F.linear(input.float(), self.weight, self.bias)
        with torch.autocast(input.device.type, enabled=False):
            return F.linear(input.float(), self.weight, self.bias)


def judged(
    network: nn.Module, real: Tensor, fake: Tensor, together: bool, *told: Tensor
) -> tuple[Tensor, Tensor]:
    """(scores of real samples, scores of generated ones).

    Args:
        network: a discriminator.
        real: samples (N, ...).
        fake: samples (N, ...).
        together: in one batch, real ones first, so that batch normalisation mixes them; else apart.
        told: what else the network is told, the same of real and generated samples: classes.
    """
    if together:
        twice = [torch.cat([each, each]) for each in told]
        scores: Tensor = network(torch.cat([real, fake]), *twice)
        return scores[: len(real)], scores[len(real) :]
    return network(real, *told), network(fake, *told)


def with_head(network: nn.Sequential, head: Callable[[int], nn.Module]) -> nn.Sequential:
    """A discriminator with another last layer, initialised and normalised as those of `dcgan` are.

    Args:
        network: it ends with a `ScoreHead`.
        head: makes the layer, from the number of its features.
    """
    *trunk, last = network
    assert isinstance(last, ScoreHead), "a discriminator ends with its score"
    layer = head(last.in_features)
    for name, parameter in layer.named_parameters():
        nn.init.zeros_(parameter) if name.endswith("bias") else nn.init.normal_(parameter, 0, 0.02)
    if parametrize.is_parametrized(last):
        normalise_spectrally(layer)
    return nn.Sequential(*trunk, layer)
