"""The balance of BEGAN's two networks, and its learning rate; state that a checkpoint keeps."""

from __future__ import annotations

import torch
from torch import Tensor, nn

NONE_YET = torch.finfo(torch.float32).max
"""The lowest mean while there is none: finite, as all state has to be to be saved."""


class Balance(nn.Module):
    """k, the weight of generated samples in the discriminator's loss, in [0, 1], from 0 on.

    Source: Berthelot et al. 2017, arXiv:1703.10717, equation 13. The paper also lowers the learning
    rate "when the measure of convergence stalls", and names no rule. Ours: M is averaged over each
    `patience` steps; where a mean is not below all those before it, the rate is halved.
    """

    k: Tensor
    rate: Tensor
    """Factor on the learning rate, from 1 on."""
    total: Tensor
    """Sum of M over the steps since the last mean."""
    count: Tensor
    """So many they are."""
    lowest: Tensor
    """The lowest of the means."""

    def __init__(self) -> None:
        super().__init__()
        for name, start in (("k", 0), ("rate", 1), ("total", 0), ("count", 0)):
            self.register_buffer(name, torch.tensor(float(start)))
        self.register_buffer("lowest", torch.tensor(NONE_YET))
        self.known: float | None = None  # the rate, as it was read last

    def forward(self) -> Tensor:
        """k, as it is now."""
        return self.k.clone()


@torch.no_grad()
def move(balance: nn.Module, real: Tensor, fake: Tensor, gamma: float, k_rate: float) -> None:
    """k ← k + λ_k (γ L(x) - L(G(z))), within [0, 1]; at rest where L(G(z)) / L(x) = γ."""
    balance.get_buffer("k").add_(k_rate * (gamma * real - fake)).clamp_(0.0, 1.0)


def factor(balance: nn.Module, step: int, patience: int) -> float:
    """The factor on the learning rate at a step.

    It is read before and after the steps that may change it, the last of each `patience`; in
    between it is remembered, for reading waits for the device.
    """
    assert isinstance(balance, Balance), "made by the method"
    if balance.known is None or (patience and step % patience in (0, patience - 1)):
        balance.known = float(balance.rate)
    return balance.known


@torch.no_grad()
def slow_down(balance: nn.Module, convergence: Tensor, patience: int, least: float) -> None:
    """Take note of a step's M; halve the rate, down to `least`, where its means fall no more.

    Args:
        balance: a `Balance`.
        convergence: M of this step.
        patience: steps of a mean; 0: the rate stays.
        least: the lowest factor.
    """
    rate, total, count, lowest = map(balance.get_buffer, ("rate", "total", "count", "lowest"))
    total.add_(convergence)
    count.add_(1.0)
    mean, whole = total / count, count == patience
    halved = (rate / 2).clamp(min=least)
    rate.copy_(torch.where(whole & (mean >= lowest), halved, rate))
    lowest.copy_(torch.where(whole, torch.minimum(mean, lowest), lowest))
    for tally in (total, count):
        tally.masked_fill_(whole, 0.0)
