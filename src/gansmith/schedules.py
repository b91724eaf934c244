"""Factors on the learning rate as functions of the step alone, never of the planned length."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn


def linear_decay(start: int, steps: int) -> Callable[[nn.ModuleDict, int], float]:
    """1 until `start`, then falling evenly to 0 over `steps`; constant where `steps` is 0."""

    def factor(nets: nn.ModuleDict, step: int) -> float:
        if steps == 0 or step < start:
            return 1.0
        return max(0.0, 1.0 - (step - start) / steps)

    return factor
