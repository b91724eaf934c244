"""Log-likelihoods and divergences against torch's distributions."""

from __future__ import annotations

import math

import torch
from torch.testing import assert_close

from gansmith.likelihoods import (
    bernoulli,
    gaussian_kl,
    log_bernoulli,
    log_prior_over_posterior,
)


def test_bernoulli_is_the_log_probability_of_a_bit():
    x, logits = torch.tensor([[1.0, -1.0, 1.0]]), torch.tensor([[0.3, -2.0, 4.0]])
    probability = logits.sigmoid()
    each = torch.stack([probability[0, 0], 1 - probability[0, 1], probability[0, 2]])
    assert_close(bernoulli(x, logits), -each.log().sum())
    assert_close(bernoulli(torch.zeros(5, 1, 2, 2), torch.zeros(5, 1, 2, 2)),
                 torch.tensor(4 * math.log(2)))  # fmt: skip


def test_the_divergence_of_gaussians_is_torchs():
    mean, log_variance = torch.randn(6, 4), torch.randn(6, 4)
    q = torch.distributions.Normal(mean, (log_variance / 2).exp())
    prior = torch.distributions.Normal(torch.zeros(4), torch.ones(4))
    wanted = torch.distributions.kl_divergence(q, prior).sum(1).mean()
    assert_close(gaussian_kl(mean, log_variance), wanted)


def test_each_image_has_the_log_probability_of_all_its_bits():
    x, logits = torch.randint(0, 2, (5, 1, 3, 3)) * 2.0 - 1, torch.randn(5, 1, 3, 3)
    bits = torch.distributions.Bernoulli(logits=logits)
    assert_close(log_bernoulli(x, logits), bits.log_prob((x + 1) / 2).sum((1, 2, 3)))
    assert_close(bernoulli(x, logits), -log_bernoulli(x, logits).mean())


def test_prior_over_posterior_is_the_difference_of_log_densities():
    mean, log_variance, epsilon = torch.randn(4, 3), torch.randn(4, 3), torch.randn(6, 4, 3)
    z = mean + (log_variance / 2).exp() * epsilon
    normal = torch.distributions.Normal
    prior, posterior = normal(0.0, 1.0), normal(mean, (log_variance / 2).exp())
    wanted = (prior.log_prob(z) - posterior.log_prob(z)).sum(-1)
    assert_close(log_prior_over_posterior(z, epsilon, log_variance), wanted, rtol=1e-4, atol=1e-4)
