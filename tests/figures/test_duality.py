"""Critics between two points against the closed forms, and between sets against duality."""

from __future__ import annotations

import pytest
import torch

from gansmith.figures.critics import Clipped, Penalised, Plan
from gansmith.figures.duality import estimated, sets, theory
from gansmith.metrics.distributions.transport import wasserstein

ONE, OTHER = torch.zeros(16, 2), torch.tensor([[1.5, 0.0]]).repeat(16, 1)


def test_a_penalty_makes_the_estimate_too_large_by_w_over_2_lambda() -> None:
    plan = Plan(Penalised(2.0, 5e-3), 300, ("test", 1), rows=16, width=32)
    row = estimated(ONE, OTHER, plan)
    assert row["ratio"] == pytest.approx(1 + 1.5 / 4, rel=0.05)
    assert row["ratio_by_theory"] == pytest.approx(1 + 1.5 / 4)


def test_clipping_allows_the_slope_that_the_widths_give() -> None:
    plan = Plan(Clipped(0.1, 5e-3), 300, ("test", 2), rows=16, width=32, hidden=2)
    row = estimated(ONE, OTHER, plan)
    assert theory(plan.bound, 1.5, 32, 2) == pytest.approx(0.1 * 3.2**2)
    assert row["ratio"] == pytest.approx(0.1 * 3.2**2, rel=0.1)


def test_an_estimate_over_its_largest_slope_is_a_lower_bound() -> None:
    x, y = sets(1.0, seed=0)
    assert len(x) == len(y) == 256
    plan = Plan(Penalised(10.0), 60, ("test", 3), width=32)
    row = estimated(x, y, plan)
    assert row["ratio"] * wasserstein(x.numpy(), y.numpy()) == pytest.approx(row["estimate"])
    assert 0 < row["ratio_over_slope"] < 1
