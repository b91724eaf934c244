"""Paths from one z to another: straight, or along the sphere on which Gaussian z lies.

Source: Shoemake 1985, "Animating rotation with quaternion curves"; for latent spaces White 2016,
arXiv:1609.04468. Deviation: where two vectors differ in norm, the direction turns evenly and the
norm changes evenly; the paper's formula would do neither.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor

PathKind = Literal["slerp", "lerp"]
TINY = 1e-6
"""Parts of unit vectors below this are taken for rounding."""


def lerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """(1 - t) a + t b: (D,), (D,), (T,) → (T, D)."""
    t = t[:, None].to(a.dtype)
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """The direction turns from a's to b's at an even pace, the norm goes evenly from |a| to |b|.

    (D,), (D,), (T,) → (T, D). Between vectors of one norm that is Shoemake's formula. Opposite
    vectors have no one great circle between them: a fixed one is taken. A zero vector has no
    direction: it takes that of the other.
    """
    x, y, s = a.double(), b.double(), t.double()[:, None]
    norm_x, norm_y = x.norm(), y.norm()
    start = x / norm_x if norm_x > 0 else y / norm_y.clamp_min(1e-300)
    end = y / norm_y if norm_y > 0 else start
    across = end - (end @ start) * start
    angle = torch.atan2(across.norm(), end @ start)
    if across.norm() < TINY:
        across = torch.eye(len(start), dtype=x.dtype)[start.abs().argmin()]
        across = across - (across @ start) * start
    across = across / across.norm().clamp_min(1e-300)
    turned = (angle * s).cos() * start + (angle * s).sin() * across
    return (turned * ((1 - s) * norm_x + s * norm_y)).to(a.dtype)


PATHS = {"lerp": lerp, "slerp": slerp}


def route(z: Tensor, steps: int, path: PathKind) -> Tensor:
    """Through all z (K, D) in turn: ((K - 1)(steps - 1) + 1, D), each of the K once."""
    t = torch.linspace(0, 1, steps, dtype=torch.float64)
    legs = [PATHS[path](a, b, t)[:-1] for a, b in pairwise(z)]
    return torch.cat([*legs, z[-1:]])
