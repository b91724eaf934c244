"""How one walks along directions of z: how many, how far, and through which points."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.errors import ConfigError

SHOWN = 6


class Along(NamedTuple):
    """How one walks."""

    directions: int | None = None
    """How many, the strongest first; None for 6, or as many as z has."""
    steps: int = 9
    """Images along each, an odd number, so that the middle one is that of z itself."""
    reach: float = 3.0
    """How far each way, in standard deviations of z along the direction."""
    at: int = 64
    """How many z the response is averaged over."""


def checked(along: Along, z_dim: int) -> Along:
    """The same with nothing left open.

    Raises:
        ConfigError: a number of directions, steps or z that cannot be, or no reach.
    """
    directions = min(SHOWN, z_dim) if along.directions is None else along.directions
    if not 1 <= directions <= z_dim:
        raise ConfigError(f"--directions {directions}: z has {z_dim}; give 1 to that many.")
    if along.steps < 3 or along.steps % 2 == 0:
        raise ConfigError(f"--steps {along.steps}: give an odd number from 3 on.")
    if not 0 < along.reach < float("inf") or along.at < 1:
        raise ConfigError(
            f"--reach {along.reach} --at {along.at}: give a reach above 0 and at least 1 z."
        )
    return along._replace(directions=directions)


def ticks(along: Along, steps: int) -> Tensor:
    """From one end to the other; the middle one of an odd number is 0 to the bit."""
    half = torch.linspace(0, along.reach, steps // 2 + 1)
    return torch.cat([-half.flip(0)[:-1], half])


def walked(z: Tensor, directions: Tensor, scales: Tensor, ticks: Tensor) -> Tensor:
    """z (D,) moved along each direction (K, D) by each tick (T,) in its scale (K,): (K, T, D)."""
    return z + ticks[None, :, None] * (scales[:, None] * directions)[:, None]
