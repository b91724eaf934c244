"""The classifier that a method has besides its generator, as measures take it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gansmith.method import Classifies, Method, Networks

CHUNK = 250


def classify_of(
    method: Method, nets: Networks, averaged: Networks
) -> Callable[[Tensor], Tensor] | None:
    """Images (N, *shape) → logits (N, K), from and to the CPU; None where the method has none.

    Args:
        method: it may satisfy `Classifies`.
        nets: as they are trained; their mode is what it was, afterwards.
        averaged: twins of some of them, which are taken where there are any.
    """
    if not isinstance(method, Classifies):
        return None
    chosen = Networks({**nets, **averaged})
    device = next(chosen.parameters()).device

    @torch.no_grad()
    def classify(x: Tensor) -> Tensor:
        training = {module: module.training for module in chosen.modules()}
        chosen.eval()
        try:
            parts = (method.classify(chosen, part.to(device)) for part in x.split(CHUNK))
            return torch.cat([part.float().cpu() for part in parts])
        finally:
            for module, was_training in training.items():
                module.training = was_training

    return classify
