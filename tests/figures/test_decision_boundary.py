"""The pull on samples against the slopes of both losses along a straight boundary."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from gansmith.figures.asked import Asked
from gansmith.figures.decision_boundary import draw
from gansmith.figures.judges import JUDGES, by_distance, pull


@pytest.fixture
def plane() -> nn.Linear:
    """The score 3 x: its boundary is a straight line, and its slope 3 everywhere."""
    score = nn.Linear(2, 1)
    with torch.no_grad():
        score.weight.copy_(torch.tensor([[3.0, 0.0]]))
        score.bias.zero_()
    return score.requires_grad_(False)


def test_the_pull_is_the_slope_of_the_loss(plane: nn.Linear) -> None:
    x = torch.tensor([-1.0, 0.0, 0.5, 2.0])
    points = torch.stack([x, torch.ones(4)], 1)
    entropy, squares = (pull(plane, judge, points) for judge in JUDGES.values())
    assert torch.allclose(entropy[:, 0], 3 * torch.sigmoid(-3 * x))
    assert torch.allclose(squares[:, 0], 3 * (1 - 3 * x))
    assert torch.equal(entropy[:, 1], torch.zeros(4))


def test_samples_are_put_into_bands_by_their_distance() -> None:
    away, norms = torch.tensor([0.2, 0.4, 3.5]), torch.tensor([1.0, 3.0, 7.0])
    near, far = by_distance(away, norms, torch.ones(3))
    assert (near["samples"], far["samples"]) == (2, 1)
    assert (far["from"], far["pull"]) == (3.0, 7.0)


def test_cross_entropy_lets_go_and_least_squares_pull(tmp_path: Path) -> None:
    bands = draw(Asked(tmp_path, effort=0.3)).numbers["bands"]
    entropy, squares = bands["cross entropy"], bands["least squares"]
    assert entropy[-1]["pull"] < 1e-2 * entropy[0]["pull"]
    assert squares[-1]["pull"] > 10 * entropy[-1]["pull"]
    assert squares[-1]["cosine_to_data"] > 0.5
