"""Moving images: against an oracle that moves them one by one, and differentiable."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.func import vmap

from gansmith.augment import translate


def moved_by_hand(image: np.ndarray, down: int, across: int) -> np.ndarray:
    """(C, H, W) with y(i, j) = x(i + down, j + across), edges repeated: by padding and cutting."""
    most = max(abs(down), abs(across), 1)
    padded = np.pad(image, ((0, 0), (most, most), (most, most)), mode="edge")
    _, height, width = image.shape
    return padded[:, most + down :, most + across :][:, :height, :width]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("most", [1, 2])
def test_each_image_is_moved_by_its_own_draw(channels, most):
    places = 2 * most + 1
    pairs = [(d, a) for d in range(-most, most + 1) for a in range(-most, most + 1)]
    draw = torch.tensor([[(d + most + 0.5) / places, (a + most + 0.5) / places] for d, a in pairs])
    images = torch.randn(len(pairs), channels, 6, 5)
    moved = translate(images, draw, most)
    for image, found, (down, across) in zip(images.numpy(), moved.numpy(), pairs, strict=True):
        np.testing.assert_array_equal(found, moved_by_hand(image, down, across))


def test_every_move_is_equally_likely_and_none_is_larger():
    ramp = torch.arange(9.0).expand(6000, 1, 9, 9)
    across = translate(ramp, torch.rand(6000, 2), 2)[:, 0, 4, 4] - 4
    assert across.unique().tolist() == [-2, -1, 0, 1, 2]
    shares = torch.bincount((across + 2).long()) / 6000
    torch.testing.assert_close(shares, torch.full((5,), 0.2), rtol=0, atol=0.03)


def test_no_move_gives_the_images_themselves():
    images = torch.randn(2, 1, 4, 4)
    assert translate(images, torch.rand(2, 2), 0) is images


def test_points_are_not_moved():
    points = torch.randn(5, 2)
    assert translate(points, torch.rand(5, 2), 3) is points


def test_the_gradient_goes_back_to_the_pixel_it_came_from():
    images = torch.zeros(1, 1, 5, 5, requires_grad=True)
    translate(images, torch.tensor([[0.9, 0.5]]), 1)[0, 0, 1, 2].backward()
    assert images.grad is not None
    assert images.grad.nonzero().tolist() == [[0, 0, 2, 2]]


def test_under_vmap_it_is_the_same():
    images, draw = torch.randn(3, 4, 1, 6, 6), torch.rand(3, 4, 2)
    together = vmap(lambda x, d: translate(x, d, 2))(images, draw)
    for one, x, d in zip(together, images, draw, strict=True):
        assert one.equal(translate(x, d, 2))
