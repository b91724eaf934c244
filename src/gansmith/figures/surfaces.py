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
    """What a linear and a quadratic function explain of a surface, and its peaks.

    Shares of the variance in [0, 1]; a peak is higher than all 24 places around it.
    """
    x, y = np.meshgrid(AXIS.numpy(), AXIS.numpy())
    linear = [np.ones_like(x), x, y]
    shares = {
        name: explained(values, terms)
        for name, terms in (("linear", linear), ("quadratic", [*linear, x * x, x * y, y * y]))
    }
    return shares | {"peaks": peaks(values)}


def explained(values: np.ndarray, terms: list[np.ndarray]) -> float:
    """R²: the share of the variance that the best sum of these terms explains."""
    design = np.stack([term.ravel() for term in terms], 1)
    left = values.ravel() - design @ np.linalg.lstsq(design, values.ravel(), rcond=None)[0]
    return float(1 - left.var() / values.var()) if values.var() > 0 else 1.0


def peaks(values: np.ndarray, reach: int = 2) -> int:
    """Places inside the grid that are higher than all others within this reach."""
    windows = np.lib.stride_tricks.sliding_window_view(values, (2 * reach + 1,) * 2)
    around = windows.reshape(*windows.shape[:2], -1)
    middle = values[reach:-reach, reach:-reach]
    return int(((around < middle[..., None]).sum(-1) == around.shape[-1] - 1).sum())


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
