"""What every objective promises: pure, compilable, vectorisable, honest about `trains`."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value, stack_module_state, vmap

from gansmith.draws import Random
from gansmith.method import Networks, Phase
from gansmith.training.engine import Engine
from gansmith.training.state import initial_state
from gansmith.training.update import player_of, update

EXEMPT_FROM_COMPILE: dict[str, str] = {}
"""Method → why its objectives run eagerly only."""


class Played(nn.Module):
    """An objective as a module, so that weights can be given from outside."""

    def __init__(self, nets: Networks, phase: Phase) -> None:
        super().__init__()
        self.nets, self.phase = nets, phase

    def forward(self, batch: Any, draws: dict[str, Tensor]) -> Tensor:
        """The sum of the terms."""
        return sum(self.phase.objective(self.nets, batch, draws).terms.values(), torch.zeros(()))


def moved(played: Played) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """(parameters that the phase trains, everything else), by name within the module."""
    names = tuple(f"nets.{name}." for name in played.phase.trains)
    state = dict(played.named_parameters()) | dict(played.named_buffers())
    trained = {k: v.detach() for k, v in state.items() if k.startswith(names) and v.requires_grad}
    return trained, {k: v.detach().clone() for k, v in state.items() if k not in trained}


def functional_step(played: Played):
    """(trained, everything else, batch, draws) → (gradients, value), as a pure function."""

    def value(trained, rest, batch, draws):
        return functional_call(played, (trained, rest), (batch, draws), strict=True)

    return grad_and_value(value)


def value_and_gradient(played: Played, batch: Any, draws: dict[str, Tensor]):
    """By plain backward: (gradients by name, value)."""
    value = played(batch, draws)
    value.backward()
    return {k: p.grad for k, p in played.named_parameters() if p.grad is not None}, value.detach()


def biases_may_rest(case, phase: Phase) -> bool:
    """Whether a constant added to all scores changes nothing, so that a bias has no gradient.

    So it is for critics, for penalties on gradients, and for the hinge within its margins.
    """
    constant = phase.name.startswith("critic") or phase.name.endswith("penalty")
    return constant or case.given.get("loss") == "hinge"


def test_gradients_touch_exactly_what_the_phase_trains(case):
    for phase in case.method().phases():
        nets = case.networks()
        engine = Engine(torch.device("cpu"))
        state = initial_state(case.method(), nets, engine)
        before = {k: v.clone() for k, v in nets.named_parameters()}
        player = player_of(phase, state)
        player.choose_trainable()
        for step in range(2):  # the inside of a block that starts as the identity moves second
            update(engine, player, nets, *case.play(phase, step=step))
        changed = {k.split(".")[0] for k, v in nets.named_parameters() if not v.equal(before[k])}
        assert changed == set(phase.trains)
        for name in phase.trains:
            untouched = [
                k for k, v in nets[name].named_parameters() if v.equal(before[f"{name}.{k}"])
            ]
            allowed = {"bias"} if biases_may_rest(case, phase) else set()
            assert {k.rpartition(".")[2] for k in untouched} <= allowed, untouched


def test_terms_and_stats_are_finite_scalars(case):
    for phase in case.method().phases():
        objective = phase.objective(case.networks(), *case.play(phase))
        values = objective.terms | objective.stats
        assert objective.terms
        for name, value in values.items():
            assert value.shape == () and value.isfinite(), name


def test_an_objective_is_pure(case):
    for phase in case.method().phases():
        nets = case.networks()
        batch, draws = case.play(phase)
        state = torch.random.get_rng_state()
        first = phase.objective(nets, batch, draws).terms
        second = phase.objective(nets, batch, draws).terms
        assert torch.random.get_rng_state().equal(state)
        for name in first:
            assert first[name].equal(second[name]), name


def test_generated_samples_have_the_shape_and_range_of_data(case):
    method, spec = case.method(), case.data_set().spec
    batch = case.data_set().take(torch.arange(ROWS := 8))
    inputs = method.inputs(batch, method.draws(batch, Random((0, "test"), ROWS)))
    samples = method.generate(case.networks(), inputs)
    assert samples.shape == (ROWS, *spec.shape)
    if len(spec.shape) == 3:
        assert samples.min() >= -1 and samples.max() <= 1


def test_grad_and_value_agrees_with_backward(case):
    for phase in case.method().phases():
        played = Played(case.networks(), phase)
        batch, draws = case.play(phase)
        trained, rest = moved(played)
        gradients, value = functional_step(played)(trained, rest, batch, draws)
        expected, expected_value = value_and_gradient(Played(case.networks(), phase), batch, draws)
        torch.testing.assert_close(value, expected_value)
        for name in trained:
            zero = torch.zeros_like(trained[name])
            torch.testing.assert_close(
                gradients[name], expected.get(name, zero), rtol=1e-4, atol=1e-6
            )


def test_two_members_under_vmap_agree_with_single_ones(case):
    for phase in case.method().phases():
        singles = [Played(case.networks(seed), phase) for seed in (0, 1)]
        plays = [case.play(phase, seed) for seed in (0, 1)]
        parameters, buffers = stack_module_state(singles)
        batch = type(plays[0][0])(*map(torch.stack, zip(*(b for b, _ in plays), strict=True)))
        draws = {k: torch.stack([d[k] for _, d in plays]) for k in plays[0][1]}
        skeleton = Played(case.networks(), phase)

        def one(parameters, buffers, batch, draws, skeleton=skeleton):
            return functional_call(skeleton, (parameters, buffers), (batch, draws))

        together = vmap(one)(parameters, buffers, batch, draws)
        for value, single, play in zip(together, singles, plays, strict=True):
            torch.testing.assert_close(value, single(*play), rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")  # torch's own compiler
@pytest.mark.parametrize("backend", ["aot_eager", pytest.param("inductor", marks=pytest.mark.slow)])
def test_an_objective_compiles_whole(case, backend):
    if str(case) in EXEMPT_FROM_COMPILE:
        pytest.skip(EXEMPT_FROM_COMPILE[str(case)])
    for phase in case.method().phases():
        torch._dynamo.reset()
        played = Played(case.networks(), phase)
        batch, draws = case.play(phase)
        trained, rest = moved(played)

        step = functional_step(played)
        expected, value = step(trained, {k: v.clone() for k, v in rest.items()}, batch, draws)
        compiled = torch.compile(step, backend=backend, fullgraph=True)
        gradients, compiled_value = compiled(trained, rest, batch, draws)
        torch.testing.assert_close(compiled_value, value, rtol=1e-4, atol=1e-5)
        for name, gradient in expected.items():  # a ReLU near 0 may fall to either side
            error = torch.linalg.vector_norm(gradients[name] - gradient)
            assert error <= 1e-2 * torch.linalg.vector_norm(gradient) + 1e-5, name


def test_bf16_survives(case):
    for phase in case.method().phases():
        nets = case.networks()
        batch, draws = case.play(phase)
        exact = phase.objective(nets, batch, draws).terms
        with Engine(torch.device("cpu"), "bf16").autocast():
            rounded = phase.objective(nets, batch, draws).terms
        for name, value in rounded.items():
            assert value.dtype is torch.float32 and value.isfinite()
            torch.testing.assert_close(value, exact[name], rtol=0.1, atol=0.1)
