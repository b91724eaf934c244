"""Gradient penalties against closed forms and against torch's own double backward."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn
from torch.testing import assert_close

from gansmith.penalties import (
    clip_weights,
    gradient_penalty,
    scores_and_squared_norms,
    scores_r1_and_r2,
    squared_gradient_norms,
    zero_centred_penalty,
)

IMAGES = (5, 2, 4, 4)


@pytest.fixture
def random() -> torch.Generator:
    """Random numbers of a test."""
    return torch.Generator().manual_seed(0)


@pytest.fixture
def critic(random: torch.Generator) -> nn.Sequential:
    """A convolutional critic whose gradient changes with the sample."""
    layers = nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1), nn.Softplus(), nn.GroupNorm(1, 3), nn.Flatten(),
        nn.Linear(48, 4), nn.Tanh(), nn.Linear(4, 1),
    )  # fmt: skip
    for parameter in layers.parameters():
        parameter.data = torch.randn(parameter.shape, generator=random) / 2
    return layers


def quadratic(x: Tensor) -> Tensor:
    """‖x‖² of each sample; its gradient is 2x."""
    return x.flatten(1).square().sum(1, keepdim=True)


def double_backward(critic: nn.Module, x: Tensor) -> Tensor:
    """‖∇ critic(x)‖² of each sample by `torch.autograd.grad`, still differentiable."""
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient.pow(2).sum((1, 2, 3))


def parameter_gradients(critic: nn.Module, value: Tensor) -> list[Tensor]:
    """Zero where a parameter has no part in the value."""
    parameters = list(critic.parameters())
    return list(torch.autograd.grad(value, parameters, materialize_grads=True))


@pytest.mark.parametrize("shape", [(5, 2), IMAGES], ids=["points", "images"])
@pytest.mark.parametrize("column", [True, False], ids=["(N,1)", "(N,)"])
def test_linear_critic(random, shape, column):
    w = torch.randn(math.prod(shape[1:]), generator=random)
    real, fake = torch.randn(2, *shape, generator=random)
    mix = torch.rand(shape[0], generator=random)

    def score(x: Tensor) -> Tensor:
        y = x.flatten(1) @ w
        return y[:, None] if column else y

    assert_close(gradient_penalty(score, real, fake, mix), (w.norm() - 1).square())
    assert_close(zero_centred_penalty(score, real), w.square().sum() / 2)
    assert_close(squared_gradient_norms(score, real), w.square().sum().expand(shape[0]))


def test_slope_of_the_penalties_in_the_weights_of_a_linear_critic(random):
    w = torch.randn(7, generator=random, requires_grad=True)
    real, fake = torch.randn(2, 5, 7, generator=random)
    penalty = gradient_penalty(lambda x: x @ w, real, fake, torch.rand(5, generator=random))
    (slope,) = torch.autograd.grad(penalty, w)
    norm = w.detach().norm()
    assert_close(slope, 2 * (norm - 1) * w.detach() / norm)
    (slope,) = torch.autograd.grad(zero_centred_penalty(lambda x: x @ w, real), w)
    assert_close(slope, w.detach())


def test_quadratic_critic(random):
    real, fake = torch.randn(2, *IMAGES, generator=random)
    mix = torch.rand(5, generator=random)
    between = torch.stack([e * x + (1 - e) * y for e, x, y in zip(mix, real, fake, strict=True)])
    norms = 2 * between.flatten(1).norm(dim=1)
    assert_close(gradient_penalty(quadratic, real, fake, mix), (norms - 1).square().mean())
    assert_close(zero_centred_penalty(quadratic, real), 2 * real.square().sum((1, 2, 3)).mean())


def test_one_epsilon_a_sample():
    # As many samples as columns: an ε laid on columns would broadcast without an error.
    real, fake = torch.ones(2, 1, 2, 2), torch.zeros(2, 1, 2, 2)
    mix = torch.tensor([0.25, 0.75])  # x̂ has the norms 0.5 and 1.5, its gradient 1 and 3
    right = torch.tensor((0.0 + 4.0) / 2)
    by_column = torch.tensor((2 * math.sqrt(2 * (0.25**2 + 0.75**2)) - 1) ** 2)
    assert abs(by_column - right) > 0.1
    assert_close(gradient_penalty(quadratic, real, fake, mix), right)
    for one, value in ((0.25, 0.0), (0.75, 4.0)):
        same = gradient_penalty(quadratic, real, fake, torch.full((2,), one))
        assert_close(same, torch.tensor(value))


def test_epsilon_is_the_share_of_the_real_sample():
    real, fake = torch.full((2, 3), 5.0), torch.zeros(2, 3)
    assert_close(gradient_penalty(quadratic, real, fake, torch.zeros(2)), torch.tensor(1.0))
    at_real = (2 * 5 * math.sqrt(3) - 1) ** 2
    assert_close(gradient_penalty(quadratic, real, fake, torch.ones(2)), torch.tensor(at_real))


def test_the_norm_is_that_of_one_sample():
    x = torch.full((2, 1, 2, 2), 0.25)  # each gradient has the norm 1, both together √2
    assert_close(gradient_penalty(quadratic, x, x, torch.rand(2)), torch.tensor(0.0))


def test_the_norm_is_over_channels_and_pixels():
    x = torch.zeros(3, 2, 2, 2)
    x[:, :, 0, 1] = 0.5 / math.sqrt(2)  # two channels of one pixel: norm 1 only together
    assert_close(gradient_penalty(quadratic, x, x, torch.rand(3)), torch.tensor(0.0))


def test_agreement_with_double_backward(critic, random):
    real, fake = torch.randn(2, *IMAGES, generator=random)
    mix = torch.rand(5, generator=random)
    epsilon = mix[:, None, None, None]
    norms = double_backward(critic, epsilon * real + (1 - epsilon) * fake).sqrt()
    expected = {"penalty": (norms - 1).square().mean()}
    expected["zero-centred"] = double_backward(critic, real).mean() / 2
    values = {
        "penalty": gradient_penalty(critic, real, fake, mix),
        "zero-centred": zero_centred_penalty(critic, real),
    }
    for name, value in values.items():
        assert_close(value, expected[name])
        slopes = parameter_gradients(critic, value)
        assert_close(slopes, parameter_gradients(critic, expected[name]), rtol=1e-4, atol=1e-6)
        assert sum(slope.norm() for slope in slopes) > 0.01


def test_the_penalty_does_not_see_the_offset_of_the_critic(critic, random):
    real, fake = torch.randn(2, *IMAGES, generator=random)
    mix = torch.rand(5, generator=random)
    before = gradient_penalty(critic, real, fake, mix)
    critic[-1].bias.data += 10
    assert_close(gradient_penalty(critic, real, fake, mix), before)


def test_a_constant_critic_has_a_finite_slope(critic, random):
    real, fake = torch.randn(2, *IMAGES, generator=random)
    for parameter in critic[-1].parameters():
        parameter.data.zero_()
    penalty = gradient_penalty(critic, real, fake, torch.rand(5, generator=random))
    assert_close(penalty, torch.tensor(1.0), rtol=0, atol=1e-5)
    assert all(slope.isfinite().all() for slope in parameter_gradients(critic, penalty))


def test_a_critic_that_ignores_its_input():
    bias = torch.ones(1, requires_grad=True)
    real, fake = torch.ones(3, 2), torch.zeros(3, 2)
    penalty = gradient_penalty(lambda x: bias.expand(len(x)), real, fake, torch.rand(3))
    assert_close(penalty, torch.tensor(1.0), rtol=0, atol=1e-5)
    assert zero_centred_penalty(lambda x: bias.expand(len(x)), real) == 0


def test_two_members_under_vmap(random):
    w = torch.randn(2, 6, generator=random)
    real, fake = torch.randn(2, 2, 5, 6, generator=random)
    mix = torch.rand(2, 5, generator=random)

    def member(w: Tensor, real: Tensor, fake: Tensor, mix: Tensor) -> tuple[Tensor, Tensor]:
        penalty = gradient_penalty(lambda x: x @ w, real, fake, mix)
        return penalty, zero_centred_penalty(lambda x: x @ w, real)

    penalty, zero_centred = torch.vmap(member)(w, real, fake, mix)
    norms = w.norm(dim=1)
    assert_close(penalty, (norms - 1).square())
    assert_close(zero_centred, norms.square() / 2)
    slope = torch.vmap(torch.func.grad(lambda *given: member(*given)[0]))(w, real, fake, mix)
    assert_close(slope, 2 * ((norms - 1) / norms)[:, None] * w)


def test_the_norm_of_a_rounded_gradient_is_summed_in_float32():
    x = torch.randn(3, 301).bfloat16()
    assert squared_gradient_norms(lambda x: x.sum(1), x).equal(torch.full((3,), 301.0))
    assert torch.tensor(301.0).bfloat16().float() != 301  # a sum in bfloat16 could not say so


def test_the_norm_is_float32_under_autocast(critic, random):
    real, fake = torch.randn(2, *IMAGES, generator=random)
    mix = torch.rand(5, generator=random)
    exact = gradient_penalty(critic, real, fake, mix)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert critic(real).dtype is torch.bfloat16
        rounded = gradient_penalty(critic, real, fake, mix)
    assert rounded.dtype is torch.float32
    assert_close(rounded, exact, rtol=0.1, atol=0.1)


def test_scores_come_with_the_norms(critic, random):
    x = torch.randn(IMAGES, generator=random)
    scores, norms = scores_and_squared_norms(critic, x)
    assert_close(scores, critic(x))
    assert_close(norms, double_backward(critic, x))
    slopes = parameter_gradients(critic, scores.sum() + norms.sum())
    expected = parameter_gradients(critic, critic(x).sum() + double_backward(critic, x).sum())
    assert_close(slopes, expected, rtol=1e-4, atol=1e-5)


def test_r1_is_of_the_first_half_and_r2_of_the_second(random):
    real, fake = torch.randn(2, *IMAGES, generator=random)
    scores, terms = scores_r1_and_r2(quadratic, torch.cat([real, fake]), 3.0)
    assert_close(scores, quadratic(torch.cat([real, fake])))
    assert_close(terms["r1"], 3 * zero_centred_penalty(quadratic, real))
    assert_close(terms["r2"], 3 * 2 * fake.square().sum((1, 2, 3)).mean())


def test_clipped_weights_lie_in_the_interval(critic):
    before = {name: p.detach().clone() for name, p in critic.named_parameters()}
    clip_weights(critic, 0.1)
    for name, parameter in critic.named_parameters():
        assert_close(parameter.detach(), before[name].clip(-0.1, 0.1))
    assert any(not p.equal(before[name]) for name, p in critic.named_parameters())
