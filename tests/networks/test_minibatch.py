"""The spread of a batch where it can be said in advance."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from gansmith.networks import dcgan
from gansmith.networks.minibatch import GROUP, MinibatchDeviation


def spread(x: Tensor) -> Tensor:
    """The new map's value for each sample, after checking that it is one number a sample."""
    y = MinibatchDeviation()(x)
    assert y[:, :-1].equal(x)
    assert y.shape == (len(x), x.shape[1] + 1, *x.shape[2:])
    values = y[:, -1].flatten(1)
    assert values.eq(values[:, :1]).all()
    return values[:, 0]


def test_identical_samples_have_none_but_the_epsilon():
    x = torch.randn(1, 3, 2, 5).expand(8, -1, -1, -1)
    assert_close(spread(x), torch.full((8,), 1e-4), rtol=1e-2, atol=1e-7)


def test_a_known_batch():
    """0, 2, 0, 2 deviate by 1 in one of two channels, and not at all in the other."""
    x = torch.zeros(4, 2, 3, 3)
    x[1::2, 0] = 2.0
    assert_close(spread(x), torch.full((4,), (1 + 1e-4) / 2), rtol=1e-6, atol=1e-6)
    x[1::2, 0] = 2 * 7.0
    assert_close(spread(x), torch.full((4,), (7 + 1e-4) / 2), rtol=1e-5, atol=1e-6)


def test_it_is_that_of_each_group():
    x = torch.randn(2 * GROUP, 3, 2, 2)
    each = [x[:GROUP], x[GROUP:]]
    expected = [group.std(0, unbiased=False).mean().expand(GROUP) for group in each]
    assert_close(spread(x), torch.cat(expected), rtol=1e-4, atol=1e-6)


def test_processes_see_the_same_groups():
    x = torch.randn(4 * GROUP, 3, 2, 2)
    parts = [MinibatchDeviation()(part) for part in x.chunk(2)]
    assert torch.cat(parts).equal(MinibatchDeviation()(x))


@pytest.mark.parametrize("rows", [1, 2, 3, 6])
def test_rows_that_are_no_whole_groups_are_one(rows):
    x = torch.randn(rows, 3, 2, 2)
    expected = (x.var(0, unbiased=False) + 1e-8).sqrt().mean()
    assert_close(spread(x), expected.expand(rows))


def test_its_gradient_is_finite_where_samples_are_identical():
    x = torch.ones(4, 1, 2, 2, requires_grad=True)
    (slope,) = torch.autograd.grad(MinibatchDeviation()(x)[:, -1].sum(), x)
    assert slope.equal(torch.zeros_like(x))


def test_scores_of_a_discriminator_see_how_alike_samples_are():
    """The same sample gets another score in other company, and only with this layer."""
    x = torch.randn(4, 1, 16, 16)
    alone = x[:1].expand(4, -1, -1, -1)
    for minibatch_stddev in (False, True):
        network = dcgan.discriminator((1, 16, 16), 4, 0, "none", 4, minibatch_stddev)
        same = torch.allclose(network(x)[0], network(alone)[0], rtol=1e-4, atol=1e-6)
        assert same != minibatch_stddev


def test_in_lower_precision_the_spread_is_computed_in_float32():
    x = (torch.full((4, 1, 1, 1), 256.0) + torch.arange(4).reshape(4, 1, 1, 1) * 2).bfloat16()
    y = MinibatchDeviation()(x)
    assert y.dtype is torch.bfloat16
    assert y[0, -1].item() == pytest.approx(math.sqrt(5), rel=1e-2)  # of 0, 2, 4, 6
