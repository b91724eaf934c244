"""Augmentation: against oracles and closed forms, differentiable, and adapted as its paper says."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.func import vmap

from gansmith.augment import Augmentation, translate
from gansmith.augment.chance import IMAGES, Chance, adapt
from gansmith.augment.kinds import KINDS, NUMBERS, augment, colour, cutout, flip
from gansmith.draws import Random


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


def test_a_flip_mirrors_where_its_number_is_small():
    images = torch.randn(2, 3, 4, 5)
    found = flip(images, torch.tensor([[0.49], [0.5]]))
    assert found[0].equal(images[0].flip(2)) and found[1].equal(images[1])


def test_brightness_adds_and_saturation_and_contrast_scale_what_they_should():
    images, half = torch.randn(4, 3, 6, 6), 0.5
    unchanged = torch.full((4, 3), half)
    torch.testing.assert_close(colour(images, unchanged), images)
    brighter, grey, sharper = unchanged.clone(), unchanged.clone(), unchanged.clone()
    brighter[:, 0], grey[:, 1], sharper[:, 2] = 0.75, 0.0, 1.0
    torch.testing.assert_close(colour(images, brighter), images + 0.25)
    mean = images.mean(1, keepdim=True).expand_as(images)
    torch.testing.assert_close(colour(images, grey), mean)
    found = colour(images, sharper)
    torch.testing.assert_close(found.mean((1, 2, 3)), images.mean((1, 2, 3)))
    torch.testing.assert_close(found.std((1, 2, 3)), 1.5 * images.std((1, 2, 3)))


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (16, 24)])
def test_cutout_greys_a_square_of_half_the_side_around_its_centre(size):
    images = torch.ones(500, 2, *size)
    found = cutout(images, torch.rand(500, 3))
    side = min(size) // 2
    cut = (found == 0).all(1)
    assert set(found.unique().tolist()) == {0.0, 1.0} and (found == 0).any(1).equal(cut)
    largest = cut.flatten(1).sum(1).max()
    assert side**2 <= largest <= (side + 1) ** 2
    middle = cutout(images[:1], torch.tensor([[0.5, 0.5, 0.0]]))[0, 0] == 0
    rows, columns = middle.any(1).nonzero(), middle.any(0).nonzero()
    assert len(rows) * len(columns) == middle.sum()
    assert abs(float(rows.float().mean()) - size[0] / 2) <= 0.5
    assert abs(float(columns.float().mean()) - size[1] / 2) <= 0.5


def test_the_chance_decides_how_many_images_are_treated():
    images, draw = torch.rand(4000, 1, 4, 4) + 2, torch.rand(4000, NUMBERS)
    for chance in (0.0, 0.3, 1.0):
        found = augment(images, draw, ["cutout"], torch.tensor(chance))
        treated = (found != images).flatten(1).any(1).float().mean()
        assert float(treated) == pytest.approx(chance, abs=0.03)
    assert augment(images, draw, []) is images


def test_each_kind_has_numbers_of_its_own():
    assert 4 * len(KINDS) == NUMBERS
    images, draw = torch.randn(64, 3, 8, 8), torch.rand(64, NUMBERS)
    for number, kind in enumerate(KINDS):
        others = torch.rand(64, NUMBERS)
        others[:, 4 * number : 4 * number + 4] = draw[:, 4 * number : 4 * number + 4]
        assert augment(images, draw, [kind]).equal(augment(images, others, [kind])), kind


def test_the_gradient_of_every_kind_agrees_with_finite_differences():
    images = torch.randn(3, 3, 4, 4, dtype=torch.float64, requires_grad=True)
    draw = torch.rand(3, NUMBERS, dtype=torch.float64)
    for kind in KINDS:
        assert torch.autograd.gradcheck(lambda x, kind=kind: augment(x, draw, [kind]), images)


def test_real_and_generated_images_have_draws_of_their_own_and_equal_rows_in_parts():
    treated = Augmentation(shift=1, kinds=tuple(KINDS))
    whole = treated.draws(Random((0, "a"), 8))
    halves = [treated.draws(Random((0, "a"), 8, slice(i, i + 4))) for i in (0, 4)]
    for name, numbers in whole.items():
        assert torch.cat([half[name] for half in halves]).equal(numbers)
    assert not whole["augment_real"].equal(whole["augment_fake"])


def test_the_chance_grows_while_the_discriminator_is_too_sure_and_falls_otherwise():
    chance = Chance()
    for _ in range(20):
        adapt(chance, torch.tensor(1.0), target=0.6, images=IMAGES // 100)
    grown = float(chance.p)  # the running mean passes 0.6 after nine steps
    assert grown == pytest.approx(0.12, abs=0.011)
    for _ in range(200):
        adapt(chance, torch.tensor(0.0), target=0.6, images=IMAGES // 100)
    assert float(chance.p) == 0.0
    for _ in range(300):
        adapt(chance, torch.tensor(1.0), target=0.6, images=IMAGES // 100)
    assert float(chance.p) == 1.0
