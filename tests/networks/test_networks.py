"""Architectures: shapes, widths, normalisation, initial weights and the sizes they refuse."""

from __future__ import annotations

import math
import re
import typing
from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.testing import assert_close

from gansmith.config import choose_method
from gansmith.errors import ConfigError
from gansmith.methods.wgan_gp import WGANGP
from gansmith.networks import dcgan, resnet
from gansmith.networks.heads import ScoreHead, judged
from gansmith.networks.mlp import he_initialise, mlp_critic, mlp_generator

SIZES = [(28, 28), (32, 32), (48, 48), (64, 64), (128, 128), (32, 48), (56, 28), (32, 128)]
POSSIBLE = [first * 2**n for first in (4, 5, 6, 7) for n in (1, 2, 3, 4, 5)]
POSSIBLE = sorted(size for size in POSSIBLE if size <= 128)
CRITIC_NORMS = typing.get_args(typing.get_type_hints(WGANGP)["critic_norm"])
Z_DIM = 5
BUILDERS = {
    "dcgan-generator": lambda shape: dcgan.generator(Z_DIM, shape, 2),
    "dcgan-discriminator": lambda shape: dcgan.discriminator(shape, 2),
    "resnet-generator": lambda shape: resnet.generator(Z_DIM, shape, 2),
    "resnet-critic": lambda shape: resnet.critic(shape, 2),
}


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    """The same weights every time, and the global generator left as it was."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def layers_of(network: nn.Module, *kinds: type) -> list[nn.Module]:
    """The layers of these kinds, from input to output."""
    return [layer for layer in network.modules() if isinstance(layer, kinds)]


def widths(network: nn.Module) -> list[int]:
    """Channels before and after each convolution of a chain."""
    convolutions = layers_of(network, nn.Conv2d, nn.ConvTranspose2d)
    return [convolutions[0].in_channels, *(layer.out_channels for layer in convolutions)]


def assert_moments(values: Tensor, mean: float, deviation: float) -> None:
    """Mean and standard deviation of normal values, each within five standard errors."""
    values, n = values.detach().double().flatten(), values.numel()
    assert abs(values.mean() - mean) < 5 * deviation / math.sqrt(n)
    assert abs(values.std() / deviation - 1) < 5 / math.sqrt(2 * n)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
@pytest.mark.parametrize("name", BUILDERS)
def test_shape_and_range(name, channels, size):
    shape = (channels, *size)
    network = BUILDERS[name](shape)
    if "generator" in name:
        layers_of(network, nn.Conv2d, nn.ConvTranspose2d)[-1].weight.data *= 1000
        images = network(torch.randn(2, Z_DIM))
        assert images.shape == (2, *shape)
        assert 0.9 < images.abs().max() <= 1
    else:
        assert network(torch.randn(2, *shape)).shape == (2, 1)


@pytest.mark.parametrize("family", [dcgan, resnet], ids=["dcgan", "resnet"])
def test_a_hidden_layer_lies_between_noise_and_maps_and_between_maps_and_score(family):
    shape, judge = (3, 28, 28), dcgan.discriminator if family is dcgan else resnet.critic
    generator, judging = family.generator(Z_DIM, shape, 2, [7, 6]), judge(shape, 2, hidden=6)
    assert generator(torch.randn(2, Z_DIM)).shape == (2, *shape)
    assert judging(torch.randn(2, *shape)).shape == (2, 1)
    maps = 49 * (4 if family is dcgan else 8)
    for network, sizes in ((generator, [Z_DIM, 7, 6, maps]), (judging, [maps, 6, 1])):
        layers = layers_of(network, nn.Linear)
        assert [layers[0].in_features, *(layer.out_features for layer in layers)] == sizes


@pytest.mark.parametrize(
    ("side", "doublings"), [(28, 2), (32, 3), (48, 3), (64, 4), (128, 5), (8, 1)]
)
def test_dcgan_doubles_its_channels_from_the_image_inwards(side, doublings):
    shape, inwards = (3, side, side), [3, *(2 * 2**i for i in range(doublings))]
    generator, discriminator = dcgan.generator(Z_DIM, shape, 2), dcgan.discriminator(shape, 2)
    assert widths(discriminator) == inwards
    assert widths(generator) == inwards[::-1]
    pixels = (side // 2**doublings) ** 2
    assert layers_of(generator, nn.Linear)[0].out_features == inwards[-1] * pixels
    assert layers_of(discriminator, ScoreHead)[0].in_features == inwards[-1] * pixels


@pytest.mark.parametrize(
    ("side", "factors"), [(28, [1, 2, 4]), (64, [1, 2, 4, 8, 8]), (128, [1, 2, 4, 8, 8, 8])]
)
def test_resnet_widths_double_and_are_capped_at_eight(side, factors):
    shape, expected = (1, side, side), [2 * factor for factor in factors]
    critic = layers_of(resnet.critic(shape, 2), resnet.FirstBlock, resnet.DownBlock)
    generator = layers_of(resnet.generator(Z_DIM, shape, 2), resnet.UpBlock)
    assert [block.conv1.out_channels for block in critic] == expected[:-1]
    assert [block.conv2.out_channels for block in critic] == expected[1:]
    assert [block.conv1.in_channels for block in generator] == expected[:0:-1]
    assert [block.conv2.out_channels for block in generator] == expected[-2::-1]


@pytest.mark.parametrize("side", [8, 28, 64])
@pytest.mark.parametrize("hidden", [0, 6])
def test_dcgan_normalises_all_but_the_image_the_first_map_and_the_score(side, hidden):
    norms, shape = (nn.BatchNorm1d, nn.BatchNorm2d), (1, side, side)
    kinds = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d, *norms)
    generator = layers_of(dcgan.generator(Z_DIM, shape, 2, [hidden] * bool(hidden)), *kinds)
    normal = [isinstance(layer, norms) for layer in generator]
    assert normal == [False, True] * (len(normal) // 2) + [False]  # after each but the image
    discriminator = layers_of(dcgan.discriminator(shape, 2, hidden), *kinds)
    normal = [isinstance(layer, norms) for layer in discriminator]
    assert normal == [False] + [False, True] * (len(normal) // 2 - 1) + [False]


@pytest.mark.parametrize("upsample", ["deconv", "resize"])
@pytest.mark.parametrize("kernel", [3, 4, 5])
@pytest.mark.parametrize("side", [28, 48, 64])
def test_dcgan_doubles_and_halves_evenly_with_every_kernel(side, kernel, upsample):
    shape = (3, side, side)
    generator = dcgan.generator(Z_DIM, shape, 2, (), upsample, kernel)
    discriminator = dcgan.discriminator(shape, 2, 0, "none", kernel)
    assert discriminator(generator(torch.randn(2, Z_DIM))).shape == (2, 1)
    doubling = layers_of(generator, nn.ConvTranspose2d, nn.Conv2d)
    made = 3 if upsample == "resize" else kernel
    assert {layer.kernel_size for layer in doubling} == {(made, made)}
    assert {x.kernel_size for x in layers_of(discriminator, nn.Conv2d)} == {(kernel, kernel)}


def test_the_paper_has_kernels_of_side_five():
    fields = choose_method("dcgan", "paper", "LabeledImages")
    assert (fields.kernel, fields.upsample, fields.discriminator_norm) == (5, "deconv", "batch")


@pytest.mark.parametrize("norm", ["none", "spectral"])
def test_without_batch_normalisation_a_score_is_that_of_its_own_sample(norm):
    network = dcgan.discriminator((1, 16, 16), 4, 6, norm)
    x = torch.randn(4, 1, 16, 16)
    assert_close(network(x)[:1], network(x[:1]), rtol=1e-4, atol=1e-5)


def test_scores_of_one_batch_and_of_two():
    """Batch normalisation mixes real and generated samples only where they lie in one batch."""
    real, fake = torch.randn(4, 1, 16, 16), 3 + torch.randn(4, 1, 16, 16)
    plain = dcgan.discriminator((1, 16, 16), 4, norm="none")
    for one, two in zip(judged(plain, real, fake, True), judged(plain, real, fake, False),
                        strict=True):  # fmt: skip
        assert_close(one, two, rtol=1e-4, atol=1e-5)
    network = dcgan.discriminator((1, 16, 16), 4)
    together = judged(network, real, fake, together=True)
    assert torch.cat(together).equal(network(torch.cat([real, fake])))
    apart = judged(network, real, fake, together=False)
    assert apart[0].equal(network(real)) and apart[1].equal(network(fake))
    assert not torch.allclose(together[0], apart[0])


def test_slopes_of_the_activations():
    slopes = [
        x.negative_slope for x in layers_of(dcgan.discriminator((1, 32, 32), 2), nn.LeakyReLU)
    ]
    assert slopes == [0.2] * 3
    assert not layers_of(dcgan.generator(Z_DIM, (1, 32, 32), 2), nn.LeakyReLU)


@pytest.mark.parametrize("name", ["dcgan-generator", "dcgan-discriminator"])
def test_dcgan_starts_from_normal_weights_of_deviation_a_fiftieth(name):
    wide = {"dcgan-generator": dcgan.generator(Z_DIM, (3, 32, 32), 16, hidden=[32, 32])}
    wide["dcgan-discriminator"] = dcgan.discriminator((3, 32, 32), 16, hidden=32)
    for layer in layers_of(wide[name], nn.Linear, nn.Conv2d, nn.ConvTranspose2d):
        assert_moments(layer.weight, 0, 0.02)
        assert layer.bias is None or not layer.bias.any()
    norms = layers_of(wide[name], nn.BatchNorm1d, nn.BatchNorm2d)
    assert_moments(torch.cat([norm.weight for norm in norms]), 1, 0.02)
    assert not any(norm.bias.any() for norm in norms)


@pytest.mark.parametrize(
    "build",
    [
        lambda: resnet.generator(16, (3, 32, 32), 8),
        lambda: resnet.critic((3, 32, 32), 8),
        lambda: nn.Sequential(*mlp_generator(16, [64, 64], (2,), nn.ReLU)),
        lambda: mlp_critic((2,), [64, 64], nn.ReLU),
    ],
    ids=["resnet-generator", "resnet-critic", "mlp-generator", "mlp-critic"],
)
def test_he_initialisation(build):
    network = build()
    he_initialise(network)
    normalised = []
    for layer in layers_of(network, nn.Linear, nn.Conv2d):
        fan_in = layer.weight[0].numel()
        assert_moments(layer.weight, 0, math.sqrt(2 / fan_in))
        normalised.append(layer.weight.detach().flatten() * math.sqrt(fan_in / 2))
        assert not layer.bias.any()
    pooled = torch.cat(normalised).double()
    fourth = 5 * math.sqrt(96 / len(pooled))
    assert pooled.pow(4).mean().item() == pytest.approx(3, abs=fourth)  # normal, not uniform


def test_resnets_come_initialised():
    for network in (resnet.generator(64, (3, 32, 32), 8), resnet.critic((3, 32, 32), 8)):
        for layer in layers_of(network, nn.Linear, nn.Conv2d):
            assert_moments(layer.weight, 0, math.sqrt(2 / layer.weight[0].numel()))


def test_he_initialisation_keeps_the_second_moment_through_relu_layers():
    depth, width = 6, 512
    layers = [layer for _ in range(depth) for layer in (nn.Linear(width, width), nn.ReLU())]
    network = nn.Sequential(*layers[:-1])
    he_initialise(network)
    x = torch.randn(64, width)
    x *= math.sqrt(width) / x.norm(dim=1, keepdim=True)
    # Var doubles the mean square of the input at the first layer and keeps it at all others.
    assert network(x).square().mean().item() == pytest.approx(2.0, rel=0.35)


@pytest.mark.parametrize("name", BUILDERS)
def test_sizes_that_cannot_be_made_name_one_that_can(name):
    for size in sorted({*range(1, 140, 9), 4, 7, 30, 36, 50, 100, 129, 256, 1000} - {*POSSIBLE}):
        with pytest.raises(ConfigError, match=f"{size}x{size} pixels") as raised:
            BUILDERS[name]((1, size, size))
        offered = int(re.search(r"Give --size (\d+)\.", str(raised.value))[1])
        assert abs(offered - size) == min(abs(possible - size) for possible in POSSIBLE)
    for size in POSSIBLE[:-3]:
        BUILDERS[name]((1, size, size))


@pytest.mark.parametrize("size", [(28, 30), (30, 28), (8, 9), (64, 256), (4, 64), (1, 1)], ids=str)
@pytest.mark.parametrize("name", BUILDERS)
def test_oblong_sizes_that_cannot_be_made(name, size):
    with pytest.raises(ConfigError, match=f"{size[0]}x{size[1]} pixels") as raised:
        BUILDERS[name]((3, *size))
    offered = int(re.search(r"Give --size (\d+)\.", str(raised.value))[1])
    network = BUILDERS[name]((3, offered, offered))
    x = torch.randn(2, Z_DIM) if "generator" in name else torch.randn(2, 3, offered, offered)
    assert network(x).shape == ((2, 3, offered, offered) if "generator" in name else (2, 1))


def test_layer_norm_is_that_of_one_sample():
    norm, x = resnet.layer_norm(6), torch.randn(4, 6, 5, 3) * 3 + 1
    assert_close(norm(x), F.layer_norm(x, (6, 5, 3)))
    assert_close(norm(x)[:1], norm(x[:1]))
    norm.weight.data, norm.bias.data = torch.randn(6), torch.randn(6)
    scaled = F.layer_norm(x, (6, 5, 3)) * norm.weight[:, None, None] + norm.bias[:, None, None]
    assert_close(norm(x), scaled)


@pytest.mark.parametrize("norm", CRITIC_NORMS)
@pytest.mark.parametrize("hidden", [0, 32])
def test_a_score_depends_on_its_own_sample_alone(norm, hidden):
    critic = resnet.critic((1, 16, 16), 4, norm, hidden)
    x = torch.randn(3, 1, 16, 16, requires_grad=True)
    scores = critic(x)
    assert_close(scores[:1], critic(x[:1]), rtol=1e-4, atol=1e-5)
    slopes = [torch.autograd.grad(score, x, retain_graph=True)[0] for score in scores[:, 0]]
    for own, slope in enumerate(slopes):
        felt = slope.flatten(1).norm(dim=1) > 0
        assert felt.tolist() == [number == own for number in range(3)]


def test_batch_norm_would_couple_samples():
    critic = resnet.critic((1, 16, 16), 4, "batch")
    x = torch.randn(3, 1, 16, 16, requires_grad=True)
    slope = torch.autograd.grad(critic(x)[0, 0], x)[0]
    assert (slope.flatten(1).norm(dim=1) > 0).all()


def test_norms_of_the_resnets():
    def norms(network: nn.Module) -> list[type]:
        return [type(layer) for layer in layers_of(network, nn.BatchNorm2d, nn.GroupNorm)]

    shape = (1, 32, 32)  # three blocks: two norms each, one after the generator's last, but
    assert norms(resnet.generator(Z_DIM, shape, 2)) == [nn.BatchNorm2d] * 7
    assert norms(resnet.critic(shape, 2, "layer")) == [nn.GroupNorm] * 4  # none in the first block
    assert norms(resnet.critic(shape, 2, "none")) == []


def test_upsampling_repeats_pixels():
    x = torch.randn(2, 3, 4, 5)
    assert resnet.upsample(x).equal(x.repeat_interleave(2, 2).repeat_interleave(2, 3))


@pytest.mark.parametrize("norm", resnet.NORMS)
def test_up_block_enlarges_before_or_after_its_shortcut(norm):
    block, x = resnet.UpBlock(4, 2, norm, middle=2), torch.randn(3, 4, 5, 6)
    large = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert_close(resnet.upsample(block.shortcut(x)), block.shortcut(large))
    y = block.conv1(resnet.upsample(block.norm1(x).relu()))
    assert_close(block(x), block.conv2(block.norm2(y).relu()) + block.shortcut(large))


@pytest.mark.parametrize("norm", resnet.NORMS)
def test_down_block_takes_the_mean_before_or_after_its_shortcut(norm):
    block, x = resnet.DownBlock(2, 4, norm, middle=2), torch.randn(3, 2, 6, 4)

    def mean(y: Tensor) -> Tensor:
        return y.unflatten(2, (-1, 2)).unflatten(4, (-1, 2)).mean((3, 5))

    y = block.conv2(block.norm2(block.conv1(block.norm1(x).relu())).relu())
    assert_close(block(x), mean(y + block.shortcut(x)), rtol=1e-4, atol=1e-5)


def test_the_first_block_starts_with_a_plain_convolution():
    block, x = resnet.FirstBlock(3, 4, middle=2), torch.randn(2, 3, 6, 4)
    y = block.conv2(block.conv1(x).relu()) + block.shortcut(x)
    assert_close(block(x), F.avg_pool2d(y, 2), rtol=1e-4, atol=1e-5)


def test_scores_are_float32_whatever_the_precision():
    head, x = ScoreHead(7, 3), torch.randn(4, 7)
    for given in (x, x.bfloat16()):
        expected = given.float() @ head.weight.T + head.bias
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert nn.Linear(7, 3)(given).dtype is torch.bfloat16
            assert_close(head(given), expected)
        assert_close(head(given), expected)


@pytest.mark.parametrize(
    "build",
    [
        lambda: dcgan.discriminator((1, 16, 16), 2),
        lambda: resnet.critic((1, 16, 16), 2),
        lambda: mlp_critic((1, 16, 16), [8], nn.ReLU),
    ],
    ids=["dcgan", "resnet", "mlp"],
)
def test_every_judge_scores_in_float32(build):
    network, inside = build(), []
    for layer in layers_of(network, nn.Conv2d, nn.Linear)[:-1]:
        layer.register_forward_hook(lambda *given: inside.append(given[2].dtype))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network(torch.randn(4, 1, 16, 16))
    assert scores.dtype is torch.float32
    assert inside and set(inside) == {torch.bfloat16}


def test_mlp_makes_images_through_tanh_and_points_without_bound():
    images = mlp_generator(Z_DIM, [8], (3, 4, 5), nn.ReLU)
    points = mlp_generator(Z_DIM, [8], (2,), nn.ReLU)
    he_initialise(points)
    z = 100 * torch.randn(6, Z_DIM)
    assert images(z).shape == (6, 3, 4, 5) and images(z).abs().max() <= 1
    assert points(z).shape == (6, 2) and points(z).abs().max() > 1


def test_mlp_sizes_and_activations():
    critic = mlp_critic((1, 4, 4), [8, 6], nn.ReLU)
    shapes = [tuple(layer.weight.shape) for layer in layers_of(critic, nn.Linear)]
    assert shapes == [(8, 16), (6, 8), (1, 6)]
    kinds = [type(layer) for layer in critic if not isinstance(layer, nn.Flatten)]
    assert kinds == [nn.Linear, nn.ReLU, nn.Linear, nn.ReLU, ScoreHead]
    assert critic(torch.randn(3, 1, 4, 4)).shape == (3, 1)
