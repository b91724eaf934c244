"""Spectral normalisation whose power iteration stands outside the forward pass.

torch's own iterates inside it, so that the same weights and samples give another score each time.
Here a forward pass reads the two vectors and `follow_weights` moves them, after a step.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

FIRST = 15
"""Iterations before the first step; as many as torch's own."""


class SpectralNorm(nn.Module):
    """A weight divided by its largest singular value, W / (uᵀ W v), as a parametrisation.

    The weight is taken as a matrix of one row for each output. The vectors are constants of the
    gradient, which flows through W in both places.

    Source: Miyato et al. 2018, arXiv:1802.05957, equations 8 and 11.

    Args:
        weight: (outputs, ...).
    """

    u: Tensor
    """First left singular vector, (outputs,)."""
    v: Tensor
    """First right singular vector, (inputs,)."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        matrix = weight.detach().flatten(1)
        self.register_buffer("u", F.normalize(torch.randn_like(matrix[:, 0]), dim=0))
        self.register_buffer("v", F.normalize(torch.randn_like(matrix[0]), dim=0))
        self.iterate(weight, FIRST)

    def forward(self, weight: Tensor) -> Tensor:
        """(outputs, ...) → the same, with a largest singular value of 1 where u and v fit."""
        return weight / (self.u[:, None] * weight.flatten(1) * self.v).sum()

    @torch.no_grad()
    def iterate(self, weight: Tensor, times: int = 1) -> None:
        """Move u and v towards the weight's first singular vectors. Source: Algorithm 1."""
        matrix = weight.flatten(1)
        for _ in range(times):
            self.v.copy_(F.normalize(matrix.T @ self.u, dim=0))
            self.u.copy_(F.normalize(matrix @ self.v, dim=0))


def normalise_spectrally(network: nn.Module) -> None:
    """Give every linear and convolutional layer a spectrally normalised weight, in place."""
    for layer in list(network.modules()):
        if isinstance(layer, nn.Linear | nn.Conv2d):
            norm = SpectralNorm(layer.weight)
            parametrize.register_parametrization(layer, "weight", norm)


def following(name: str) -> Callable[[nn.ModuleDict, object], None]:
    """For a phase's `after`: the spectral norms of this network follow its weights."""
    return lambda nets, values: follow_weights(nets[name])


def follow_weights(network: nn.Module) -> None:
    """One power iteration for each spectrally normalised weight, after the weights have moved."""
    for layer in network.modules():
        if isinstance(layer, parametrize.ParametrizationList):
            for norm in layer:
                if isinstance(norm, SpectralNorm):
                    norm.iterate(layer.original)
