"""Spectral normalisation against the singular value decomposition."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, parametrize
from torch.testing import assert_close

from gansmith.batch import DataSpec, LabeledImages
from gansmith.methods.dcgan import DCGAN
from gansmith.networks import dcgan
from gansmith.networks.spectral import SpectralNorm, follow_weights, normalise_spectrally


def largest_singular_value(weight: Tensor) -> Tensor:
    """Of the matrix of one row for each output."""
    return torch.linalg.svdvals(weight.detach().flatten(1))[0]


@pytest.fixture
def layer() -> nn.Conv2d:
    """A convolution whose weight is normalised."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        conv = nn.Conv2d(3, 6, 4)
        normalise_spectrally(conv)
    return conv


def original(layer: nn.Module) -> Tensor:
    """The weight before it is divided."""
    return layer.parametrizations.weight.original


def test_after_enough_iterations_the_largest_singular_value_is_one(layer):
    for _ in range(300):
        follow_weights(layer)
    assert_close(largest_singular_value(layer.weight), torch.tensor(1.0))
    value = largest_singular_value(original(layer))
    assert_close(layer.weight, original(layer) / value)


def test_it_follows_weights_that_move(layer):
    original(layer).data = torch.randn(6, 3, 4, 4, generator=torch.Generator().manual_seed(1))
    assert abs(largest_singular_value(layer.weight) - 1) > 0.05
    for _ in range(300):
        follow_weights(layer)
    assert_close(largest_singular_value(layer.weight), torch.tensor(1.0))


def test_the_estimate_never_exceeds_the_singular_value(layer):
    for _ in range(3):
        assert largest_singular_value(layer.weight) >= 1 - 1e-6  # uᵀ W v is at most the norm
        follow_weights(layer)


def test_value_and_gradient_are_those_of_torch_for_the_same_vectors(layer):
    with torch.random.fork_rng():
        theirs = parametrizations.spectral_norm(nn.Conv2d(3, 6, 4)).eval()
    original(theirs).data = original(layer).data.clone()
    mine, their = layer.parametrizations.weight[0], theirs.parametrizations.weight[0]
    their._u, their._v = mine.u.clone(), mine.v.clone()
    assert_close(layer.weight, theirs.weight)
    to = torch.randn(6, 3, 4, 4, generator=torch.Generator().manual_seed(1))
    slopes = [torch.autograd.grad((x.weight * to).sum(), original(x))[0] for x in (layer, theirs)]
    assert_close(*slopes)


def test_the_gradient_along_the_weight_is_zero(layer):
    """W / ‖W‖ does not change when W is scaled."""
    to = torch.randn(6, 3, 4, 4, generator=torch.Generator().manual_seed(1))
    (slope,) = torch.autograd.grad((layer.weight * to).sum(), original(layer))
    assert_close((slope * original(layer)).sum(), torch.tensor(0.0), atol=1e-5, rtol=0)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_a_forward_pass_moves_nothing(layer, mode):
    getattr(layer, mode)()
    before = {name: value.clone() for name, value in layer.state_dict().items()}
    x = torch.randn(2, 3, 8, 8)
    assert layer(x).equal(layer(x))
    assert all(value.equal(before[name]) for name, value in layer.state_dict().items())


def test_every_layer_of_a_discriminator_is_normalised_and_none_of_batches():
    network = dcgan.discriminator((1, 28, 28), 4, hidden=6, norm="spectral")
    weighty = [x for x in network.modules() if isinstance(x, nn.Linear | nn.Conv2d)]
    norms = [x for x in network.modules() if isinstance(x, SpectralNorm)]
    assert len(weighty) == len(norms) == 4
    assert not any(isinstance(x, nn.BatchNorm1d | nn.BatchNorm2d) for x in network.modules())
    assert all(layer.bias is not None for layer in weighty)
    for _ in range(500):
        follow_weights(network)
    for layer in weighty:
        assert largest_singular_value(layer.weight).item() == pytest.approx(1, abs=1e-3)


def test_following_leaves_other_networks_as_they_are():
    network = dcgan.discriminator((1, 28, 28), 4, norm="none")
    before = {name: value.clone() for name, value in network.state_dict().items()}
    follow_weights(network)
    assert all(value.equal(before[name]) for name, value in network.state_dict().items())


def test_norms_follow_each_update_of_the_discriminator_also_that_of_a_penalty():
    """One iteration for each time that the weights move, as in Miyato et al.'s Algorithm 1."""
    method = DCGAN(width=4, hidden=0, discriminator_norm="spectral", r1_weight=1.0)
    spec = DataSpec(name="test", batch=LabeledImages, shape=(1, 16, 16), size=8)
    nets = method.build(spec)
    norm = next(x for x in nets["discriminator"].modules() if isinstance(x, SpectralNorm))
    moving = [phase for phase in method.phases() if "discriminator" in phase.trains]
    assert [phase.name for phase in moving] == ["discriminator", "discriminator-penalty"]
    for phase in moving:
        for layer in nets["discriminator"].modules():
            if isinstance(layer, parametrize.ParametrizationList):
                layer.original.data.normal_()
        before = norm.u.clone()
        assert phase.after is not None
        phase.after(nets, {})
        assert not norm.u.equal(before)
