"""Penalties that come at each k-th step weigh as much as those that come at each step."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.testing import assert_close

from gansmith.batch import DataSpec, Points
from gansmith.method import Networks
from gansmith.methods.r3gan import R3GAN
from gansmith.training.engine import Engine
from gansmith.training.state import initial_state

STEPS, GAMMA = 8, 0.7


@pytest.fixture
def nets() -> Networks:
    """A generator of points and a linear critic f(x) = w·x, whose gradient is w everywhere."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Networks({"generator": nn.Linear(3, 2), "critic": nn.Linear(2, 1, bias=False)})


def slope(method: R3GAN, nets: Networks, steps: range) -> Tensor:
    """The gradient of all that the critic's phases minimise at these steps, summed."""
    random, total = torch.Generator().manual_seed(0), torch.zeros_like(nets["critic"].weight)
    for step in steps:
        x, z = (torch.randn(5, n, generator=random) for n in (2, 3))
        draws = {"z": z, "shift_real": z[:, :2], "shift_fake": z[:, :2]}
        for phase in method.phases():
            if phase.trains == ["critic"] and phase.due(nets, step):
                terms = phase.objective(nets, Points(x), draws).terms
                total += torch.autograd.grad(sum(terms.values()), nets["critic"].weight)[0]
    return total


@pytest.mark.parametrize("every", [2, 4, 8])
def test_on_average_the_lazy_gradient_is_the_eager_one(nets, every):
    eager, lazy = R3GAN(gamma=GAMMA, penalty_every=1), R3GAN(gamma=GAMMA, penalty_every=every)
    steps = range(STEPS)
    assert_close(slope(lazy, nets, steps), slope(eager, nets, steps))
    # γ/2 ‖w‖² at real and at generated samples has the gradient 2 γ w
    without = slope(R3GAN(gamma=0.0, penalty_every=1), nets, steps)
    expected = without + STEPS * 2 * GAMMA * nets["critic"].weight
    assert_close(slope(lazy, nets, steps), expected.detach())


def test_the_penalty_is_due_at_each_kth_step_and_moves_the_critics_optimizer(nets):
    critic, penalty, generator = R3GAN(penalty_every=3).phases()
    assert [step for step in range(8) if penalty.due(nets, step)] == [0, 3, 6]
    assert all(phase.due(nets, 1) for phase in (critic, generator))
    spec = DataSpec(name="points", batch=Points, shape=(2,), size=8)
    method = R3GAN(penalty_every=3, width=4, z_dim=3)
    state = initial_state(method, method.build(spec), Engine(torch.device("cpu")))
    assert set(state.optimizers) == {"critic", "generator"}
    assert len(R3GAN(penalty_every=1).phases()) == 2
