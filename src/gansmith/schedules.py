"""Factors on the learning rate, and steps to play at: never of the planned length."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

from torch import nn


def linear_decay(start: int, steps: int) -> Callable[[nn.ModuleDict, int], float]:
    """1 until `start`, then falling evenly to 0 over `steps`; constant where `steps` is 0."""

    def factor(nets: nn.ModuleDict, step: int) -> float:
        if steps == 0 or step < start:
            return 1.0
        return max(0.0, 1.0 - (step - start) / steps)

    return factor


def inverse_decay(decay: float) -> Callable[[nn.ModuleDict, int], float]:
    """1 / (1 + decay · step), step from 0: what `decay` meant to the optimizers of Keras 2."""
    return lambda nets, step: 1.0 / (1.0 + decay * step)


def both(
    one: Callable[[nn.ModuleDict, int], float], other: Callable[[nn.ModuleDict, int], float]
) -> Callable[[nn.ModuleDict, int], float]:
    """The product of two factors."""
    return lambda nets, step: one(nets, step) * other(nets, step)


def every(n: int) -> range:
    """The steps 0, n, 2n, ...: those of a phase that is played lazily."""
    return range(0, sys.maxsize, n)


def one_cycle(
    steps: int, rise: float = 0.3, first: float = 0.04
) -> Callable[[nn.ModuleDict, int], float]:
    """A rise from `first` to 1 over a part of `steps`, then a fall to 0; both half cosines.

    For networks that are trained by a recipe whose length is part of it. Source: Smith and Topin
    2017, arXiv:1708.07120; cosines in place of lines, as in later practice.
    """
    top = max(1.0, rise * steps - 1)

    def factor(nets: nn.ModuleDict, step: int) -> float:
        if step <= top:
            return first + (1 - first) * (1 - math.cos(math.pi * step / top)) / 2
        fallen = (step - top) / max(1.0, steps - 1 - top)
        return (1 + math.cos(math.pi * min(1.0, fallen))) / 2

    return factor
