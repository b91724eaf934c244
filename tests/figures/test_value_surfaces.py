"""What is said of surfaces, weights and gradients, against cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from gansmith.figures.surfaces import AXIS, at_the_edge, by_layer, directions, linear_share
from gansmith.figures.value_surfaces import noisy

X, Y = np.meshgrid(AXIS.numpy(), AXIS.numpy())


def test_what_a_linear_function_explains() -> None:
    plane, bowl = 2 * X - Y + 1, -(X**2) - Y**2
    assert linear_share(plane) == pytest.approx(1)
    assert linear_share(bowl) == pytest.approx(0, abs=1e-6)
    share = plane.var() / (plane + bowl).var()  # over the square they do not correlate
    assert linear_share(plane + bowl) == pytest.approx(share, rel=1e-5)


def test_directions_are_counted() -> None:
    assert directions(2 * X - Y + 1) == 1
    assert directions(-X) == 1
    assert directions(-np.maximum(abs(X), abs(Y))) == 4
    assert 250 < directions(-np.hypot(X, Y)) < 330
    assert directions(np.zeros((128, 128))) == 0


def test_weights_within_2_percent_of_c() -> None:
    weights = torch.tensor([0.01, -0.01, 0.0099, 0.0097, 0.0, 0.005])
    assert at_the_edge(weights, 0.01) == pytest.approx(3 / 6)


def test_gradients_by_layer_are_products_of_weights() -> None:
    critic = nn.Sequential(*(nn.Linear(1, 1) for _ in range(3)))
    for layer, weight in zip(critic, (5.0, 3.0, 2.0), strict=True):
        nn.init.constant_(layer.weight, weight)
    real, fake = torch.ones(4, 1), torch.zeros(4, 1)
    last = (8 / 16) ** 0.5  # eight samples of slope ±1/4
    assert by_layer(critic, real, fake) == pytest.approx([6 * last, 2 * last, last])


def test_generated_samples_are_real_ones_with_noise() -> None:
    from gansmith.draws import Random

    pairs, _ = noisy("8gaussians")
    real, fake = pairs(Random((0,), 20_000))
    assert fake.var(0).tolist() == pytest.approx((real.var(0) + 1).tolist(), rel=0.05)
