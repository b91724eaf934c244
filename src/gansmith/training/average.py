"""The running average of weights that samples are drawn from."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gansmith.method import Networks


def averaged_twin(nets: Networks, names: Sequence[str]) -> Networks:
    """Copies of these networks that no gradient reaches, in evaluation mode."""
    twin = Networks({name: copy.deepcopy(nets[name]) for name in names})
    return twin.requires_grad_(False).eval()


class Averager:
    """Moves the twin towards the trained networks after each step.

    Floating-point buffers (batch-norm statistics) are averaged like weights, so that they fit them;
    whole-number buffers are copied.

    Args:
        averaged: the twin, changed in place.
        nets: the trained networks.
        decay: 0.999 means a memory of about 1,000 steps; 0 copies.
    """

    def __init__(self, averaged: Networks, nets: Networks, decay: float) -> None:
        self._decay = decay
        self._pairs = [_float_tensors(averaged), _float_tensors(_same(nets, averaged))]
        self._whole = list(
            zip(_whole_buffers(averaged), _whole_buffers(_same(nets, averaged)), strict=True)
        )

    @torch.no_grad()
    def update(self, step: int) -> None:
        """One move, after step number `step` (from 0); early on the memory is shorter."""
        weight = 1.0 - min(self._decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._pairs[0], self._pairs[1], weight)  # pyright: ignore
        for mine, theirs in self._whole:
            mine.copy_(theirs)


def _same(nets: Networks, averaged: Networks) -> Networks:
    return Networks({name: nets[name] for name in averaged})


def _float_tensors(module: nn.Module) -> list[Tensor]:
    buffers = [buffer for buffer in module.buffers() if buffer.is_floating_point()]
    return [*(parameter.data for parameter in module.parameters()), *buffers]


def _whole_buffers(module: nn.Module) -> list[Tensor]:
    return [buffer for buffer in module.buffers() if not buffer.is_floating_point()]
