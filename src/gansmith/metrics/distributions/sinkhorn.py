"""Entropic transport: Wasserstein distances of many samples, smoothed by ε, with a known bias.

OT_ε = min over plans of Σ plan C + ε KL(plan ‖ a ⊗ b) with C_ij = |x_i - y_j|^p. It is too large:
W_p^p ≤ transport ≤ OT_ε ≤ W_p^p + ε log min(N, M), and not 0 between equal sets. The debiased
divergence S_ε = OT_ε(x, y) - ½ OT_ε(x, x) - ½ OT_ε(y, y) is 0 there and not negative, but may lie
on either side of W_p^p. Source: Cuturi 2013, arXiv:1306.0895 (in the log domain); Feydy et al.
2019, arXiv:1810.08278, equations 1 and 3. Deviation: ε is annealed from the largest cost down.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from gansmith.errors import DataError
from gansmith.metrics.distributions.transport import cost

ROWS = 1024
"""Of the costs that are worked on at a time, so that memory is little beyond theirs."""
TOLERANCE = 1e-4
"""Mass that may be out of place when it is done; OT_ε errs by much less than this part of
itself. Where ε is small, a tenth of it takes many times as long."""
MOST = 10_000
"""Iterations after which it is given up."""


class Entropic(NamedTuple):
    """What the best plan costs; all to the power p."""

    transport: float
    """Σ plan C, between W_p^p and `regularised`."""
    regularised: float
    """OT_ε, at most ε log min(N, M) above W_p^p."""
    iterations: int


def entropic(
    x: ArrayLike, y: ArrayLike, epsilon: float, p: int = 2, tolerance: float = TOLERANCE
) -> Entropic:
    """Entropic transport between samples.

    Args:
        x: (N,) or (N, D); the memory is that of N M doubles.
        y: (M,) or (M, D).
        epsilon: in the unit of the cost, such as 0.05 times its mean; smaller is closer and slower.
        p: at least 1.
        tolerance: mass that may be out of place when it is done.

    Raises:
        DataError: samples that do not fit, ε ≤ 0, or so small that it does not converge.
    """
    if not epsilon > 0:
        raise DataError(f"epsilon = {epsilon:g}: it has to be positive; see transport for ε = 0.")
    return _solved(torch.from_numpy(cost(x, y, p)), epsilon, tolerance)


def sinkhorn_divergence(
    x: ArrayLike, y: ArrayLike, epsilon: float, p: int = 2, tolerance: float = TOLERANCE
) -> float:
    """S_ε(x, y) ≥ 0, and 0 for equal sets: tends to W_p^p for small ε. See `entropic`.

    Examples:
        >>> sinkhorn_divergence([0.0, 1.0], [0.0, 1.0], epsilon=0.1)
        0.0
    """
    between, of_x, of_y = (
        entropic(*both, epsilon, p, tolerance) for both in ((x, y), (x, x), (y, y))
    )
    apart = between.regularised - (of_x.regularised + of_y.regularised) / 2
    return max(0.0, apart)


def _solved(costs: Tensor, epsilon: float, tolerance: float) -> Entropic:
    g = costs.new_zeros(costs.shape[1])
    annealed = max(float(costs.max()), epsilon)
    while annealed > epsilon:
        g = _softmin(costs.T, _softmin(costs, g, annealed), annealed)
        annealed /= 2
    f, out_of_place = _softmin(costs, g, epsilon), costs.new_ones(())
    for iteration in range(1, MOST + 1):
        g = _softmin(costs.T, f, epsilon)
        renewed = _softmin(costs, g, epsilon)
        # The plan of f and g has the right columns; its rows are off by this factor.
        out_of_place = ((f - renewed) / epsilon).exp().sub(1).abs().mean()
        if out_of_place <= tolerance:
            value = float(f.mean() + g.mean())
            return Entropic(_transport(costs, f, g, epsilon), value, iteration)
        f = renewed
    raise DataError(
        f"Sinkhorn has not converged after {MOST:,} iterations: {float(out_of_place):.1g} of the "
        f"mass is out of place. Take an epsilon larger than {epsilon:g}."
    )


def _softmin(costs: Tensor, g: Tensor, epsilon: float) -> Tensor:
    """f_i = -ε log mean_j exp((g_j - C_ij) / ε)."""
    chunks = [((g - rows) / epsilon).logsumexp(1) for rows in costs.split(ROWS)]
    return -epsilon * (torch.cat(chunks) - math.log(len(g)))


def _transport(costs: Tensor, f: Tensor, g: Tensor, epsilon: float) -> float:
    """Σ plan C with plan_ij = exp((f_i + g_j - C_ij) / ε) / (N M)."""
    total = 0.0
    for rows, of_rows in zip(costs.split(ROWS), f.split(ROWS), strict=True):
        total += float((((of_rows[:, None] + g - rows) / epsilon).exp() * rows).sum())
    return total / costs.numel()
