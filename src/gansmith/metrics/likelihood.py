"""The bound on log p(x) of a method that has one, as measures take it."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.method import LikelihoodBound, Method
from gansmith.metrics.given import Likelihood


def likelihood_of(method: Method, nets: torch.nn.ModuleDict) -> Likelihood | None:
    """The method's bound with these networks, from and to the CPU; None where it has none.

    Averaged networks need no preparation: they are frozen, and in evaluation mode.
    """
    if not isinstance(method, LikelihoodBound):
        return None
    device = next(nets.parameters()).device

    def means(x: Tensor) -> Tensor:
        return method.encode(nets, x.to(device)).float().cpu()

    def log_weights(x: Tensor, epsilon: Tensor) -> Tensor:
        return method.log_weights(nets, x.to(device), epsilon.to(device)).float().cpu()

    return Likelihood(means, log_weights)
