"""Adversarial losses as pure functions of scores; one convention of signs: all are minimised.

A score is a logit for the discriminator losses and an unbounded value for the critic loss; each
function takes scores of any shape and returns a scalar, or a dict of scalar terms whose sum is
the discriminator's loss.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor


class AdversarialLoss(NamedTuple):
    """The two sides of one game."""

    discriminator: Callable[[Tensor, Tensor], dict[str, Tensor]]
    """(scores of real samples, scores of generated samples) → terms."""
    generator: Callable[[Tensor], Tensor]
    """Scores of generated samples → loss."""


def logistic_discriminator(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """-E log D(x) - E log(1 - D(G(z))) from logits, D = sigmoid(logit).

    At D = 1/2 each term is log 2. Source: Goodfellow et al. 2014, arXiv:1406.2661, equation 1,
    with softplus(-l) = -log sigmoid(l), which does not overflow.
    """
    return {"real": F.softplus(-real).mean(), "fake": F.softplus(fake).mean()}


def minimax_generator(fake: Tensor) -> Tensor:
    """E log(1 - D(G(z))) = -E softplus(l); its gradient -sigmoid(l)/n vanishes when D wins.

    Source: Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """
    return -F.softplus(fake).mean()


def non_saturating_generator(fake: Tensor) -> Tensor:
    """-E log D(G(z)) = E softplus(-l); its gradient (sigmoid(l) - 1)/n stays when D wins.

    Source: Goodfellow et al. 2014, arXiv:1406.2661, section 3.
    """
    return F.softplus(-fake).mean()


def wasserstein_critic(real: Tensor, fake: Tensor) -> Tensor:
    """E f(G(z)) - E f(x): minus the critic's estimate of the earth mover's distance.

    Source: Arjovsky et al. 2017, arXiv:1701.07875, Algorithm 1, with the sign turned so that it is
    minimised.
    """
    return fake.mean() - real.mean()


def wasserstein_generator(fake: Tensor) -> Tensor:
    """-E f(G(z)). Source: Arjovsky et al. 2017, arXiv:1701.07875, Algorithm 1."""
    return -fake.mean()


def hinge_discriminator(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z))): no gradient beyond the margins 1 and -1.

    Its generator minimises -E D(G(z)). Source: Lim and Ye 2017, arXiv:1705.02894, section 3, and
    Miyato et al. 2018, arXiv:1802.05957, equations 16 and 17.
    """
    return {"real": F.relu(1 - real).mean(), "fake": F.relu(1 + fake).mean()}


def accuracy(real: Tensor, fake: Tensor) -> Tensor:
    """The share of real samples scored above 0 and of generated ones below 0, averaged."""
    return ((real > 0).float().mean() + (fake < 0).float().mean()) / 2


def verdict(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """What a discriminator that says real above 0 and generated below is logged by."""
    means = {"real_score": real.mean(), "fake_score": fake.mean()}
    return {**means, "accuracy": accuracy(real, fake)}


def relativistic(sample: Tensor, other: Tensor) -> Tensor:
    """E softplus(-(f(sample) - f(other))), pair by pair: log 2 where the scores are equal.

    The critic minimises it with (real, fake), the generator with (fake, real). Only differences
    count, so that scores have no zero of their own.

    Source: Huang et al. 2024, arXiv:2501.05441, equation 2, with softplus(-t) = -log sigmoid(t),
    after Jolicoeur-Martineau 2018, arXiv:1807.00734.
    """
    return F.softplus(other - sample).mean()


def least_squares(fake_label: float, real_label: float, wanted: float) -> AdversarialLoss:
    """½ E (D(x) - b)² + ½ E (D(G(z)) - a)² and ½ E (D(G(z)) - c)² from plain scores, no sigmoid.

    With (a, b, c) = (0, 1, 1), at the equilibrium D = ½ the discriminator's loss is ¼ and the
    generator's ⅛; with (-1, 1, 0) the generator descends a Pearson χ² divergence.

    Source: Mao et al. 2016, arXiv:1611.04076, equations 2, 8 and 9.

    Args:
        fake_label: a.
        real_label: b.
        wanted: c, what the generator wants its samples to be taken for.
    """

    def discriminator(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        terms = {"real": real - real_label, "fake": fake - fake_label}
        return {name: error.square().mean() / 2 for name, error in terms.items()}

    return AdversarialLoss(discriminator, lambda fake: (fake - wanted).square().mean() / 2)


def absolute_error(x: Tensor, made: Tensor) -> Tensor:
    """L(x) = E |x - D(x)|, the mean over pixels: how badly an auto-encoder D makes images anew.

    Source: Berthelot et al. 2017, arXiv:1703.10717, equation 1 with η = 1.
    """
    return (x - made).abs().mean()


def boundary_equilibrium(real: Tensor, fake: Tensor, k: Tensor) -> dict[str, Tensor]:
    """L(x) - k L(G(z)) from both errors, scalars; its other side is L(G(z)) itself.

    Source: Berthelot et al. 2017, arXiv:1703.10717, equation 13.
    """
    return {"real": real, "fake": -k * fake}


def convergence(real: Tensor, fake: Tensor, gamma: float) -> Tensor:
    """M = L(x) + |γ L(x) - L(G(z))|, from both errors; 0 where all is made anew without error.

    Source: Berthelot et al. 2017, arXiv:1703.10717, section 3.4.1.
    """
    return real + (gamma * real - fake).abs()


def realness(logits: Tensor) -> Tensor:
    """Z = log Σ exp l of K logits (N, K): the logit of "real" where the K+1-th one is fixed at 0.

    The softmax over K + 1 classes is the K logits' own, times D = sigmoid(Z). Returns (N,).

    Source: Salimans et al. 2016, arXiv:1606.03498, section 5, D(x) = Z / (Z + 1) with Z = Σ exp l.
    """
    return torch.logsumexp(logits, -1)


def labelled(logits: Tensor, y: Tensor) -> Tensor:
    """-E log p(y | x, real) = E [Z - l_y] from K logits (N, K) and classes (N,).

    Source: Salimans et al. 2016, arXiv:1606.03498, section 5, L_supervised.
    """
    return F.cross_entropy(logits, y)


def unlabelled(real: Tensor, fake: Tensor, weight: float = 1.0) -> dict[str, Tensor]:
    """w/2 E [-Z + softplus(Z)] of real samples and w/2 E softplus(Z) of generated ones.

    Half of the logistic loss of a discriminator D = sigmoid(Z), Z being `realness`: at D = 1/2 each
    term is w/2 log 2. Source: Salimans et al. 2016, arXiv:1606.03498, section 5, L_unsupervised;
    the halves and the weight are those of the authors' code.
    """
    terms = logistic_discriminator(real, fake)
    return {name: weight * term / 2 for name, term in terms.items()}


def shares_seen_through(real: Tensor, fake: Tensor) -> dict[str, Tensor]:
    """What `verdict` tells, with the shares judged rightly apart: real above 0, fake below."""
    shares = {"judged_real": real > 0, "judged_fake": fake < 0}
    means = {name: right.float().mean() for name, right in shares.items()}
    return {"real_score": real.mean(), "fake_score": fake.mean(), **means}


def class_asked_for(logits: Tensor, y: Tensor) -> Tensor:
    """-E log p(y | G(z, y)) over K + 1 classes = E [softplus(Z) - l_y], from K logits (N, K).

    It is 0 where the discriminator says class y of each sample, neither another nor generated.
    """
    chosen = logits.gather(-1, y[:, None])[:, 0]
    return (F.softplus(realness(logits)) - chosen).mean()


def feature_matching(real: Tensor, fake: Tensor) -> Tensor:
    """‖E f(x) - E f(G(z))‖² from features (N, F) of real and (M, F) of generated samples.

    Source: Salimans et al. 2016, arXiv:1606.03498, section 3.1.
    """
    return (real.float().mean(0) - fake.float().mean(0)).square().sum()


MINIMAX = AdversarialLoss(logistic_discriminator, minimax_generator)
NON_SATURATING = AdversarialLoss(logistic_discriminator, non_saturating_generator)
HINGE = AdversarialLoss(hinge_discriminator, wasserstein_generator)
LOSSES = {"non-saturating": NON_SATURATING, "minimax": MINIMAX, "hinge": HINGE}
"""Games of a discriminator that says real above 0 and generated below."""
