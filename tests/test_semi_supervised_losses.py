"""Losses of K logits against a softmax over K + 1 classes that is written out, in float64."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.testing import assert_close

from gansmith.losses import (
    class_asked_for,
    feature_matching,
    labelled,
    realness,
    shares_seen_through,
    unlabelled,
)

RANDOM = torch.Generator().manual_seed(0)
FEW, MANY, MADE = (4 * torch.randn(7, 5, dtype=torch.float64, generator=RANDOM) for _ in range(3))
Y = torch.tensor([0, 1, 2, 3, 4, 0, 3])
ROWS = torch.arange(7)


def probabilities(logits: Tensor) -> Tensor:
    """Of K + 1 classes, the last one's logit being 0; the exponentials are written out."""
    exponentials = torch.cat([logits, torch.zeros(len(logits), 1).double()], 1).exp()
    return exponentials / exponentials.sum(1, keepdim=True)


def gradient(loss, at: Tensor) -> Tensor:
    """By autograd."""
    at = at.clone().requires_grad_()
    return torch.autograd.grad(loss(at), at)[0]


def test_the_labelled_loss_is_that_of_a_class_given_that_the_image_is_real():
    p = probabilities(FEW)
    assert_close(labelled(FEW, Y), -(p[ROWS, Y] / (1 - p[:, -1])).log().mean())


def test_the_unlabelled_loss_is_that_of_real_or_generated():
    terms = unlabelled(realness(MANY), realness(MADE), 3.0)
    assert_close(terms["real"], -1.5 * (1 - probabilities(MANY)[:, -1]).log().mean())
    assert_close(terms["fake"], -1.5 * probabilities(MADE)[:, -1].log().mean())


def test_the_loss_of_a_class_asked_for_counts_all_classes_and_generated():
    assert_close(class_asked_for(MADE, Y), -probabilities(MADE)[ROWS, Y].log().mean())


def test_it_is_the_sum_of_being_of_the_class_and_of_being_real():
    parts = labelled(MADE, Y) + F.softplus(-realness(MADE)).mean()
    assert_close(class_asked_for(MADE, Y), parts)


def test_gradients():
    one_hot = F.one_hot(Y, 5).double()
    softmax = FEW.softmax(1)
    assert_close(gradient(lambda at: labelled(at, Y), FEW), (softmax - one_hot) / 7)
    fake = gradient(lambda at: unlabelled(realness(MANY), realness(at))["fake"], MADE)
    assert_close(fake, probabilities(MADE)[:, :-1] / 14)
    real = gradient(lambda at: unlabelled(realness(at), realness(MADE))["real"], MANY)
    assert_close(real, -MANY.softmax(1) * probabilities(MANY)[:, -1:] / 14)
    asked = gradient(lambda at: class_asked_for(at, Y), MADE)
    assert_close(asked, (probabilities(MADE)[:, :-1] - one_hot) / 7)


def test_logits_are_not_normalised_twice():
    sure = 50 * F.one_hot(Y, 5).double()
    assert labelled(sure, Y) < 1e-9  # a softmax of a softmax stays above log(1 + 4/e) = 0.90
    assert class_asked_for(sure, Y) < 1e-9


def test_where_the_discriminator_cannot_tell():
    half = torch.full((3, 4), -math.log(4.0))
    assert_close(realness(half), torch.zeros(3))
    terms = unlabelled(realness(half), realness(half))
    assert_close(terms, dict.fromkeys(("real", "fake"), torch.tensor(math.log(2) / 2)))


@pytest.mark.parametrize("size", [1e3, -1e3])
def test_large_logits_stay_finite(size):
    logits = torch.full((2, 3), size, requires_grad=True)
    z = realness(logits)
    y = torch.zeros(2, dtype=torch.long)
    terms = [labelled(logits, y), class_asked_for(logits, y), *unlabelled(z, z).values()]
    torch.stack(terms).sum().backward()
    assert all(term.isfinite() for term in terms)
    assert logits.grad is not None and logits.grad.isfinite().all()


def test_feature_matching_is_the_squared_distance_of_means():
    real, fake = torch.tensor([[0.0, 2.0], [2.0, 4.0]]), torch.tensor([[3.0, 3.0], [5.0, 1.0]])
    assert feature_matching(real, fake) == (1 - 4) ** 2 + (3 - 2) ** 2
    assert feature_matching(real, real.flip(0)) == 0
    assert_close(gradient(lambda at: feature_matching(real, at), fake)[0], torch.tensor([3.0, -1]))


def test_shares_are_counted_apart():
    stats = shares_seen_through(torch.tensor([1.0, -1.0, 2.0, 2.0]), torch.tensor([-1.0, 3.0]))
    assert (stats["judged_real"], stats["judged_fake"]) == (0.75, 0.5)
    assert (stats["real_score"], stats["fake_score"]) == (1, 1)
