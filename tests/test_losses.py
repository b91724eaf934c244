"""Adversarial losses against their closed forms, torch's cross entropy and the theory of games."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.testing import assert_close

from gansmith.losses import (
    HINGE,
    MINIMAX,
    NON_SATURATING,
    accuracy,
    hinge_discriminator,
    least_squares,
    logistic_discriminator,
    minimax_generator,
    non_saturating_generator,
    relativistic,
    wasserstein_critic,
    wasserstein_generator,
)

LOGITS = torch.linspace(-6, 6, 13)
LOSSES = {
    "logistic": lambda real, fake: sum(logistic_discriminator(real, fake).values()),
    "minimax": lambda real, fake: minimax_generator(fake),
    "non-saturating": lambda real, fake: non_saturating_generator(fake),
    "hinge": lambda real, fake: sum(hinge_discriminator(real, fake).values()),
    "accuracy": accuracy,
    "critic": wasserstein_critic,
    "wasserstein": lambda real, fake: wasserstein_generator(fake),
    "relativistic": relativistic,
}


def gradient(loss: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    """By autograd."""
    at = at.clone().requires_grad_()
    return torch.autograd.grad(loss(at), at)[0]


def test_losses_where_the_discriminator_cannot_tell():
    zeros = torch.zeros(4)
    terms = logistic_discriminator(zeros, zeros)
    assert_close(terms, {"real": torch.tensor(math.log(2)), "fake": torch.tensor(math.log(2))})
    assert_close(minimax_generator(zeros), torch.tensor(-math.log(2)))
    assert_close(non_saturating_generator(zeros), torch.tensor(math.log(2)))
    assert wasserstein_critic(zeros, zeros) == wasserstein_generator(zeros) == 0


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("shape", [(12, 1), (3, 1, 2, 2)], ids=str)
def test_scores_may_have_any_shape(loss, shape):
    real, fake = LOGITS[:12], LOGITS[1:]
    together = loss(real.reshape(shape), fake.reshape(shape))
    assert together.shape == ()
    assert_close(together, loss(real, fake))


def test_logistic_losses_are_binary_cross_entropies():
    real, fake = LOGITS, LOGITS.flip(0) / 2
    cross_entropy = F.binary_cross_entropy_with_logits
    as_real, as_fake = cross_entropy(fake, 1 + 0 * fake), cross_entropy(fake, 0 * fake)
    terms = logistic_discriminator(real, fake)
    assert_close(terms, {"real": cross_entropy(real, torch.ones_like(real)), "fake": as_fake})
    assert_close(minimax_generator(fake), -as_fake)
    assert_close(non_saturating_generator(fake), as_real)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (lambda score: logistic_discriminator(score, LOGITS)["real"], LOGITS.sigmoid() - 1),
        (lambda score: logistic_discriminator(LOGITS, score)["fake"], LOGITS.sigmoid()),
        (minimax_generator, -LOGITS.sigmoid()),
        (non_saturating_generator, LOGITS.sigmoid() - 1),
        (lambda score: wasserstein_critic(score, LOGITS), -torch.ones(13)),
        (lambda score: wasserstein_critic(LOGITS, score), torch.ones(13)),
        (wasserstein_generator, -torch.ones(13)),
    ],
    ids=["real", "fake", "minimax", "non-saturating", "critic-real", "critic-fake", "wasserstein"],
)
def test_gradient_of_each_score(loss, expected):
    assert_close(gradient(loss, LOGITS), expected / len(LOGITS))


def test_only_the_minimax_gradient_vanishes_when_the_discriminator_wins():
    fake = torch.tensor([-20.0])
    assert gradient(minimax_generator, fake).abs().item() == pytest.approx(math.exp(-20), rel=1e-4)
    assert gradient(non_saturating_generator, fake).item() == pytest.approx(-1, abs=1e-6)


@pytest.mark.parametrize(
    ("loss", "low", "high"),
    [
        (lambda score: logistic_discriminator(score, score)["real"], 100.0, 0.0),
        (lambda score: logistic_discriminator(score, score)["fake"], 0.0, 100.0),
        (minimax_generator, 0.0, -100.0),
        (non_saturating_generator, 100.0, 0.0),
    ],
    ids=["real", "fake", "minimax", "non-saturating"],
)
def test_extreme_logits_reach_the_right_limit(loss, low, high):
    for logit, expected in ((-100.0, low), (100.0, high)):
        at = torch.tensor([logit])
        assert_close(loss(at), torch.tensor(expected))
        slope = gradient(loss, at)
        assert_close(slope, torch.tensor([(high - low) / 100 if abs(expected) > 1 else 0.0]))


def test_minimax_is_a_zero_sum_game():
    real, fake = LOGITS, LOGITS.flip(0) / 3
    terms = MINIMAX.discriminator(real, fake)
    assert_close(MINIMAX.generator(fake), -terms["fake"])
    against = gradient(lambda score: sum(MINIMAX.discriminator(real, score).values()), fake)
    assert_close(gradient(MINIMAX.generator, fake), -against)


def test_the_non_saturating_generator_wants_the_same_with_another_force():
    ratio = gradient(NON_SATURATING.generator, LOGITS) / gradient(MINIMAX.generator, LOGITS)
    assert_close(ratio, (-LOGITS).exp())  # (1 - D) / D
    assert NON_SATURATING.discriminator(LOGITS, LOGITS) == MINIMAX.discriminator(LOGITS, LOGITS)


def test_the_best_discriminator_measures_the_jensen_shannon_divergence():
    real, fake = torch.tensor([0.5, 0.25, 0.25]), torch.tensor([0.125, 0.25, 0.625])
    middle = (real + fake) / 2
    divergence = ((real * (real / middle).log()).sum() + (fake * (fake / middle).log()).sum()) / 2
    best = (real / fake).log()
    counts = (8 * real).long(), (8 * fake).long()  # eight samples in exact proportion
    terms = logistic_discriminator(*(best.repeat_interleave(count) for count in counts))
    assert_close(sum(terms.values()), 2 * math.log(2) - 2 * divergence)


def test_signs_of_the_critic():
    real, fake = LOGITS, LOGITS.flip(0)
    before = wasserstein_critic(real, fake)
    assert_close(wasserstein_critic(real + 0.5, fake), before - 0.5)
    assert_close(wasserstein_critic(real, fake + 0.5), before + 0.5)
    assert_close(wasserstein_generator(fake + 0.5), wasserstein_generator(fake) - 0.5)
    assert_close(wasserstein_critic(real + 3, fake + 3), before)


@pytest.mark.parametrize("shift", [-2.0, 0.75])
def test_the_best_critic_of_a_shift_estimates_its_length(shift):
    real = torch.linspace(-1, 1, 9)
    best = -math.copysign(1.0, shift) * torch.stack([real, real + shift])
    assert_close(-wasserstein_critic(*best), torch.tensor(abs(shift)))


def test_hinge_values():
    real, fake = torch.tensor([-1.0, 0.0, 0.5, 1.0, 3.0]), torch.tensor([-3.0, -1.0, 0.0, 2.0])
    terms = hinge_discriminator(real, fake)
    assert_close(terms["real"], torch.tensor((2 + 1 + 0.5) / 5))
    assert_close(terms["fake"], torch.tensor((1 + 3) / 4))
    assert_close(HINGE.generator(fake), -fake.mean())


def test_the_hinge_has_no_gradient_beyond_its_margins():
    scores = torch.tensor([-4.0, -1.5, -0.5, 0.5, 1.5, 4.0])
    real = gradient(lambda score: HINGE.discriminator(score, LOGITS)["real"], scores)
    fake = gradient(lambda score: HINGE.discriminator(LOGITS, score)["fake"], scores)
    assert_close(real, -torch.tensor([1.0, 1, 1, 1, 0, 0]) / 6)
    assert_close(fake, torch.tensor([0.0, 0, 1, 1, 1, 1]) / 6)


def test_within_the_margins_the_hinge_is_the_critics_loss():
    real, fake = torch.linspace(-1, 1, 7), torch.linspace(-0.5, 0.9, 7)
    expected = 2 + wasserstein_critic(real, fake)
    assert_close(sum(HINGE.discriminator(real, fake).values()), expected)


def test_the_best_hinge_discriminator_measures_the_total_variation():
    """At D = sign(p - q) the loss is 2 - ∫ |p - q|; Lim and Ye 2017, section 3."""
    real, fake = torch.tensor([0.5, 0.25, 0.25]), torch.tensor([0.125, 0.25, 0.625])
    counts = (8 * real).long(), (8 * fake).long()  # eight samples in exact proportion
    best = torch.sign(real - fake)
    terms = HINGE.discriminator(*(best.repeat_interleave(count) for count in counts))
    assert_close(sum(terms.values()), 2 - (real - fake).abs().sum())


def test_accuracy_is_the_mean_of_two_shares():
    real, fake = torch.tensor([2.0, 0.1, -1.0, 3.0]), torch.tensor([-1.0, 0.5, 2.0, 4.0, 1.0])
    assert_close(accuracy(real, fake), torch.tensor((3 / 4 + 1 / 5) / 2))
    assert accuracy(torch.ones(3), -torch.ones(3)) == 1
    assert accuracy(torch.zeros(3), torch.zeros(3)) == 0


def test_least_squares_at_its_equilibrium():
    loss, half = least_squares(0, 1, 1), torch.full((7,), 0.5)
    assert_close(sum(loss.discriminator(half, half).values()), torch.tensor(0.25))
    assert_close(loss.generator(half), torch.tensor(0.125))


@pytest.mark.parametrize(("a", "b", "c"), [(0, 1, 1), (-1, 1, 0)])
def test_least_squares_and_its_gradients(a, b, c):
    loss = least_squares(a, b, c)
    terms = loss.discriminator(LOGITS, LOGITS)
    assert_close(terms["real"], F.mse_loss(LOGITS, torch.full_like(LOGITS, b)) / 2)
    assert_close(terms["fake"], F.mse_loss(LOGITS, torch.full_like(LOGITS, a)) / 2)
    assert_close(gradient(loss.generator, LOGITS), (LOGITS - c) / len(LOGITS))


def test_pearson_labels_measure_a_pearson_divergence():
    """At D = (b p + a q)/(p + q), the generator's loss is ½ χ²(p + q || 2 q); theorem 1."""
    p, q = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.2, 0.2, 0.6])
    best = (p - q) / (p + q)
    loss = (p * best.square() + q * best.square()).sum() / 2
    divergence = ((2 * q - (p + q)).square() / (p + q)).sum()
    assert_close(2 * loss, divergence)
    scores, loss_of = best.clone().requires_grad_(), least_squares(-1, 1, 0)
    real = sum(p[i] * loss_of.discriminator(scores[i], scores[i])["real"] for i in range(3))
    fake = sum(q[i] * loss_of.discriminator(scores[i], scores[i])["fake"] for i in range(3))
    assert_close(torch.autograd.grad(real + fake, scores)[0], torch.zeros(3), atol=1e-7, rtol=0)


def test_labels_of_plus_and_minus_one_are_the_critics_loss():
    """The lecture's form: the mean of label times score, -1 for real and 1 for generated ones."""
    scores = torch.cat([LOGITS, LOGITS.flip(0) * 2])
    labels = torch.cat([-torch.ones(13), torch.ones(13)])
    assert_close(2 * (labels * scores).mean(), wasserstein_critic(LOGITS, LOGITS.flip(0) * 2))


def test_the_relativistic_loss_is_that_of_a_logit_that_is_a_difference():
    real, fake = LOGITS, LOGITS.flip(0) / 3
    assert_close(relativistic(real, real), torch.tensor(math.log(2)))
    difference = real - fake
    cross_entropy = F.binary_cross_entropy_with_logits(difference, torch.ones_like(difference))
    assert_close(relativistic(real, fake), cross_entropy)


def test_the_relativistic_gradients_are_equal_and_opposite():
    real, fake = LOGITS, LOGITS.flip(0) / 3
    pull = torch.sigmoid(fake - real) / len(real)  # to the critic, how unlikely the pair's order is
    assert_close(gradient(lambda x: relativistic(x, fake), real), -pull)
    assert_close(gradient(lambda x: relativistic(real, x), fake), pull)
    push = torch.sigmoid(real - fake) / len(real)  # the generator's, on the samples that it made
    assert_close(gradient(lambda x: relativistic(x, real), fake), -push)


def test_only_differences_of_scores_count():
    real, fake = LOGITS, LOGITS.flip(0) / 3
    assert_close(relativistic(real + 7, fake + 7), relativistic(real, fake))
    assert relativistic(torch.tensor([200.0]), torch.tensor([-200.0])) == 0
    assert relativistic(torch.tensor([-200.0]), torch.tensor([200.0])) == 400


def test_samples_are_compared_pair_by_pair():
    real, fake = torch.tensor([0.0, 5.0]), torch.tensor([0.0, 5.0])
    assert_close(relativistic(real, fake), torch.tensor(math.log(2)))
    assert relativistic(real, fake.flip(0)) > 2
