"""How often each pixel of a doubled map is written to: the arithmetic behind the checkerboard."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from gansmith.networks.upsampling import doubling

INTERIOR = slice(4, -4)


def contributions(upsample: str, kernel: int) -> Tensor:
    """A map of ones, doubled by kernels of ones."""
    layers = nn.Sequential(*doubling(1, 1, upsample, kernel, bias=False))
    for layer in layers:
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.ones_(layer.weight)
    return layers(torch.ones(1, 1, 8, 6))[0, 0]


@pytest.mark.parametrize(
    ("upsample", "kernel", "square"),
    [
        ("deconv", 3, [[1, 2], [2, 4]]),  # in one direction 1, 2, 1, 2 ...
        ("deconv", 4, [[4, 4], [4, 4]]),
        ("deconv", 5, [[9, 6], [6, 4]]),  # in one direction 3, 2, 3, 2 ...
        ("resize", 4, [[9, 9], [9, 9]]),
    ],
)
def test_contributions_to_each_pixel_of_the_interior(upsample, kernel, square):
    counted = contributions(upsample, kernel)
    assert counted.shape == (16, 12)
    inside = counted[INTERIOR, INTERIOR]
    assert inside.equal(torch.tensor(square).float().repeat(4, 2))


def test_resizing_is_even_at_the_edges_too():
    assert contributions("resize", 4).unique().tolist() == [9]
    assert len(contributions("deconv", 4).unique()) > 1


def test_resizing_repeats_pixels_and_reflects_edges():
    resize, x = nn.Sequential(*doubling(2, 3, "resize", 4, bias=True)), torch.randn(2, 2, 4, 5)
    large = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
    rows, columns = [1, *range(8), 6], [1, *range(10), 8]
    padded = large[:, :, rows][:, :, :, columns]
    conv = resize[1]
    expected = nn.functional.conv2d(padded, conv.weight, conv.bias)
    torch.testing.assert_close(resize(x), expected)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("upsample", ["deconv", "resize"])
def test_a_bias_only_where_it_is_asked_for(upsample, bias):
    assert (doubling(2, 3, upsample, 4, bias)[-1].bias is not None) == bias
