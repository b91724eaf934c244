"""Numbers that say what a critic looks like: its surface, its weights, its gradients by layer."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

AXIS = torch.linspace(-3, 3, 128)
"""Of both directions; source: Gulrajani et al. 2017, arXiv:1704.00028, in the reference code."""


def surface(critic: nn.Module) -> np.ndarray:
    """f on a 128 x 128 grid over [-3, 3]²; [i, j] is at (AXIS[j], AXIS[i])."""
    return critic(torch.cartesian_prod(AXIS, AXIS))[:, 0].reshape(128, 128).T.double().numpy()


def shape_of(values: np.ndarray) -> dict[str, float]:
    """How plain a surface is: what a linear function explains of it, and its `directions`."""
    return {"linear": linear_share(values), "directions": directions(values)}


def linear_share(values: np.ndarray) -> float:
    """R²: the share of the variance that the best linear function of the place explains."""
    x, y = np.meshgrid(AXIS.numpy(), AXIS.numpy())
    design = np.stack([np.ones(x.size), x.ravel(), y.ravel()], 1)
    left = values.ravel() - design @ np.linalg.lstsq(design, values.ravel(), rcond=None)[0]
    return float(1 - left.var() / values.var()) if values.var() > 0 else 1.0


def directions(values: np.ndarray, most: float = 0.9) -> int:
    """In how few of 360 directions, each a degree wide, it rises on `most` of the square.

    1 for a plane, 4 for a pyramid, hundreds for a cone: straight level sets have few.
    """
    up, right = np.gradient(values)
    there = (up != 0) | (right != 0)
    angles = np.arctan2(up[there], right[there])
    edges = np.deg2rad(np.arange(-180, 181) - 0.5)  # a whole degree lies inside, not on an edge
    wrapped = np.where(angles >= edges[-1], angles - 2 * np.pi, angles)
    counts = np.sort(np.histogram(wrapped, edges)[0])[::-1]
    return int((counts.cumsum() < most * there.sum()).sum() + 1) if there.any() else 0


def at_the_edge(weights: Tensor, most: float) -> float:
    """The share of weights whose size is within 2 % of c."""
    return float(((weights.abs() - most).abs() <= 0.02 * most).float().mean())


def by_layer(critic: nn.Sequential, real: Tensor, fake: Tensor) -> list[float]:
    """The norm of the gradient of E f(y) - E f(x) in each layer's output, first layer first."""
    signs = torch.cat([-torch.ones(len(real)) / len(real), torch.ones(len(fake)) / len(fake)])
    x, outputs = torch.cat([real, fake]).requires_grad_(), []
    for layer in critic:
        x = layer(x)
        if isinstance(layer, nn.Linear):
            outputs.append(x)
    gradients = torch.autograd.grad((x[:, 0] * signs).sum(), outputs)
    return [float(gradient.norm()) for gradient in gradients]
