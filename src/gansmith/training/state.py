"""All that changes while training: networks, their averaged twins, optimizers, the step."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gansmith.batch import DataSpec
from gansmith.draws import Random, seed_of
from gansmith.method import Method, Networks, Phase
from gansmith.training.average import averaged_twin
from gansmith.training.engine import Engine


@dataclass
class TrainState:
    """One optimizer a phase, unless the phase `shares`."""

    nets: Networks
    averaged: Networks
    optimizers: dict[str, Optimizer]
    step: int = 0


def build_networks(method: Method, data: DataSpec, seed: int) -> Networks:
    """The method's networks with weights that follow from the seed, whatever was drawn before."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_of(seed, "weights"))
        return method.build(data)


def initial_state(
    method: Method, nets: Networks, engine: Engine, first: tuple[object, Random] | None = None
) -> TrainState:
    """The state before the first step, on the engine's device.

    `first` is a batch and random numbers to initialise from, None where a checkpoint will follow.
    """
    engine.place(nets)
    if first is not None:
        with torch.no_grad():
            method.prepare(nets, *first)
    engine.share(nets)
    averaged = averaged_twin(nets, method.averaged)
    return TrainState(nets, averaged, make_optimizers(method, nets))


def make_optimizers(method: Method, nets: Networks) -> dict[str, Optimizer]:
    """One optimizer for each phase that does not share another's."""
    return {
        phase.name: phase.optimizer(trained(phase, nets), lr=phase.learning_rate)
        for phase in method.phases()
        if phase.shares is None
    }


def trained(phase: Phase, nets: Networks) -> list[nn.Parameter]:
    """The parameters that a phase moves, in a fixed order; what `build` froze stays frozen."""
    return [p for name in phase.trains for p in nets[name].parameters() if p.requires_grad]


def optimizer_tensors(state: TrainState) -> dict[str, Tensor]:
    """Every tensor of every optimizer, by "phase/parameter number/name"."""
    return {
        f"{phase}/{number}/{name}": value
        for phase, optimizer in state.optimizers.items()
        for number, parameter in enumerate(parameters_of(optimizer))
        for name, value in optimizer.state.get(parameter, {}).items()
    }


def parameters_of(optimizer: Optimizer) -> list[nn.Parameter]:
    """An optimizer's parameters, in their order."""
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def restore_optimizers(state: TrainState, tensors: dict[str, Tensor]) -> None:
    """Put saved tensors back; a parameter that had no state gets none."""
    for phase, optimizer in state.optimizers.items():
        for number, parameter in enumerate(parameters_of(optimizer)):
            prefix = f"{phase}/{number}/"
            saved = {
                name.removeprefix(prefix): value
                for name, value in tensors.items()
                if name.startswith(prefix)
            }
            if saved:
                optimizer.state[parameter] = {
                    name: _like(value, parameter) for name, value in saved.items()
                }


def _like(value: Tensor, parameter: nn.Parameter) -> Tensor:
    """In the parameter's memory layout and place; the step counter stays a float32 scalar."""
    if value.shape != parameter.shape:
        return value.to(parameter.device)
    return torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)
