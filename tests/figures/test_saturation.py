"""Slopes of the two losses, and gradients under a discriminator of one logit, in closed form."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from gansmith.figures import saturation
from gansmith.figures.asked import Asked
from gansmith.figures.saturation import curves, draw
from gansmith.figures.strengthened import LOSSES, gradients
from gansmith.method import Networks


def test_the_curves_are_those_of_the_losses() -> None:
    logits = torch.linspace(-8, 8, 33, dtype=torch.float64).requires_grad_()
    for name, (value, slope) in curves(logits.detach().numpy()).items():
        for one, expected in zip(logits.detach(), value, strict=True):
            assert float(LOSSES[name](one[None])) == pytest.approx(expected, rel=1e-9)
        (gradient,) = torch.autograd.grad(LOSSES[name](logits) * len(logits), logits)
        assert gradient.numpy() == pytest.approx(np.asarray(slope), rel=1e-9)


@pytest.mark.parametrize("logit", [-12.0, -3.0, 0.0, 2.0])
def test_under_one_logit_the_ratio_is_that_of_the_slopes(logit: float) -> None:
    generator, discriminator = nn.Linear(3, 2), nn.Linear(2, 1)
    with torch.no_grad():
        discriminator.weight.mul_(1e-4)  # every sample has nearly the same logit
        discriminator.bias.fill_(logit)
    nets = Networks({"generator": generator, "discriminator": discriminator})
    row = gradients(nets, torch.randn(16, 3, generator=torch.Generator().manual_seed(0)))
    assert row["ratio"] == pytest.approx(math.exp(-logit), rel=1e-2)
    assert row["ratio_of_one_logit"] == pytest.approx(math.exp(-logit), rel=1e-2)


def test_a_stronger_discriminator_takes_the_gradient_of_minimax_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saturation, "SAMPLES", 32)
    drawn = draw(Asked(tmp_path, effort=0.05))
    rows = drawn.numbers["strengths"]
    assert [row["steps"] for row in rows] == sorted(row["steps"] for row in rows)
    assert rows[-1]["d_of_g"] < 0.1 * rows[0]["d_of_g"]
    assert rows[-1]["ratio"] > 10 * rows[0]["ratio"]
    assert set(drawn.numbers["going_on"]) == {
        f"{loss}, {optimizer}" for loss in LOSSES for optimizer in ("momentum", "Adam")
    }
