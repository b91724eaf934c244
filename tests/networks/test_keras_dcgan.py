"""The lecture's networks: sizes, numbers of weights as Keras counts them, initial weights."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from gansmith.errors import ConfigError
from gansmith.networks import keras_dcgan


def numbers(network: nn.Module) -> list[int]:
    """Numbers of each layer that has some, running statistics included, as in Keras' summary."""
    counts = []
    for layer in network.modules():
        own = [*layer.parameters(recurse=False), *layer.buffers(recurse=False)]
        count = sum(tensor.numel() for tensor in own if tensor.is_floating_point())
        counts += [count] if count else []
    return counts


def test_the_maps_are_those_of_the_slides():
    nets, images = keras_dcgan.pair(100, (1, 28, 28)), []
    for layer in (*nets["generator"], *nets["discriminator"]):
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            layer.register_forward_hook(lambda *given: images.append(tuple(given[2].shape[1:])))
    made = nets["generator"](torch.randn(2, 100))
    assert made.shape == (2, 1, 28, 28) and made.abs().max() <= 1
    assert nets["discriminator"](made).shape == (2, 1)
    assert images == [(128, 14, 14), (64, 14, 14), (1, 28, 28),
                      (32, 14, 14), (64, 7, 7), (128, 4, 4)]  # fmt: skip


def test_weights_are_as_many_as_in_keras():
    """Each unit and filter has its weights and a bias, each normalised channel four numbers."""
    nets = keras_dcgan.pair(100, (1, 28, 28))
    generator = [101 * 12544, 9 * 256 * 128 + 128, 4 * 128, 9 * 128 * 64 + 64, 4 * 64, 9 * 64 + 1]
    assert numbers(nets["generator"]) == generator
    judge = [9 * 32 + 32, 9 * 32 * 64 + 64, 9 * 64 * 128 + 128, 2048 + 1]
    assert numbers(nets["discriminator"]) == judge


def test_slopes_and_norms_are_those_of_the_slides_and_of_keras():
    nets = keras_dcgan.pair(100, (1, 28, 28)).values()
    layers = [layer for network in nets for layer in network]
    assert {x.negative_slope for x in layers if isinstance(x, nn.LeakyReLU)} == {0.01}
    norms = [x for x in layers if isinstance(x, nn.BatchNorm2d)]
    assert len(norms) == 2 and {(x.eps, x.momentum) for x in norms} == {(1e-3, 0.01)}


def test_weights_are_glorots_and_biases_zero():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        nets = keras_dcgan.pair(100, (1, 28, 28))
    weighty = nn.Linear | nn.Conv2d | nn.ConvTranspose2d
    for layer in [x for network in nets.values() for x in network if isinstance(x, weighty)]:
        field = layer.weight[0, 0].numel() if layer.weight.dim() == 4 else 1
        most = math.sqrt(6 / (field * (layer.weight.shape[0] + layer.weight.shape[1])))
        assert 0.9 * most < layer.weight.abs().max() <= most
        assert not layer.bias.any()


@pytest.mark.parametrize("shape", [(1, 32, 32), (3, 28, 56)])
def test_other_sizes_are_refused(shape):
    with pytest.raises(ConfigError, match=r"28x28 pixels, not of .* Give --size 28"):
        keras_dcgan.pair(100, shape)
