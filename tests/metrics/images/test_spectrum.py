from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images.spectrum import (
    checkerboard,
    energies,
    frequencies,
    prominence,
    radial,
)


def noise(n, height=28, width=28, deviation=0.3, seed=0):
    random = torch.Generator().manual_seed(seed)
    return deviation * torch.randn(n, 1, height, width, generator=random, dtype=torch.float64)


def board(height=28, width=28):
    return torch.tensor([[(-1.0) ** (i + j) for j in range(width)] for i in range(height)])


def window(side):
    return np.sin(np.pi * (np.arange(side) + 0.5) / side) ** 2


def given(generated, reference):
    reference = Samples(reference.float())
    return Given(Samples(generated.float()), reference, "held-out", reference)


def test_lines_and_their_neighbours():
    expected = [
        [1 / 2, 1 / 2 - 3 / 48, 1 / 2 + 3 / 48],
        [1 / 4, 3 / 16, 5 / 16],
        [1 / 8, 1 / 16, 3 / 16],
    ]
    np.testing.assert_allclose(frequencies(48), expected)
    assert frequencies(28).shape == (2, 3)
    assert frequencies(12).shape == (1, 3)
    assert frequencies(11).shape == (0, 3)


@pytest.mark.parametrize("axis", [2, 3])
def test_a_checkerboard_has_the_energy_of_its_window(axis):
    x = 0.2 * board(28, 30).double().expand(2, 3, -1, -1)
    w = window(x.shape[axis])
    expected = 0.04 * w.sum() ** 2 / np.square(w).sum()
    np.testing.assert_allclose(energies(x, np.array([0.5]), axis)[:, 0], expected, rtol=1e-9)


def test_a_sinusoid_has_a_quarter_of_its_squared_amplitude_and_nothing_at_its_neighbours():
    t = torch.arange(48.0, dtype=torch.float64)
    x = 0.3 * torch.cos(2 * np.pi * t / 4 + 0.7).expand(1, 1, 48, 48)
    found = energies(x, frequencies(48), 3)[0]
    w = window(48)
    assert found[1, 0] == pytest.approx(0.09 / 4 * w.sum() ** 2 / np.square(w).sum(), rel=1e-9)
    np.testing.assert_allclose(found[1, 1:], 0, atol=1e-12)
    np.testing.assert_allclose(found[[0, 2], 0], 0, atol=1e-12)
    np.testing.assert_allclose(energies(x, frequencies(48), 2), 0, atol=1e-12)


def test_white_noise_has_its_variance_everywhere():
    found = energies(noise(4000, 32, 32), frequencies(32), 2).mean(0)
    np.testing.assert_allclose(found, 0.09, rtol=0.02)


def test_a_line_stands_out_by_its_energy_over_that_of_the_noise():
    x = noise(2000) + 0.1 * board().double()
    w = window(28)
    expected = 1 + 0.01 / 0.09 * w.sum() ** 2 / np.square(w).sum()
    assert expected > 2
    assert prominence(energies(x, frequencies(28), 3))[0] == pytest.approx(expected, rel=0.03)


def test_an_evenly_falling_spectrum_has_no_line():
    found = np.array([[[4.0, 8.0, 2.0]]])
    assert prominence(found)[0] == pytest.approx(1, rel=1e-5)


def test_the_measure_finds_a_checkerboard_and_names_its_stride():
    real = noise(300)
    (found,) = checkerboard(given(noise(300, seed=1), real))
    assert found.value == pytest.approx(1, abs=0.1)
    assert found.interval[0] < 1 < found.interval[1] + 0.05
    (worse,) = checkerboard(given(noise(300, seed=1) + 0.1 * board().double(), real))
    assert worse.value > 2
    assert "1/2 cycles" in worse.trust
    every_fourth = torch.cos(torch.arange(28.0) * np.pi / 2)
    (worse,) = checkerboard(given(noise(300, seed=1) + 0.2 * every_fourth, real))
    assert worse.value > 2
    assert "1/4 cycles" in worse.trust
    json.dumps(worse.as_json(), allow_nan=False)


def test_the_interval_holds_the_value_of_more_samples():
    real, w = noise(500), window(28)
    (found,) = checkerboard(given(noise(100, seed=1) + 0.1 * board().double(), real))
    expected = 1 + 0.01 / 0.09 * w.sum() ** 2 / np.square(w).sum()
    assert found.interval[0] < expected < found.interval[1]
    assert found.interval[1] - found.interval[0] < expected


def test_equal_sets_have_an_interval_with_1_in_it():
    """The strongest of three lines, and few real images, whose own chance counts too."""
    held = 0
    for seed in range(40):
        both = noise(60, 48, 48, seed=2 * seed), noise(15, 48, 48, seed=2 * seed + 1)
        (found,) = checkerboard(given(*both))
        low, high = found.interval
        held += low <= 1 <= high
    assert held >= 35


def test_neither_less_nor_more_than_real_images_is_better():
    (found,) = checkerboard(given(noise(9), noise(9, seed=1)))
    assert found.better == "neither"
    assert "1 is what real images have" in found.trust


def test_images_without_content_have_no_lines():
    (found,) = checkerboard(given(torch.zeros(5, 1, 28, 28), torch.zeros(5, 1, 28, 28)))
    assert found.value == 1


def test_the_averaged_spectrum():
    np.testing.assert_allclose(radial(noise(3000, 24, 32)), 0.09, rtol=0.03)
    t = torch.arange(32.0, dtype=torch.float64)
    wave = torch.cos(2 * np.pi * t / 4).expand(1, 1, 32, 32)
    found = radial(wave)
    # |F|² is (N²/2)² at two of the 32² frequencies, divided by N²; the ring of radius 8 has 44.
    frequency = np.fft.fftfreq(32) * 32
    ring = (np.rint(np.hypot(frequency[:, None], frequency)) == 8).sum()
    assert found[8] == pytest.approx(2 * 32**2 / 4 / ring, rel=1e-9)
    np.testing.assert_allclose(np.delete(found, 8), 0, atol=1e-9)
    assert len(found) == 17
