"""Running statistics of batch normalisation, by which a network judges in evaluation mode."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm  # the parent of those of every dimension


def unnoticed(network: nn.Module, x: Tensor) -> Tensor:
    """network(x), normalised as ever, while the running statistics stay as they are.

    A discriminator that is to tell real images' classes afterwards needs statistics of real images.

    Args:
        network: with batch normalisation somewhere in it, or without.
        x: its input.
    """
    norms = [module for module in network.modules() if isinstance(module, _BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    try:
        for norm in norms:
            norm.momentum = 0.0
        return network(x)
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
