"""Bounds on the likelihood, against exact ones: by quadrature and in closed form."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import gansmith
from gansmith.evaluation.evaluation import Wanted, evaluate
from gansmith.likelihoods import gaussian_kl
from gansmith.method import LikelihoodBound, Networks
from gansmith.methods.gan import GAN
from gansmith.methods.vae import VAE
from gansmith.metrics.given import Likelihood
from gansmith.metrics.images.bound import bounds, unit_variances
from gansmith.metrics.likelihood import likelihood_of
from gansmith.training.state import build_networks

SLOPE, NOISE = torch.tensor([1.5, -0.5, 0.3]), 0.4


def linear_gaussian(mean_off: float = 0.0, widened: float = 1.0) -> Likelihood:
    """x = SLOPE z + NOISE ε with z ~ N(0, 1); q is the true posterior, or one that is off."""
    precision = 1 + float(SLOPE.square().sum()) / NOISE**2
    log_variance = torch.tensor(math.log(widened / precision))

    def means(x):
        return (x @ SLOPE)[:, None] / NOISE**2 / precision + mean_off

    def log_weights(x, epsilon):
        z = means(x) + (log_variance / 2).exp() * epsilon
        normal = torch.distributions.Normal
        likelihood = normal(z * SLOPE, NOISE).log_prob(x).sum(-1)
        prior, posterior = normal(0.0, 1.0), normal(means(x), (log_variance / 2).exp())
        return likelihood + (prior.log_prob(z) - posterior.log_prob(z)).sum(-1)

    return Likelihood(means, log_weights)


def points(n=50):
    random = torch.Generator().manual_seed(1)
    z, noise = torch.randn(n, 1, generator=random), torch.randn(n, 3, generator=random)
    return z * SLOPE + NOISE * noise


def exact(x):
    covariance = torch.outer(SLOPE, SLOPE) + NOISE**2 * torch.eye(3)
    return torch.distributions.MultivariateNormal(torch.zeros(3), covariance).log_prob(x)


def test_with_the_true_posterior_every_bound_is_the_likelihood():
    for bound in bounds(linear_gaussian(), 1, points(), weights=3):
        torch.testing.assert_close(bound, exact(points()).double(), atol=1e-4, rtol=1e-5)


def test_the_bounds_stand_in_their_order_below_the_likelihood():
    x = points()
    wrong = linear_gaussian(0.3, 2.0)
    elbo, few = (one.mean() for one in bounds(wrong, 1, x, 10))
    many = bounds(wrong, 1, x, 2000)[1].mean()
    assert elbo < few < many < exact(x).mean() + 0.01
    precision = 1 + float(SLOPE.square().sum()) / NOISE**2
    gap = (2.0 - 1 - math.log(2.0) + 0.3**2 * precision) / 2  # KL(q || posterior), both normal
    assert float(exact(x).mean() - bounds(wrong, 1, x, 2000)[0].mean()) == pytest.approx(gap, 0.03)
    assert float(many) == pytest.approx(float(exact(x).mean()), abs=0.01)


def test_one_weight_gives_the_elbo():
    elbo, weighted = bounds(linear_gaussian(0.3), 1, points(), weights=1)
    torch.testing.assert_close(elbo, weighted)


def small_vae() -> tuple[VAE, Networks]:
    """A VAE with one unit, whose encoder and decoder are not zero."""
    method = VAE(z_dim=1, hidden=(8,))
    spec = gansmith.data.open_data("mnist").spec
    nets = build_networks(method, spec, 0).eval()
    for module in nets["decoder"].modules():
        if isinstance(module, nn.Linear):
            module.weight.data *= 3.0
    return method, nets


def digits(n):
    return gansmith.data.open_data("mnist").take(torch.arange(n)).x


@torch.no_grad()
def test_a_vaes_bounds_lie_below_the_likelihood_by_quadrature():
    """p(x) = ∫ p(x|z) N(z; 0, 1) dz over one unit, on a fine grid."""
    method, nets = small_vae()
    x, z = digits(6), torch.linspace(-8, 8, 4001)[:, None]
    q = nets["decoder"](z).sigmoid().clamp(1e-7, 1 - 1e-7).flatten(1).double()
    p = (x.flatten(1).double() + 1) / 2
    log_likelihood = q.log() @ p.T + (1 - q).log() @ (1 - p).T
    prior = -z.double().square() / 2 - math.log(2 * math.pi) / 2
    true = (log_likelihood + prior).logsumexp(0) + math.log(16 / 4000)
    likelihood = likelihood_of(method, nets)
    assert likelihood is not None
    elbo, weighted = bounds(likelihood, 1, x, 4000)
    assert (elbo <= weighted).all() and (elbo < true).all()
    torch.testing.assert_close(weighted, true, atol=0.3, rtol=0.0)


@torch.no_grad()
def test_a_vaes_weights_are_its_loss():
    """Mean of log w = -(reconstruction + KL), with KL of the same codes in place of its mean."""
    method, nets = small_vae()
    x, labels = digits(4), torch.zeros(4, dtype=torch.long)
    epsilon = torch.randn(5, 4, 1, generator=torch.Generator().manual_seed(2))
    batch = gansmith.batch.LabeledImages(x, labels)
    elbos = torch.stack([method.bound(nets, batch, {"epsilon": e}).stats["elbo"] for e in epsilon])
    mean, log_variance = method.posterior(nets, x)
    deviation = (log_variance / 2).exp()
    normal = torch.distributions.Normal
    z = mean + deviation * epsilon
    of_codes = normal(0.0, 1.0).log_prob(z) - normal(mean, deviation).log_prob(z)
    weights = method.log_weights(nets, x, epsilon)
    exact_kl = gaussian_kl(mean, log_variance)
    torch.testing.assert_close(weights.mean(1) - of_codes.sum(-1).mean(1) - exact_kl, elbos)


def test_units_in_use_are_those_whose_mean_moves():
    scale = torch.tensor([1.0, 0.2, 0.05, 0.0])
    means = torch.randn(4000, 4, generator=torch.Generator().manual_seed(0)) * scale
    variances = unit_variances(Likelihood(lambda x: x, lambda x, e: e), means)
    np.testing.assert_allclose(variances, scale.square(), rtol=0.1)
    assert (variances > 0.01).sum() == 2


def test_methods_without_an_encoder_bound_nothing():
    assert isinstance(VAE(), LikelihoodBound) and not isinstance(GAN(), LikelihoodBound)
    assert likelihood_of(GAN(), nn.ModuleDict()) is None


def test_evaluate_measures_the_bound_of_a_vae(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("gansmith.metrics.images.bound.WEIGHTS", 4)
    how = {"hidden": (8,), "z_dim": 2, "batch_size": 8, "steps": 2, "device": "cpu"}
    run = gansmith.train("vae", run=tmp_path / "run", **how)
    made = evaluate(run, Wanted(n=20, features="random", measures=("bound",)))
    assert made["elbo"].value <= made["iw_bound"].value < 0 and made["elbo"].n == 1000
    assert 0 <= made["active_units"].value <= 2


def test_evaluate_says_why_a_gan_has_no_bound(tiny_run: Path):
    wanted = Wanted(n=20, features="random", measures=("bound",))
    assert "bounds no likelihood" in evaluate(gansmith.load(tiny_run), wanted).left_out["bound"]
