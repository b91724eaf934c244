"""Factors on the learning rate at the steps where they can be said in advance."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from torch import nn

from gansmith.schedules import both, every, inverse_decay, linear_decay, one_cycle

NETS = nn.ModuleDict()


@pytest.mark.parametrize(
    ("step", "expected"),
    [(0, 1), (99, 1), (100, 1), (101, 0.995), (150, 0.75), (200, 0.5), (299, 0.005), (300, 0)],
)
def test_linear_decay_from_100_over_200_steps(step, expected):
    assert linear_decay(100, 200)(NETS, step) == pytest.approx(expected, abs=1e-12)


def test_after_the_fall_the_factor_stays_at_zero():
    assert {linear_decay(100, 200)(NETS, step) for step in (300, 301, 10**9)} == {0.0}


def test_the_fall_is_even():
    factor = linear_decay(10, 40)
    falls = [factor(NETS, a) - factor(NETS, b) for a, b in pairwise(range(10, 51))]
    assert falls == pytest.approx([1 / 40] * 40)


@pytest.mark.parametrize("start", [0, 7])
def test_no_steps_is_no_decay(start):
    factor = linear_decay(start, 0)
    assert {factor(NETS, step) for step in (0, 6, 7, 8, 10**9)} == {1.0}


def test_decay_from_the_first_step():
    factor = linear_decay(0, 4)
    assert [factor(NETS, step) for step in range(6)] == [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]


def test_decay_in_one_step():
    assert [linear_decay(3, 1)(NETS, step) for step in (2, 3, 4)] == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("steps", [10, 450])
def test_one_cycle_is_that_of_torch(steps):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=steps)
    expected = []
    for _ in range(steps):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        theirs.step() if len(expected) < steps else None
    factor = one_cycle(steps)
    assert [factor(NETS, step) for step in range(steps)] == pytest.approx(expected, abs=1e-5)
    assert factor(NETS, steps + 5) == 0.0


@pytest.mark.parametrize(
    ("decay", "step", "expected"),
    [(0.5, 0, 1), (0.5, 1, 2 / 3), (0.5, 2, 0.5), (6e-8, 10**7, 0.625)],
)
def test_inverse_decay_divides_by_one_and_decay_times_the_step(decay, step, expected):
    assert inverse_decay(decay)(NETS, step) == pytest.approx(expected, abs=1e-12)


def test_no_inverse_decay():
    assert {inverse_decay(0.0)(NETS, step) for step in (0, 1, 10**9)} == {1.0}


def test_two_factors_are_multiplied():
    factor = both(linear_decay(0, 4), inverse_decay(1.0))
    assert [factor(NETS, step) for step in range(5)] == pytest.approx([1, 3 / 8, 1 / 6, 1 / 16, 0])


def test_every_sixteenth_step_begins_with_the_first():
    steps = every(16)
    assert [step for step in range(50) if step in steps] == [0, 16, 32, 48]
    assert 16 * 10**12 in steps and 16 * 10**12 + 1 not in steps
    assert all(step in every(1) for step in (0, 1, 10**9))
