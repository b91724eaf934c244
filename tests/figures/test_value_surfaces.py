"""What is said of surfaces, weights and gradients, against cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from gansmith.figures.surfaces import AXIS, at_the_edge, by_layer, peaks, shape_of
from gansmith.figures.value_surfaces import noisy

X, Y = np.meshgrid(AXIS.numpy(), AXIS.numpy())


def test_how_plain_a_surface_is() -> None:
    plane, bowl = 2 * X - Y + 1, -(X**2) - Y**2
    assert shape_of(plane)["linear"] == pytest.approx(1)
    assert shape_of(bowl)["linear"] == pytest.approx(0, abs=1e-9)
    assert shape_of(bowl + plane)["quadratic"] == pytest.approx(1)
    waves = np.cos(3 * np.pi * X) * np.cos(3 * np.pi * Y)
    assert shape_of(waves)["quadratic"] < 0.01


def test_peaks_are_counted() -> None:
    def heap(x: float, y: float) -> np.ndarray:
        return np.exp(-8 * ((X - x) ** 2 + (Y - y) ** 2))

    assert peaks(heap(0, 0)) == 1
    assert peaks(heap(0, 0) + heap(1.5, 1) + heap(-2, 1)) == 3
    assert peaks(X + Y) == 0


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
