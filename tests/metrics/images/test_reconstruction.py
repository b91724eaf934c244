from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images import searching
from gansmith.metrics.images.reconstruction import reconstruction, reconstruction_short
from gansmith.metrics.images.searching import SHORT, Search, reconstructed
from gansmith.metrics.measuring import measure

Z, SHAPE = 3, (1, 4, 5)
RANDOM = torch.Generator().manual_seed(0)
MATRIX = torch.randn(Z, 20, generator=RANDOM, dtype=torch.float64)
OFFSET = torch.randn(20, generator=RANDOM, dtype=torch.float64)


def linear(z):
    return (z @ MATRIX.to(z.dtype) + OFFSET.to(z.dtype)).view(-1, *SHAPE)


def least_squares(x):
    """The best z (N, 3) and its mean squared errors (N,)."""
    wanted = (x.flatten(1).double() - OFFSET).T.numpy()
    z, squares, _, _ = np.linalg.lstsq(MATRIX.T.numpy(), wanted, rcond=None)
    return z.T, squares / 20


def images(n, dtype=torch.float64):
    return torch.randn(n, *SHAPE, generator=torch.Generator().manual_seed(1), dtype=dtype)


def test_a_linear_generator_reaches_the_least_squares():
    x = images(6)
    z, errors = reconstructed(linear, Z, x, search=Search(restarts=2, steps=400))
    best_z, best = least_squares(x)
    np.testing.assert_allclose(errors, best, rtol=1e-6)
    np.testing.assert_allclose(z, best_z, atol=1e-3)


def test_many_images_are_searched_for_a_few_at_a_time(monkeypatch):
    """What is found of each is the same, and no more z are held at once."""
    x, search, held = images(7), Search(restarts=3, steps=5), []
    whole = reconstructed(linear, Z, x, search=search)
    monkeypatch.setattr(searching, "ROWS", 6)
    parts = reconstructed(lambda z: held.append(len(z)) or linear(z), Z, x, search=search)
    assert max(held) == 6
    for one, other in zip(whole, parts, strict=True):
        torch.testing.assert_close(one, other)


def test_what_the_generator_makes_is_found():
    x = linear(torch.randn(4, Z, generator=torch.Generator().manual_seed(2), dtype=torch.float64))
    _, errors = reconstructed(linear, Z, x, search=Search(restarts=2, steps=400))
    np.testing.assert_allclose(errors, 0, atol=1e-8)


def test_the_best_of_the_restarts_counts():
    """A generator with a wall: what begins on the wrong side of 0 ends there."""

    def walled(z):
        return torch.where(z > 0, 1 + 0 * z, -1 + 0 * z).view(-1, 1, 1, 1)

    x = torch.tensor([1.0, -1.0] * 20).view(-1, 1, 1, 1)
    _, once = reconstructed(walled, 1, x, search=Search(restarts=1, steps=1))
    z, often = reconstructed(walled, 1, x, search=Search(restarts=12, steps=1))
    assert 0 < (once > 0).sum() < 40
    assert (often == 0).all()
    np.testing.assert_array_equal(z[:, 0].sign(), x.flatten())


def rmsprop(slope, z, steps, rate=0.01, alpha=0.9, eps=1e-6):
    """z after so many steps of RMSprop, written out (Tieleman and Hinton 2012)."""
    mean = np.zeros_like(z)
    for _ in range(steps):
        gradient = slope(z)
        mean = alpha * mean + (1 - alpha) * gradient**2
        z = z - rate * gradient / (np.sqrt(mean) + eps)
    return z


def test_the_short_search_is_fifty_steps_of_rmsprop_from_zero():
    x, matrix, offset = images(3), MATRIX.numpy(), OFFSET.numpy()
    wanted = x.flatten(1).numpy()

    def slope(z):
        return 2 * (z @ matrix + offset - wanted) @ matrix.T / 20

    z, errors = reconstructed(linear, Z, x, search=SHORT)
    found = rmsprop(slope, np.zeros((3, Z)), steps=50)
    np.testing.assert_allclose(z, found, rtol=1e-6)
    np.testing.assert_allclose(errors, ((found @ matrix + offset - wanted) ** 2).mean(1), rtol=1e-6)
    np.testing.assert_array_equal(z, reconstructed(linear, Z, x, seed=5, search=SHORT)[0])


def test_the_short_search_begins_with_the_middle_of_the_prior():
    _, errors = reconstructed(linear, Z, images(3), search=SHORT._replace(steps=0))
    wanted = (OFFSET - images(3).flatten(1)).square().mean(1)
    np.testing.assert_allclose(errors, wanted)


def test_the_short_measure_says_that_it_is_one():
    one = given(generator=linear, z_dim=Z)
    (short,), (thorough,) = reconstruction_short(one), reconstruction(one)
    assert short.key != thorough.key and short.details["rows"] == thorough.details["rows"]
    assert short.value >= thorough.value - 1e-6
    assert (short.details["steps"], short.details["optimizer"]) == (50, "rmsprop")
    assert "1 beginning, 50 steps" in short.notes[1]


def given(**more):
    x = images(60, torch.float32)
    samples = Samples(x[:20]), Samples(x[20:40]), "held-out", Samples(x[40:])
    return Given(*samples, **more)


def test_the_measure_and_its_baselines():
    one = given(generator=linear, z_dim=Z)
    (found,) = reconstruction(one)
    x = one.reference.x
    assert found.n == found.n_reference == 20
    assert found.value == pytest.approx(least_squares(x)[1].mean(), rel=1e-4)
    mean = ((x - one.train.x.mean(0)) ** 2).mean()
    apart = (x[:, None] - one.generated.x).flatten(2).square().mean(2).amin(1).mean()
    assert found.details["mean_image"] == pytest.approx(float(mean), rel=1e-5)
    assert found.details["nearest_sample"] == pytest.approx(float(apart), rel=1e-5)
    assert found.details["seconds_per_image"] > 0
    json.dumps(found.as_json(), allow_nan=False)


def test_the_seed_decides():
    one = given(generator=linear, z_dim=Z)
    first, again = reconstruction(one)[0], reconstruction(one)[0]
    assert first.details["errors"] == again.details["errors"]


def test_without_a_generator_it_is_left_out():
    assert "noise" in measure(given(), ["reconstruction"]).left_out["reconstruction"]
