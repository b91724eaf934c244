"""One play of one phase: shared optimizers, missing gradients, clipping, rates, bad terms."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import nn

from gansmith.errors import NonFiniteError
from gansmith.method import Objective, Phase
from gansmith.training.engine import Engine
from gansmith.training.record import Recorder
from gansmith.training.state import TrainState
from gansmith.training.update import player_of, update

ENGINE = Engine(torch.device("cpu"))
SGD = partial(torch.optim.SGD)


def weight(value: float = 1.0) -> nn.ModuleDict:
    """Networks "a" and "b", each one weight."""
    nets = nn.ModuleDict({name: nn.Linear(1, 1, bias=False) for name in "ab"})
    for parameter in nets.parameters():
        nn.init.constant_(parameter, value)
    return nets


def phase(objective, **how) -> Phase:
    """A phase that trains "a" by gradient descent."""
    given = {"name": "first", "trains": ["a"], "learning_rate": 0.1, "optimizer": SGD}
    return Phase(objective=objective, **{**given, **how})


def state_of(nets: nn.ModuleDict, *phases: Phase) -> TrainState:
    """A state with an optimizer for each phase that wants its own."""
    optimizers = {
        p.name: p.optimizer(nets["a"].parameters(), lr=p.learning_rate)
        for p in phases
        if not p.shares
    }
    return TrainState(nets, nn.ModuleDict(), optimizers)


def square(nets, batch, draws) -> Objective:
    """a² + a b."""
    a, b = nets["a"].weight.sum(), nets["b"].weight.sum()
    return Objective({"square": a * a, "product": a * b}, {"twice": 2 * a})


def play(which: Phase, nets: nn.ModuleDict, layers: bool = False):
    """Play once."""
    player = player_of(which, state_of(nets, which))
    player.choose_trainable()
    player.choose_rate(nets, 0)
    return update(ENGINE, player, nets, None, {}, layers)


def test_a_step_of_gradient_descent_by_hand():
    nets = weight()
    values = play(phase(square), nets, layers=True)
    assert nets["a"].weight.item() == pytest.approx(1 - 0.1 * 3)
    assert nets["b"].weight.item() == 1
    expected = {"square": 1, "product": 1, "loss": 2, "twice": 2, "gradient_norm/a": 3,
                "gradient_norm/a/weight": 3}  # fmt: skip
    assert {name: value.item() for name, value in values.items()} == expected


def test_the_frozen_network_gets_no_gradient():
    nets = weight()
    play(phase(square), nets)
    assert nets["b"].weight.grad is None and not nets["b"].weight.requires_grad


def test_a_missing_gradient_counts_as_zero():
    nets = weight()
    values = play(phase(lambda n, b, d: Objective({"other": (n["a"].weight * 0).sum()})), nets)
    assert values["gradient_norm/a"] == 0 and nets["a"].weight.item() == 1


def test_the_rate_is_a_factor_on_the_learning_rate():
    nets = weight()
    play(phase(square, rate=lambda nets, step: 0.5), nets)
    assert nets["a"].weight.item() == pytest.approx(1 - 0.05 * 3)


def test_clipping_keeps_the_direction():
    nets = weight()
    values = play(phase(square, max_norm=1.0), nets)
    assert nets["a"].weight.item() == pytest.approx(1 - 0.1, abs=1e-6)
    assert values["gradient_norm/a"] == 3


def test_after_sees_the_values_and_may_clip():
    nets, seen = weight(), []

    def clip(nets, values):
        seen.append(values["square"].item())
        nets["a"].weight.data.clamp_(-0.01, 0.01)

    play(phase(square, after=clip), nets)
    assert seen == [1.0] and nets["a"].weight.item() == pytest.approx(0.01)


def test_a_phase_may_share_another_ones_optimizer():
    nets = weight()
    adam = partial(torch.optim.Adam)
    first, second = phase(square, optimizer=adam), phase(square, name="lazy", shares="first")
    state = state_of(nets, first, second)
    assert list(state.optimizers) == ["first"]
    for which in (first, second):
        player = player_of(which, state)
        player.choose_trainable()
        update(ENGINE, player, nets, None, {})
    (memory,) = state.optimizers["first"].state.values()
    assert memory["step"] == 2


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_term_that_is_not_finite_is_named_and_nothing_moves(bad):
    nets = weight()
    broken = phase(
        lambda n, b, d: Objective({"fine": n["a"].weight.sum(), "bad": n["a"].weight.sum() * bad})
    )
    with pytest.raises(NonFiniteError, match="phase 'first', term 'bad'"):
        play(broken, nets)
    assert nets["a"].weight.item() == 1


def test_a_gradient_that_is_not_finite_is_named():
    nets = weight(0.0)
    broken = phase(lambda n, b, d: Objective({"root": n["a"].weight.abs().sqrt().sum()}))
    with pytest.raises(NonFiniteError, match="gradient of 'a'"):
        play(broken, nets)


def test_where_values_are_read_late_the_recorder_finds_out():
    written = []
    recorder = Recorder(lambda step, values: written.append((step, values)), seconds=1e9)
    recorder.add(0, "critic", {"loss": torch.tensor(1.0)})
    recorder.add(0, "critic", {"loss": torch.tensor(2.0)})
    recorder.end_step()
    recorder.add(1, "critic", {"loss": torch.tensor(float("nan"))})
    recorder.end_step()
    assert written == []
    with pytest.raises(NonFiniteError, match="phase 'critic', term 'loss'"):
        recorder.flush()
    assert written == [(1, {"critic/loss": 1.5})]
