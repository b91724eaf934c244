"""A trained discriminator against p/(p + q) and 2 JS - log 4."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.stats import norm
from torch import nn

from gansmith.figures import optimal_discriminator
from gansmith.figures.optimal_discriminator import DEVIATION, measured, optimal_logit, trained


class Optimal(nn.Module):
    """log(p/q) itself."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return optimal_logit(x, 2.0)


@pytest.fixture(autouse=True)
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimal_discriminator, "FRESH", 200_000)


def test_d_star_is_p_over_p_and_q() -> None:
    x = torch.linspace(-3, 4, 9)
    p, q = norm.pdf(x.numpy()), norm.pdf(x.numpy(), 2.0, DEVIATION)
    assert torch.sigmoid(optimal_logit(x, 2.0)).numpy() == pytest.approx(p / (p + q), rel=1e-5)


def test_the_value_of_d_star_is_twice_js_less_log_4() -> None:
    row = measured(Optimal(), 2.0, seed=3)
    assert abs(row["value"] - row["exact"]) < 4 * row["standard_error"]
    assert row["largest_error_of_d"] < 1e-6


def test_a_short_training_comes_close_and_none_surpasses_it() -> None:
    before = measured(trained(2.0, 1, seed=0), 2.0, seed=0)
    after = measured(trained(2.0, 100, seed=0), 2.0, seed=0)
    assert before["value"] == pytest.approx(-math.log(4), abs=0.3)
    assert after["relative_error"] < 0.03
    assert after["value"] < after["exact"] + 4 * after["standard_error"]
