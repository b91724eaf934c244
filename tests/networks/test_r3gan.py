"""R3GAN's networks: shapes, widths, what they start as, and the filter that they resample by."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import nn
from torch.testing import assert_close

from gansmith.errors import ConfigError
from gansmith.methods.r3gan import R3GAN
from gansmith.networks import r3gan, r3gan_layers

SIZES = [(28, 28), (32, 32), (48, 48), (64, 64), (128, 128), (32, 48), (56, 28)]
Z_DIM = 5


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    """The same weights every time, and the global generator left as it was."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def blocks_of(network: nn.Module) -> list[r3gan_layers.Block]:
    """From input to output."""
    return [layer for layer in network.modules() if isinstance(layer, r3gan_layers.Block)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
def test_shapes(channels, size):
    shape = (channels, *size)
    nets = r3gan.pair(Z_DIM, shape, 2, 8, 1)
    images = nets["generator"](torch.randn(2, Z_DIM))
    assert images.shape == (2, *shape)
    assert nets["critic"](images).shape == (2, 1)


def test_points_get_perceptrons():
    nets = r3gan.pair(Z_DIM, (2,), 7, 8, 1)
    points = nets["generator"](torch.randn(3, Z_DIM))
    assert points.shape == (3, 2)
    assert nets["critic"](points).shape == (3, 1)
    assert nets["critic"][1].weight.shape == (7, 2)


@pytest.mark.parametrize(
    ("side", "width", "widest", "expected"),
    [(28, 2, 8, [2, 4, 8]), (64, 2, 8, [2, 4, 8, 8, 8]), (32, 24, 8, [24, 24, 24, 24])],
)
def test_widths_double_from_the_image_inwards_up_to_the_widest(side, width, widest, expected):
    nets = r3gan.pair(Z_DIM, (3, side, side), width, widest, 2)
    doubled = [channels for channels in expected for _ in range(2)]
    assert [block.narrow.out_channels for block in blocks_of(nets["critic"])] == doubled
    generator = blocks_of(nets["generator"])
    assert [block.narrow.out_channels for block in generator] == doubled[::-1]


def test_a_block_starts_as_the_identity():
    x = torch.randn(2, 8, 5, 5)
    assert r3gan_layers.Block(8, 3)(x).equal(x)


@pytest.mark.parametrize("blocks", [1, 8])
def test_the_first_layers_of_a_block_shrink_with_the_number_of_blocks(blocks):
    block = r3gan_layers.Block(64, blocks)
    assert block.mix.weight.shape == (128, 16, 3, 3)  # groups of 16 channels
    for layer, inputs in ((block.widen, 64), (block.mix, 16 * 9)):
        wanted = math.sqrt(2 / 1.04 / inputs) * blocks**-0.25
        spread = layer.weight.std() / wanted
        assert abs(spread - 1) < 5 / math.sqrt(2 * layer.weight.numel())
        assert not layer.bias.any()


@pytest.mark.parametrize(("channels", "groups"), [(8, 1), (16, 1), (48, 3), (80, 5), (1536, 96)])
def test_groups_of_sixteen(channels, groups):
    assert r3gan_layers.groups(channels) == groups


def test_the_paper_has_its_groups_at_32_pixels():
    method = R3GAN(**R3GAN.presets(R3GAN.batch[0])["paper"])
    assert (method.width, method.widest, method.blocks) == (768, 768, 2)
    assert r3gan_layers.groups(method.width * r3gan_layers.EXPANSION) == 96


def filtered(line: np.ndarray) -> np.ndarray:
    """A line at half its length, by the definition of the filter, 0 beyond the ends."""
    return np.convolve(np.pad(line, 1), np.array([1, 3, 3, 1]) / 8, mode="valid")[::2]


def test_reducing_is_the_filter_along_both_axes():
    x = torch.randn(2, 3, 6, 8)
    expected = np.apply_along_axis(filtered, 3, np.apply_along_axis(filtered, 2, x.numpy()))
    assert_close(r3gan_layers.reduced(x), torch.from_numpy(expected).float())


def test_enlarging_is_the_transpose_of_reducing_but_at_the_edge():
    small, large = torch.randn(1, 1, 8, 8), torch.zeros(1, 1, 16, 16, requires_grad=True)
    (r3gan_layers.reduced(large) * small).sum().backward()
    inside = (..., slice(2, -2), slice(2, -2))
    assert_close(r3gan_layers.enlarged(small)[inside], 4 * large.grad[inside])


@pytest.mark.parametrize("resample", [r3gan_layers.enlarged, r3gan_layers.reduced])
def test_a_plain_surface_stays_plain_inside(resample):
    assert_close(resample(torch.ones(1, 2, 8, 8))[..., 1:-1, 1:-1].unique(), torch.ones(1))


def test_the_critic_does_not_mix_samples_and_scores_in_float32():
    critic, x = r3gan.critic((1, 28, 28), 2, 8, 1), torch.randn(4, 1, 28, 28)
    assert_close(critic(x)[:1], critic(x[:1]))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert critic(x).dtype is torch.float32
    assert critic[-1].score.bias is None  # a relativistic loss would never move it


def test_images_are_bounded_when_they_are_drawn_and_points_are_not():
    assert_close(r3gan.bounded(torch.full((1, 1, 2, 2), 3.0)), torch.ones(1, 1, 2, 2))
    assert r3gan.bounded(torch.full((1, 2), 3.0)).max() == 3


def test_sizes_that_do_not_halve_are_refused():
    with pytest.raises(ConfigError, match="--size"):
        r3gan.critic((1, 30, 30), 2, 8, 1)
