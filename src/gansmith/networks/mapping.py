"""Fully connected layers between the noise and a generator's smallest map."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn


def mapping(z_dim: int, hidden: Sequence[int], batch_norm: bool = True) -> list[nn.Module]:
    """(N, z_dim) → (N, hidden[-1]): linear, batch normalisation if wanted, ReLU for each width.

    They let the generator bend the noise, so that less of it falls between the kinds of samples:
    with none, images that are half one digit and half another are common.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in zip([z_dim, *hidden], hidden, strict=False):
        norm = [nn.BatchNorm1d(outputs)] if batch_norm else []
        layers += [nn.Linear(inputs, outputs, bias=not batch_norm), *norm, nn.ReLU()]
    return layers
