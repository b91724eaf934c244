"""One-hots, planes, normalisation and projection by class, against what they are by definition."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from gansmith.batch import DataSpec, LabeledImages
from gansmith.errors import ConfigError
from gansmith.networks import dcgan
from gansmith.networks.conditional import (
    ConditionalBatchNorm,
    Joined,
    Normalised,
    classes_of,
    condition,
    joined,
)
from gansmith.networks.heads import ScoreHead, judged, with_head
from gansmith.networks.keras_dcgan import pair
from gansmith.networks.projection import Projected, ProjectionHead

K = 3
Y = torch.tensor([2, 0, 1, 2])


@pytest.fixture(autouse=True)
def _seeded():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def spec(classes: int) -> DataSpec:
    """Small images with so many classes."""
    names = tuple(f"c{number}" for number in range(classes))
    return DataSpec(name="own", batch=LabeledImages, shape=(1, 8, 8), size=4, class_names=names)


def test_a_class_is_a_row_of_the_identity():
    assert condition(Y, K).equal(torch.eye(K)[Y])
    assert condition(Y, K).dtype is torch.float32


def test_attributes_are_a_condition_as_they_are():
    attributes = torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert condition(attributes, K).equal(attributes)


def test_the_condition_joins_noise_as_numbers_and_images_as_planes():
    told = condition(Y, K)
    z, x = torch.randn(4, 5), torch.randn(4, 2, 8, 6)
    assert joined(z, told).equal(torch.cat([z, told], 1))
    both = joined(x, told)
    assert both.shape == (4, 2 + K, 8, 6) and both[:, :2].equal(x)
    for row, label in enumerate(Y.tolist()):
        for plane in range(K):
            assert (both[row, 2 + plane] == float(plane == label)).all()


def test_flat_images_are_joined_as_numbers():
    network = Joined(nn.Identity(), K, flat=True)
    x = torch.randn(4, 2, 8, 6)
    assert network(x, Y).equal(torch.cat([x.flatten(1), torch.eye(K)[Y]], 1))


def test_conditional_normalisation_is_batch_norm_then_the_gain_and_bias_of_the_class():
    norm, plain = ConditionalBatchNorm(6, K), nn.BatchNorm2d(6)
    x = torch.randn(4, 6, 5, 3)
    assert norm.gains.eq(1).all() and norm.biases.std().item() == pytest.approx(0.2, rel=0.5)
    for each in (norm.gains, norm.biases):
        nn.init.normal_(each)
    for row, label in enumerate(Y.tolist()):
        gain, bias = norm.gains[label][:, None, None], norm.biases[label][:, None, None]
        assert_close(norm(x, Y)[row], plain(x)[row] * gain + bias)


def test_only_the_gains_of_classes_in_the_batch_have_a_gradient():
    norm = ConditionalBatchNorm(6, K)
    norm(torch.randn(4, 6, 5, 3), torch.tensor([0, 0, 2, 2])).square().sum().backward()
    for each in (norm.gains, norm.biases):
        assert each.grad is not None
        assert each.grad[1].eq(0).all() and each.grad[0].ne(0).any()


def test_a_projection_is_linear_in_the_features_with_a_vector_for_each_class():
    head, features = ProjectionHead(5, K, scale=0.5), torch.randn(4, 5)
    weight, bias = head.score.weight[0], head.score.bias
    vectors = head.embed.weight.T  # (K, 5)
    rows = zip(features, vectors[Y], strict=True)
    expected = [row @ (weight + 0.5 * vector) + bias for row, vector in rows]
    assert_close(head(features, Y), torch.stack(expected))


def test_a_projection_is_computed_in_float32_under_autocast():
    head, features = ProjectionHead(5, K), torch.randn(4, 5).bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        score = head(features, Y)
    assert score.dtype is torch.float32
    assert_close(score, head(features.float(), Y))


@pytest.mark.parametrize("norm", ["spectral", "batch"])
def test_one_discriminator_scores_by_class_and_its_vectors_are_normalised_too(norm):
    network = Projected(dcgan.discriminator((1, 8, 8), 2, norm=norm), K)
    x = torch.randn(1, 1, 8, 8).expand(K, -1, -1, -1)
    assert network(x, torch.arange(K)).unique().numel() == K
    head = network.head
    assert isinstance(head, ProjectionHead)
    for weight in (head.embed.weight, head.score.weight):
        largest = torch.linalg.svdvals(weight.detach())[0]
        assert largest == pytest.approx(1, abs=0.05) if norm == "spectral" else largest < 0.5
    assert head.score.bias.eq(0).all()


def test_a_generator_is_told_the_class_by_the_normalisation_of_its_maps_alone():
    plain = dcgan.generator(5, (1, 8, 8), 2, [6])
    generator = Normalised(plain, K)
    norms = [layer for layer in generator.modules() if isinstance(layer, ConditionalBatchNorm)]
    assert len(norms) == 1
    z, other = torch.randn(4, 5), (Y + 1) % K
    assert not generator(z, Y).equal(generator(z, other))
    nn.init.zeros_(norms[0].biases)
    assert generator(z, Y).equal(generator(z, other))


def test_a_head_has_as_many_scores_as_are_asked_for():
    plain = dcgan.discriminator((1, 8, 8), 2)
    network = with_head(plain, lambda features: ScoreHead(features, 1 + K))
    assert network(torch.randn(4, 1, 8, 8)).shape == (4, 1 + K)
    assert [*network][:-1] == [*plain][:-1]


def test_the_keras_discriminator_may_see_more_planes():
    nets = pair(7 + K, (1, 28, 28), planes=K)
    fake = Joined(nets["generator"], K)(torch.randn(4, 7), Y)
    assert fake.shape == (4, 1, 28, 28)
    assert Joined(nets["discriminator"], K)(fake, Y).shape == (4, 1)


def test_real_and_generated_samples_of_one_batch_are_told_the_same():
    network = Joined(dcgan.discriminator((1 + K, 8, 8), 2, norm="none"), K)
    real, fake = torch.randn(2, 4, 1, 8, 8)
    apart = judged(network, real, fake, False, Y)
    assert_close(judged(network, real, fake, True, Y), apart)
    assert_close(apart, (network(real, Y), network(fake, Y)))


def test_data_without_labels_is_refused_and_told_what_to_do():
    assert classes_of(spec(2)) == 2
    with pytest.raises(ConfigError, match=r"own has no labels.*a folder for each class.*dcgan"):
        classes_of(spec(0))
