"""Gradient penalties, by `torch.func.grad`, so that they run plainly, under `vmap` and compiled.

Each takes `score`, a function of samples (N, ...) to scores (N, 1) or (N,), whose value for a
sample may depend on no other sample: a critic with batch normalisation has no such gradient.
Under autocast the score runs in the lower precision and the norm in float32.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gansmith.errors import ConfigError

Score = Callable[[Tensor], Tensor]


def squared_gradient_norms(score: Score, x: Tensor) -> Tensor:
    """‖∇ₓ score(x)‖² of each sample, over all dimensions but the first: (N,)."""
    return scores_and_squared_norms(score, x)[1]


def scores_and_squared_norms(score: Score, x: Tensor) -> tuple[Tensor, Tensor]:
    """score(x) and the squared norms of its gradient, (N,), by one forward pass for both."""

    def summed(x: Tensor) -> tuple[Tensor, Tensor]:
        scores = score(x)
        return scores.sum(), scores

    gradient, scores = torch.func.grad(summed, has_aux=True)(x)
    return scores, gradient.flatten(1).float().square().sum(1)


def gradient_penalty(score: Score, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """E (‖∇ score(x̂)‖₂ - 1)² at x̂ = ε x + (1 - ε) G(z), with one ε a sample.

    Args:
        score: the critic.
        real: (N, ...).
        fake: (N, ...), like `real`.
        mix: ε, (N,) in [0, 1).

    Source: Gulrajani et al. 2017, arXiv:1704.00028, Algorithm 1, lines 6 and 7. Deviation: 1e-12
    inside the root keeps the gradient finite where the norm is 0.
    """
    epsilon = mix.reshape(-1, *[1] * (real.dim() - 1))
    norms = (squared_gradient_norms(score, fake + epsilon * (real - fake)) + 1e-12).sqrt()
    return (norms - 1).square().mean()


def zero_centred_penalty(score: Score, x: Tensor) -> Tensor:
    """½ E ‖∇ₓ score(x)‖²: R1 at real samples, R2 at generated ones.

    Source: Mescheder et al. 2018, arXiv:1801.04406, equations 9 and 10, without the weight γ.
    """
    return squared_gradient_norms(score, x).mean() / 2


def refuse_batch_norm(norm: str, weight: float) -> None:
    """Refuse R1 where batch normalisation gives no sample's score a gradient of its own.

    Raises:
        ConfigError: the norm is "batch" and the penalty has a weight.
    """
    if weight and norm == "batch":
        raise ConfigError(
            f"--r1-weight {weight:g}: with batch normalisation in the discriminator no sample's "
            "score has a gradient of its own. Give --discriminator-norm spectral or none."
        )


def scores_r1_and_r2(score: Score, both: Tensor, weight: float) -> tuple[Tensor, dict[str, Tensor]]:
    """score(both) and weight times ½ E ‖∇ score‖² of each half, by one forward pass.

    Args:
        score: the critic.
        both: (2N, ...), real samples and then generated ones.
        weight: γ.

    Source: Huang et al. 2024, arXiv:2501.05441, equation 3.
    """
    scores, norms = scores_and_squared_norms(score, both)
    real, fake = (norms * (weight / 2)).chunk(2)
    return scores, {"r1": real.mean(), "r2": fake.mean()}


@torch.no_grad()
def clip_weights(network: nn.Module, most: float) -> None:
    """Every parameter into [-most, most]: so bounded, the critic is K-Lipschitz for some K.

    Source: Arjovsky et al. 2017, arXiv:1701.07875, Algorithm 1, line 7.
    """
    for parameter in network.parameters():
        parameter.clamp_(-most, most)
