"""Drawing samples: sample number i of a seed is the same however many are drawn."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from gansmith.batch import DataSpec, blank
from gansmith.draws import Random
from gansmith.method import Method, Networks

CHUNK = 64


@torch.no_grad()
def draw_samples(
    method: Method, nets: Networks, spec: DataSpec, number: int, seed: int
) -> Iterator[Tensor]:
    """Samples (at most 64, *shape) at a time, on the CPU, in float32, in evaluation mode.

    Args:
        method: it generates from noise, and from labels that run through the classes.
        nets: the averaged networks, or the raw ones.
        spec: the data that the networks were built for.
        number: samples in all.
        seed: what they follow from.
    """
    device = next(nets.parameters()).device
    training = {module: module.training for module in nets.modules()}
    nets.eval()
    try:
        for start in range(0, number, CHUNK):
            batch = blank(spec, CHUNK, device)
            random = Random((seed, "samples", start), CHUNK, device=device)
            inputs = method.inputs(batch, method.draws(batch, random))
            yield method.generate(nets, inputs)[: number - start].float().cpu()
    finally:
        for module, was_training in training.items():
            module.training = was_training


def all_samples(method: Method, nets: Networks, spec: DataSpec, number: int, seed: int) -> Tensor:
    """All samples at once: (number, *shape)."""
    return torch.cat(list(draw_samples(method, nets, spec, number, seed)))
