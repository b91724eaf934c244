"""The game in one dimension: its numbers where they are known in closed form, and a short one."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from scipy.special import ndtri

from gansmith.figures.asked import Asked
from gansmith.figures.gan_approaches_data import DATA, draw, moment
from gansmith.metrics.distributions import gaussians

HALF = torch.zeros_like


def quantiles(mean: float, deviation: float):
    def generator(z):
        return mean + deviation * torch.from_numpy(ndtri(((z.double() + 1) / 2).numpy()))

    return generator


def test_a_generator_that_is_the_data_leaves_nothing_to_tell():
    numbers = moment(quantiles(*DATA), HALF).numbers()
    assert numbers["jensen_shannon"] < 1e-4
    assert numbers["largest_error_of_d"] < 0.01 and numbers["largest_distance_from_half"] == 0


def test_the_best_discriminator_of_two_normals_is_off_by_nothing():
    """log p - log q of N(1, ½²) and N(0, ½²) is 4x - 2."""
    found = moment(quantiles(DATA[0] - 1.0, DATA[1]), lambda x: 4 * x - 2)
    assert found.numbers()["largest_error_of_d"] < 0.02
    exact = gaussians.jensen_shannon(1.0, 0.25, 0.0, 0.25)
    assert found.numbers()["jensen_shannon"] == pytest.approx(exact, rel=0.01)
    assert found.numbers()["mean"] == pytest.approx(0.0, abs=1e-3)


def test_far_apart_the_divergence_is_log_2():
    assert moment(quantiles(-3.0, 0.05), HALF).numbers()["jensen_shannon"] == pytest.approx(
        math.log(2), rel=1e-3
    )


def test_a_short_game_is_drawn(tmp_path: Path):
    drawn = draw(Asked(tmp_path, effort=0.02))
    assert list(drawn.numbers["moments"]) == ["start", "D trained", "G moved", "end"]
    assert len(drawn.see) == 4 and draw(Asked(tmp_path, effort=0.02)).numbers == drawn.numbers
