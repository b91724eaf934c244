"""Critics of fixed sets: all follows from the key, and bounds are kept."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gansmith.draws import Random
from gansmith.figures.critics import Clipped, Penalised, Plan, critic_between, slopes


def pairs(random: Random) -> tuple[Tensor, Tensor]:
    """Two heaps."""
    return random.normal(2), random.normal(2) + 1


def test_a_critic_follows_from_its_key_whatever_was_drawn_before() -> None:
    weights = []
    for drawn_before, key in ((0, 1), (5, 1), (0, 2)):
        torch.rand(drawn_before)
        critic = critic_between(pairs, Plan(Penalised(1.0), 3, ("test", key), 8, 4))
        weights.append(torch.cat([p.flatten() for p in critic.parameters()]))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_clipped_weights_stay_within_their_range() -> None:
    critic = critic_between(pairs, Plan(Clipped(0.02), 5, ("test", 1), 8, 4))
    assert max(float(p.abs().max()) for p in critic.parameters()) <= 0.02


def test_slopes_are_those_of_a_plane() -> None:
    plane = nn.Linear(2, 1)
    nn.init.constant_(plane.weight, 3.0)
    assert torch.allclose(slopes(plane, torch.zeros(4, 2)), torch.tensor(18.0).sqrt())
