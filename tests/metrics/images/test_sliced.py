from __future__ import annotations

import numpy as np
import ot
import pytest
import torch

from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images import sliced as module
from gansmith.metrics.images.sliced import DIRECTIONS, directions, sliced, squared_distances


def given(n=60, m=40, split="held-out", seed=0):
    random = torch.Generator().manual_seed(seed)
    x = torch.rand(n + m + 50, 1, 6, 5, generator=random) * 2 - 1
    parts = [Samples(part) for part in x.split([n, m, 50])]
    return Given(parts[0], parts[1], split, parts[2])


@pytest.mark.parametrize(("n", "m"), [(50, 50), (50, 20), (31, 64), (1, 7)])
@pytest.mark.parametrize("numbers", [1 << 22, 300], ids=["whole", "in chunks"])
def test_the_distance_is_that_of_pot(n, m, numbers, monkeypatch):
    monkeypatch.setattr(module, "NUMBERS", numbers)
    random = np.random.default_rng(0)
    a, b = random.normal(size=(n, 12)), random.normal(0.3, 2, size=(m, 12))
    along = directions(12, 40, random)
    expected = ot.sliced_wasserstein_distance(a, b, projections=along, p=2)
    assert np.sqrt(squared_distances(a, b, along).mean()) == pytest.approx(expected, rel=1e-6)


def test_a_shift_moves_each_direction_by_its_share():
    random = np.random.default_rng(0)
    a, shift, along = random.normal(size=(30, 4)), np.array([1.0, -2, 0, 3]), np.eye(4)
    np.testing.assert_allclose(squared_distances(a, a + shift, along), shift**2, atol=1e-12)


def test_directions_are_even_on_the_sphere():
    along = directions(3, 100_000, np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.norm(along, axis=0), 1)
    np.testing.assert_allclose(along @ along.T / 100_000, np.eye(3) / 3, atol=0.005)


def test_the_measure_is_pots_distance_of_pixels():
    one = given()
    (found,) = sliced(one)
    along = directions(30, DIRECTIONS, np.random.default_rng(one.seed))
    a, b, train = (
        s.x.flatten(1).double().numpy() for s in (one.generated, one.reference, one.train)
    )
    pot = ot.sliced_wasserstein_distance
    assert found.value == pytest.approx(pot(a, b, projections=along), rel=1e-6)
    assert found.details["real"] == pytest.approx(pot(train, b, projections=along), rel=1e-6)
    assert found.features == ""


def test_training_images_are_no_baseline_for_themselves():
    (found,) = sliced(given(split="training"))
    assert "real" not in found.details


def test_equal_samples_have_no_distance():
    one = given()
    (found,) = sliced(Given(one.reference, one.reference, "held-out", one.train))
    assert found.value == 0
