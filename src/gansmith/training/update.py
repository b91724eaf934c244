"""One play of one phase: the only place where parameters move."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grads_with_norm_
from torch.optim import Optimizer

from gansmith.draws import Draws
from gansmith.errors import NonFiniteError
from gansmith.method import Networks, Phase
from gansmith.training.engine import Engine
from gansmith.training.state import TrainState

Values = dict[str, Tensor]
"""Logged scalars by name, detached."""


@dataclass(frozen=True)
class Player:
    """A phase made ready: what it moves, what it freezes, with which optimizer."""

    phase: Phase
    optimizer: Optimizer
    moved: dict[str, list[nn.Parameter]]
    frozen: list[nn.Parameter]

    def choose_trainable(self) -> None:
        """Let gradients reach exactly the networks that the phase trains."""
        for parameter in self.frozen:
            parameter.requires_grad_(False)
        for parameters in self.moved.values():
            for parameter in parameters:
                parameter.requires_grad_(True)

    def choose_rate(self, nets: Networks, step: int) -> None:
        """Set the optimizer's learning rate to the phase's at this step."""
        rate = self.phase.learning_rate * self.phase.rate(nets, step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate


def player_of(phase: Phase, state: TrainState) -> Player:
    """The phase with its parameters and optimizer."""
    moved = {n: [p for p in state.nets[n].parameters() if p.requires_grad] for n in phase.trains}
    kept = {id(parameter) for parameters in moved.values() for parameter in parameters}
    frozen = [p for p in state.nets.parameters() if id(p) not in kept]
    return Player(phase, state.optimizers[phase.shares or phase.name], moved, frozen)


def update(
    engine: Engine,
    player: Player,
    nets: Networks,
    batch: object,
    draws: Draws,
    layers: bool = False,
) -> Values:
    """Move `phase.trains` once down the gradient of the phase's objective.

    Returns:
        Terms, their sum "loss", stats, and "gradient_norm/NETWORK": means over processes. With
        `layers` also "gradient_norm/NETWORK/PARAMETER".

    Raises:
        NonFiniteError: a term or a gradient is not finite; no parameter has moved. Where reading a
            value means waiting for the device, the caller finds out from the returned values.
    """
    phase = player.phase
    with engine.autocast():
        objective = phase.objective(nets, batch, draws)
    loss = torch.stack([term.float() for term in objective.terms.values()]).sum()
    loss.backward()
    values = {**objective.terms, "loss": loss, **objective.stats}
    values = {name: value.detach().float() for name, value in values.items()}
    gradients = _gradients(player)
    if engine.processes > 1:
        engine.average([*values.values(), *(g for some in gradients.values() for g in some)])
    each = {
        name: torch._foreach_norm(some)  # pyright: ignore
        for name, some in gradients.items()
    }
    norms = {name: torch.linalg.vector_norm(torch.stack(some)) for name, some in each.items()}
    if engine.synchronous:
        check_finite(phase.name, values, norms)
    _step(player, gradients, norms)
    if phase.after is not None:
        phase.after(nets, values)
    values |= {f"gradient_norm/{name}": norm for name, norm in norms.items()}
    return values | _by_layer(nets, each) if layers else values


def check_finite(
    phase: str, values: Mapping[str, Tensor | float], norms: Mapping[str, Tensor | float]
) -> None:
    """Raise where a term, the loss or a gradient's norm is infinite or not a number."""
    bad = [f"term {name!r}" for name, value in values.items() if not math.isfinite(value)]
    bad += [f"gradient of {name!r}" for name, norm in norms.items() if not math.isfinite(norm)]
    if bad:
        raise NonFiniteError(f"In phase {phase!r}, {' and '.join(bad)} became infinite or NaN")


def _gradients(player: Player) -> dict[str, list[Tensor]]:
    """The gradients by network; a missing one counts as zero."""
    for parameters in player.moved.values():
        for parameter in parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
    return {
        name: [parameter.grad for parameter in parameters if parameter.grad is not None]
        for name, parameters in player.moved.items()
    }


def _by_layer(nets: Networks, norms: Mapping[str, Sequence[Tensor]]) -> Values:
    return {
        f"gradient_norm/{name}/{parameter}": norm
        for name, some in norms.items()
        for parameter, norm in zip(_trainable(nets[name]), some, strict=True)
    }


def _trainable(network: nn.Module) -> list[str]:
    return [name for name, parameter in network.named_parameters() if parameter.requires_grad]


def _step(player: Player, gradients: dict[str, list[Tensor]], norms: dict[str, Tensor]) -> None:
    if player.phase.max_norm is not None:
        total = torch.linalg.vector_norm(torch.stack(list(norms.values())))
        every = [parameter for some in player.moved.values() for parameter in some]
        clip_grads_with_norm_(every, player.phase.max_norm, total)
    player.optimizer.step()
    for some in player.moved.values():
        for parameter in some:
            parameter.grad = None
