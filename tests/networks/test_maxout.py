"""Maxout units, and PacGAN's networks for points."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from gansmith.errors import ConfigError
from gansmith.networks import maxout


def test_a_unit_is_the_largest_of_its_linear_functions():
    unit = maxout.Maxout(1, 1, 2)
    unit.linear.weight.data = torch.tensor([[1.0], [-1.0]])
    unit.linear.bias.data.zero_()
    x = torch.tensor([[-3.0], [0.0], [2.0]])
    assert_close(unit(x), x.abs())


def test_units_do_not_share_pieces():
    layer, x = maxout.Maxout(4, 3, 5), torch.randn(6, 4)
    pieces = layer.linear(x)
    expected = torch.stack([pieces[:, 5 * unit : 5 * unit + 5].max(1)[0] for unit in range(3)], 1)
    assert_close(layer(x), expected)


def test_the_scale_is_undone():
    generator = maxout.generator(2, [8], (2,), scale=1.0).eval()
    scaled = maxout.generator(2, [8], (2,), scale=4.0).eval()
    scaled.load_state_dict(generator.state_dict())
    z, x = torch.randn(5, 2), torch.randn(5, 2)
    assert_close(scaled(z), generator(z) / 4)
    discriminator = maxout.discriminator((2,), [8], 5, scale=1.0)
    wide = maxout.discriminator((2,), [8], 5, scale=4.0)
    wide.load_state_dict(discriminator.state_dict())
    assert_close(wide(x / 4), discriminator(x))


def test_pacgan_has_the_sources_layers():
    nets = maxout.pacgan_pair(2, (2,))
    sizes = {
        name: [tuple(layer.weight.shape) for layer in net.modules() if isinstance(layer, nn.Linear)]
        for name, net in nets.items()
    }
    assert sizes["generator"] == [(400, 2), (400, 400), (400, 400), (400, 400), (2, 400)]
    assert sizes["discriminator"] == [(1000, 2), (1000, 200), (1000, 200), (1, 200)]
    norms = [layer for layer in nets["generator"] if isinstance(layer, nn.BatchNorm1d)]
    assert len(norms) == 4 and {norm.momentum for norm in norms} == {0.05}


def test_pacgans_networks_refuse_images():
    with pytest.raises(ConfigError, match="--architecture"):
        maxout.pacgan_pair(2, (1, 28, 28))
