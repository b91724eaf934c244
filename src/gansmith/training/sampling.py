"""Drawing samples: sample number i of a seed is the same however many are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gansmith.batch import AttributedImages, DataSpec, blank
from gansmith.draws import Random
from gansmith.method import LatentMethod, Method, Networks

CHUNK = 64


@torch.no_grad()
def draw_samples(
    method: Method,
    nets: Networks,
    spec: DataSpec,
    number: int,
    seed: int,
    wanted: Tensor | None = None,
) -> Iterator[Tensor]:
    """Samples (at most 64, *shape) at a time, on the CPU, in float32, in evaluation mode.

    Args:
        method: it generates from noise, and from labels that run through the classes.
        nets: the averaged networks, or the raw ones.
        spec: the data that the networks were built for.
        number: samples in all.
        seed: what they follow from.
        wanted: labels that they run through instead, as of `blank`.
    """
    device = next(nets.parameters()).device
    training = {module: module.training for module in nets.modules()}
    nets.eval()
    try:
        for start in range(0, number, CHUNK):
            batch = blank(spec, CHUNK, device, start, wanted)
            random = Random((seed, "samples", start), CHUNK, device=device)
            inputs = method.inputs(batch, method.draws(batch, random))
            yield method.generate(nets, inputs)[: number - start].float().cpu()
    finally:
        for module, was_training in training.items():
            module.training = was_training


def conditioned(method: Method, spec: DataSpec) -> bool:
    """Whether a method generates by class: the inputs of its generator have a "y"."""
    batch = blank(spec, 1)
    return "y" in method.inputs(batch, method.draws(batch, Random((0, "conditions"), 1)))


def conditions(method: Method, spec: DataSpec, number: int) -> Tensor | None:
    """The classes of the samples that `draw_samples` draws, (number,); None where they have none.

    They run through the classes in turn, equally often each, however uneven the data is. Attributes
    are no classes.
    """
    if spec.classes == 0 or spec.batch is AttributedImages or not conditioned(method, spec):
        return None
    return torch.arange(number) % spec.classes


def all_samples(
    method: Method,
    nets: Networks,
    spec: DataSpec,
    number: int,
    seed: int,
    wanted: Tensor | None = None,
) -> Tensor:
    """All samples at once: (number, *shape); see `draw_samples`."""
    return torch.cat(list(draw_samples(method, nets, spec, number, seed, wanted)))


def latent_generator(method: Method, nets: Networks) -> Callable[[Tensor], Tensor] | None:
    """z → samples, differentiable in z, both on the CPU; None where the method needs more than z.

    Averaged networks need no preparation: they are frozen, and in evaluation mode.
    """
    if not isinstance(method, LatentMethod):
        return None
    device = next(nets.parameters()).device
    return lambda z: method.generate(nets, {"z": z.to(device)}).float().cpu()
