"""Log-likelihoods and divergences of codes and images, in nats: the terms of bounds on log p(x)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def bernoulli(x: Tensor, logits: Tensor) -> Tensor:
    """-E Σ log p(x) of images x in [-1, 1] taken for probabilities (x + 1)/2; nats an image.

    Source: Kingma and Welling 2013, arXiv:1312.6114, appendix C.1, with logits in place of y.
    """
    return -log_bernoulli(x, logits).mean()


def log_bernoulli(x: Tensor, logits: Tensor) -> Tensor:
    """Σ log p(x) of each image x in [-1, 1] taken for probabilities (x + 1)/2: (N,), nats."""
    each = F.binary_cross_entropy_with_logits(logits, (x + 1) / 2, reduction="none")
    return -each.flatten(1).sum(1)


def gaussian_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) || N(0, 1)) = -½ E Σ (1 + log σ² - μ² - σ²): over dimensions summed; nats.

    Source: Kingma and Welling 2013, arXiv:1312.6114, appendix B.
    """
    each = 1 + log_variance - mean.square() - log_variance.exp()
    return -each.sum(1).mean() / 2


def log_prior_over_posterior(z: Tensor, epsilon: Tensor, log_variance: Tensor) -> Tensor:
    """log N(z; 0, 1) - log N(z; μ, σ²) at z = μ + σ ε, summed over the last dimension; nats.

    Its mean over ε is -KL. Source: Burda et al. 2015, arXiv:1509.00519, equation 8 with a standard
    normal prior: log w = log p(x|z) + this.
    """
    return (epsilon.square() - z.square() + log_variance).sum(-1) / 2
