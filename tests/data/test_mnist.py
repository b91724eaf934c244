"""The embedded digits: their counts, split, range and labels, and that the split is kept."""

from __future__ import annotations

import hashlib

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from gansmith.batch import DataSet, LabeledImages
from gansmith.data import open_data
from gansmith.data.form import Form
from gansmith.data.loader import Loader
from gansmith.errors import DataError


@pytest.fixture(scope="module")
def digits() -> DataSet:
    """As they are, 28x28."""
    return open_data("mnist")


@pytest.fixture(scope="module")
def train(digits: DataSet) -> LabeledImages:
    """All training images."""
    return digits.take(torch.arange(digits.spec.size))


@pytest.fixture(scope="module")
def held_out(digits: DataSet) -> LabeledImages:
    """All held-out images."""
    return digits.held_out()


def pixels(x: Tensor) -> Tensor:
    """[-1, 1] → 0 ... 255, where the images came from."""
    return ((x + 1) * 127.5).round().to(torch.uint8).contiguous()


def hashes(x: Tensor) -> list[str]:
    """One a sample, of its bytes."""
    return [hashlib.sha256(image.numpy().tobytes()).hexdigest() for image in pixels(x)]


def test_counts(digits, train, held_out):
    assert digits.spec.size == 4000 and digits.spec.shape == (1, 28, 28)
    assert digits.spec.class_names == tuple("0123456789") and digits.spec.batch is LabeledImages
    assert train.x.shape == (4000, 1, 28, 28) and held_out.x.shape == (1000, 1, 28, 28)
    assert train.x.dtype is torch.float32 and train.y.dtype is torch.int64
    assert torch.bincount(train.y).tolist() == [400] * 10
    assert torch.bincount(held_out.y).tolist() == [100] * 10


def test_pixels_fill_the_range_in_steps_of_a_byte(train, held_out):
    for part in (train, held_out):
        assert part.x.min() == -1 and part.x.max() == 1
        torch.testing.assert_close(part.x, pixels(part.x) / 127.5 - 1)


def test_ink_is_light_on_a_black_ground(train):
    corners = train.x[:, 0, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert (corners == -1).all()
    assert ((train.x == -1).float().mean((1, 2, 3)) > 0.4).all()
    assert (train.x.amax((1, 2, 3)) > 0.8).all()


def test_the_split_shares_no_image(train, held_out):
    assert set(hashes(train.x)).isdisjoint(hashes(held_out.x))


@pytest.mark.parametrize("process", [(0, 1), (1, 2)], ids=["one-process", "second-of-two"])
def test_no_held_out_image_is_served_in_two_passes(digits, train, held_out, process):
    secret, known = set(hashes(held_out.x)), set(hashes(train.x))
    loader = Loader(digits, seed=0, repeats=5, process=process)
    rows, passes, seen = 160, 2, []
    for place in range(passes * 4000 // rows):
        seen += hashes(loader(*divmod(place, 5), rows).x)
    assert len(seen) == passes * 4000 // process[1]
    assert secret.isdisjoint(seen)
    assert set(seen) == known if process == (0, 1) else set(seen) < known


def test_labels_belong_to_their_images(train, held_out):
    means = torch.stack([train.x[train.y == digit].mean(0) for digit in range(10)]).flatten(1)
    guesses = torch.cdist(held_out.x.flatten(1), means).argmin(1)
    # The nearest class mean is known to be right for four digits in five; chance is one in ten.
    assert (guesses == held_out.y).float().mean() > 0.7


def test_images_are_neither_turned_nor_mirrored(train):
    seven = train.x[train.y == 7].mean(0)[0] + 1
    stem = (seven * torch.arange(28.0)).sum(1) / seven.sum(1)  # the column of its ink, by row
    assert seven[6:11].sum() > 1.5 * seven[18:23].sum()  # the bar is above
    assert stem[12:14].mean() > stem[18:23].mean() + 1  # the stem falls to the left


@pytest.mark.parametrize("size", [14, 32, 64])
def test_resizing_agrees_with_antialiased_bicubic_interpolation(train, size):
    resized = open_data("mnist", Form(size=size))
    assert resized.spec.shape == (1, size, size) and resized.spec.size == 4000
    assert resized.held_out().x.shape == (1000, 1, size, size)
    rows = torch.arange(0, 4000, 100)
    taken, expected = resized.take(rows), train.x[rows]
    for shape in ((28, size), (size, size)):  # first along rows, kept within bytes between
        expected = F.interpolate(expected, shape, mode="bicubic", antialias=True).clamp(-1, 1)
    torch.testing.assert_close(taken.x, expected, rtol=0, atol=3 / 127.5)
    assert taken.y.equal(train.y[rows])


def test_the_own_size_is_the_images_themselves(digits, train):
    same = open_data("mnist", Form(size=28))
    assert same.spec == digits.spec
    assert same.take(torch.arange(4000)).x.equal(train.x)


def test_the_fingerprint_tells_sizes_apart(digits):
    assert len(digits.spec.fingerprint) == 64
    assert open_data("mnist", Form(size=32)).spec.fingerprint != digits.spec.fingerprint


@pytest.mark.parametrize("size", [0, -28])
def test_sizes_that_are_none(size):
    with pytest.raises(DataError, match=f"--size {size}: give the side of the images"):
        open_data("mnist", Form(size=size))
