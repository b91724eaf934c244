"""The weight-normalised classifier: its formula, its beginning, and what noise joins."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.testing import assert_close

from gansmith.errors import ConfigError
from gansmith.networks.sgan import Choices, Classifier, Generator

SHAPE = (1, 12, 12)
MLP = Choices("mlp", (9, 6), 4, 0.3, 0.5)
CONV = Choices("conv", (9,), 4, 0.3, 0.5)


def made(choices: Choices, seed: int = 0) -> tuple[Classifier, Tensor, Tensor]:
    """(a classifier of 5 classes, images, noise)."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = Classifier(SHAPE, 5, choices)
        return network, torch.rand(64, *SHAPE) * 2 - 1, torch.randn(64, sum(network.sizes))


def test_a_pass_is_its_formula():
    network, x, noise = made(Choices("mlp", (9,), 4, 0.3, 0.5))
    hidden, head = network.hidden[0], network.head
    hidden.scale.uniform_(0.5, 2)
    weight = hidden.scale[:, None] * hidden.weight / hidden.weight.norm(dim=1, keepdim=True)
    pixels = (x.flatten(1) + 1) / 2 + 0.3 * noise[:, :144]
    features = F.relu(pixels @ weight.T + hidden.bias)
    last = head.weight / head.weight.norm(dim=1, keepdim=True)
    logits = (features + 0.5 * noise[:, 144:]) @ last.T + head.bias
    assert_close(network.both(x, noise), (features, logits))


@pytest.mark.parametrize("choices", [MLP, CONV], ids=["mlp", "conv"])
def test_the_beginning_gives_each_unit_mean_0_and_variance_1(choices):
    network, x, noise = made(choices)
    said: list[Tensor] = []
    for layer in [*network.hidden, network.head]:
        layer.register_forward_hook(lambda layer, seen, out: said.append(out))
    network.initialise(x, noise)
    said.clear()
    network(x, noise)
    assert len(said) == len(network.hidden) + 1
    for out in said:
        units = out.transpose(0, 1).flatten(1)
        assert_close(units.mean(1), torch.zeros(len(units)), atol=1e-4, rtol=0)
        assert_close(units.var(1, correction=0), torch.ones(len(units)), atol=1e-2, rtol=0)


def test_only_the_last_scale_is_learned():
    network, *_ = made(CONV)
    scales = {n for n, _ in network.named_parameters() if n.endswith("scale")}
    assert scales == {"head.scale"}
    assert sum(n.endswith("scale") for n, _ in network.named_buffers()) == len(network.hidden)


@pytest.mark.parametrize("choices", [MLP, CONV], ids=["mlp", "conv"])
def test_noise_is_off_unless_it_is_handed_in(choices):
    network, x, noise = made(choices)
    assert_close(network(x), network(x, torch.zeros_like(noise)))
    assert not torch.allclose(network(x), network(x, noise))


@pytest.mark.parametrize("choices", [MLP, CONV], ids=["mlp", "conv"])
def test_images_do_not_see_each_other(choices):
    network, x, noise = made(choices)
    assert_close(network(x, noise)[:3], network(x[:3], noise[:3]))


def test_a_size_that_convolutions_cannot_halve_is_refused():
    with pytest.raises(ConfigError, match="Give --size"):
        CONV.noises((1, 30, 30))


@pytest.mark.parametrize("choices", [MLP, CONV], ids=["mlp", "conv"])
def test_a_generator_draws_the_class_that_it_is_given(choices):
    generator = Generator(4 + 3, SHAPE, choices).eval()
    z = torch.randn(2, 4)
    images = [generator(z, torch.tensor([k, k])) for k in range(3)]
    assert images[0].shape == (2, *SHAPE) and images[0].abs().max() <= 1
    assert not torch.equal(images[0], images[1])
    one_hot = torch.tensor([[0.0, 0, 1], [0, 0, 1]])
    assert images[2].equal(generator.layers(torch.cat([z, one_hot], 1)))
