"""The directions of z to which a generator responds most.

They are the eigenvectors of the mean of JᵀJ over z, with J the generator's Jacobian by pixels; the
eigenvalues are the squared responses. Source: Ramesh et al. 2018, arXiv:1812.01161, take the right
singular vectors of J at one z, which are these where the mean is over that one; Härkönen et al.
2020, arXiv:2004.02546, take principal components of features instead, over many z as here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import torch
from torch import Tensor

CHUNK = 16


def mean_response(generator: Callable[[Tensor], Tensor], z: Tensor) -> Tensor:
    """The mean of JᵀJ over z (N, D), with J the Jacobian of all pixels: (D, D) float64."""
    total = torch.zeros(z.shape[1], z.shape[1], dtype=torch.float64)
    for part in z.split(CHUNK):
        columns = []
        for unit in torch.eye(z.shape[1], dtype=z.dtype):
            tangent = unit.expand_as(part).contiguous()
            slope = _slope(generator, part, tangent)
            columns.append(slope.flatten(1).double())
        jacobian = torch.stack(columns, 2).flatten(0, 1)
        total += jacobian.T @ jacobian
    return total / len(z)


def _slope(generator: Callable[[Tensor], Tensor], z: Tensor, tangent: Tensor) -> Tensor:
    """The directional derivative of each sample."""
    with warnings.catch_warnings():  # of torch to itself: its forward mode is scripted at first use
        warnings.filterwarnings("ignore", ".*torch.jit.script.*", DeprecationWarning)
        return torch.func.jvp(generator, (z,), (tangent,))[1]


def principal_directions(generator: Callable[[Tensor], Tensor], z: Tensor) -> tuple[Tensor, Tensor]:
    """Directions and how much of the response each explains.

    Args:
        generator: z (N, D) → (N, ...), each sample by itself, differentiable forwards.
        z: (N, D), where the response is looked at.

    Returns:
        Unit vectors (D, D), a row each, the strongest first, the largest coordinate of each
        positive; shares of the mean squared response (D,), whose sum is 1.
    """
    values, vectors = torch.linalg.eigh(mean_response(generator, z))
    values, rows = values.flip(0).clamp_min(0), vectors.flip(1).T
    largest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    directions = (rows * largest.sign()).to(z.dtype)
    return directions, (values / values.sum().clamp_min(1e-300)).to(z.dtype)
