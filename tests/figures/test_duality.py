"""Critics between two points against the closed forms, and between sets against duality."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from gansmith.figures.critics import Clipped, Penalised, Plan
from gansmith.figures.duality import estimated, sets, theory
from gansmith.metrics.distributions.transport import wasserstein
from gansmith.networks.mlp import mlp_critic

ONE, OTHER = torch.zeros(16, 2), torch.tensor([[1.5, 0.0]]).repeat(16, 1)


def test_a_penalty_makes_the_estimate_too_large_by_w_over_2_lambda() -> None:
    plan = Plan(Penalised(2.0, 5e-3), 300, ("test", 1), rows=16, width=32)
    row = estimated(ONE, OTHER, plan)
    assert row["ratio"] == pytest.approx(1 + 1.5 / 4, rel=0.05)
    assert row["ratio_by_theory"] == pytest.approx(1 + 1.5 / 4)


def test_clipping_allows_the_slope_that_the_widths_give() -> None:
    most = theory(Clipped(0.1), 1.5, 32, 2)
    steepest = mlp_critic((2,), [32, 32], nn.ReLU)
    with torch.no_grad():
        for parameter in steepest.parameters():
            parameter.fill_(0.1)
        rise = steepest(OTHER[:1]) - steepest(ONE[:1])
    assert float(rise) == pytest.approx(1.5 * most, rel=1e-5)
    plan = Plan(Clipped(0.1, 5e-3), 100, ("test", 2), rows=16, width=32, hidden=2)
    assert 0 < estimated(ONE, OTHER, plan)["ratio"] <= most * 1.0001


def test_an_estimate_over_its_largest_slope_is_a_lower_bound() -> None:
    x, y = sets(1.0, seed=0)
    assert len(x) == len(y) == 256
    plan = Plan(Penalised(10.0), 60, ("test", 3), width=32)
    row = estimated(x, y, plan)
    assert row["ratio"] * wasserstein(x.numpy(), y.numpy()) == pytest.approx(row["estimate"])
    assert 0 < row["ratio_over_slope"] < 1
