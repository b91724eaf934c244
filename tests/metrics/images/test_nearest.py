from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

from gansmith.errors import DataError
from gansmith.metrics.images import nearest
from gansmith.metrics.images.nearest import nearest_training


def images(n, *shape, seed=0):
    return torch.rand(n, *shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def shifted(x, down, right):
    """By numpy, apart from the code that is tested."""
    height, width = x.shape[2:]
    padded = np.pad(x.numpy(), ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    moved = padded[:, :, 1 + down : 1 + down + height, 1 + right : 1 + right + width]
    return torch.from_numpy(np.ascontiguousarray(moved))


def by_hand(x, train):
    """(N, M) distances over all pairs and shifts."""
    flat = x.flatten(1).double().numpy()
    each = [
        cdist(flat, shifted(train, down, right).flatten(1).double().numpy())
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    ]
    return np.min(each, axis=0) / np.sqrt(flat.shape[1])


@pytest.mark.parametrize("numbers", [1 << 22, 500], ids=["whole", "in chunks"])
def test_distances_are_the_least_over_pairs_and_shifts(numbers, monkeypatch):
    monkeypatch.setattr(nearest, "NUMBERS", numbers)
    x, train = images(13, 2, 9, 12), images(40, 2, 9, 12, seed=1)
    rows, distances = nearest_training(x, train, 5)
    expected = by_hand(x, train)
    np.testing.assert_array_equal(rows, expected.argsort(1)[:, :5])
    np.testing.assert_allclose(distances, np.sort(expected, 1)[:, :5], rtol=1e-6)


@pytest.mark.parametrize("down", [-1, 0, 1])
@pytest.mark.parametrize("right", [-1, 0, 1])
def test_a_shifted_replay_of_a_large_image_is_found(down, right):
    train = images(60, 3, 50, 37)
    rows, distances = nearest_training(shifted(train[20:30], down, right), train, 2)
    np.testing.assert_array_equal(rows[:, 0], np.arange(20, 30))
    assert (distances[:, 0] == 0).all()
    assert (distances[:, 1] > 0.5).all()


def test_distances_of_large_images_are_of_all_their_pixels():
    x, train = images(6, 1, 40, 33), images(30, 1, 40, 33, seed=1)
    rows, distances = nearest_training(x, train, 3)
    expected = np.take_along_axis(by_hand(x, train), rows, axis=1)
    np.testing.assert_allclose(distances, expected, rtol=1e-6)


def test_black_against_white_is_two():
    _, distances = nearest_training(torch.ones(1, 1, 8, 8), -torch.ones(1, 1, 8, 8))
    assert distances == pytest.approx(2)


@pytest.mark.parametrize(("size", "k"), [(9, 1), (8, 0), (8, 5)])
def test_what_does_not_fit_is_refused(size, k):
    with pytest.raises(DataError):
        nearest_training(images(2, 1, size, size), images(4, 1, 8, 8), k)


def test_the_order_of_numbers_in_memory_does_not_matter():
    numbers = np.random.default_rng(0)
    x, train = (torch.from_numpy(numbers.random((n, 3, 8, 8))).float() for n in (4, 20))
    last = [one.contiguous(memory_format=torch.channels_last) for one in (x, train)]
    (rows, distances), (again, same) = nearest_training(x, train, 2), nearest_training(*last, 2)
    assert np.array_equal(rows, again)
    np.testing.assert_allclose(distances, same, rtol=1e-5)
