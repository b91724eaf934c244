"""The nearest training images of any images, in pixels and whatever the shift by one pixel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from gansmith.errors import DataError

COARSE = 16
"""Candidates are found on pictures whose sides were divided down to this, or to less than twice."""
SPARE = 6
"""So many more candidates than neighbours are looked at closely."""
NUMBERS = 1 << 22
"""Numbers of a chunk, 16 MB: what is compared is cut into chunks that stay near it."""
SHIFTS = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1))


def nearest_training(x: Tensor, train: Tensor, k: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest training images of each image.

    The distance is the root of the mean squared difference of pixels, the least over the nine
    shifts of the training image by at most one pixel, its edge repeated. Candidates are found with
    the same distance on small pictures; those of a replayed image, shifted or not, differ in
    nothing from those of its origin, so it is not missed.

    Args:
        x: (N, C, H, W) in [-1, 1].
        train: (M, C, H, W).
        k: neighbours; at most M.

    Returns:
        Rows of `train` (N, k), nearest first, and their distances (N, k) in [0, 2].

    Raises:
        DataError: shapes that differ, or fewer than k training images.
    """
    if x.ndim != 4 or x.shape[1:] != train.shape[1:]:
        raise DataError(
            f"Images {tuple(x.shape)} and training images {tuple(train.shape)}: "
            "give both as (N, C, H, W) of one size."
        )
    if not 1 <= k <= len(train):
        raise DataError(f"{k} nearest of {len(train)} training images: ask for 1 to {len(train)}.")
    x, train = x.float(), train.float()
    rows, distances = [], []
    candidates = _candidates(x, train, min(len(train), k + SPARE))
    for part, found in _chunks(x, candidates, train[0].numel()):
        nearest = _distances(part, train, found).topk(k, largest=False, sorted=True)
        rows.append(found.gather(1, nearest.indices).numpy())
        distances.append(nearest.values.numpy())
    return np.concatenate(rows), np.concatenate(distances)


def _candidates(x: Tensor, train: Tensor, count: int) -> Tensor:
    """Rows (N, count) of the nearest training images on small pictures."""
    small = [_small(train, shift) for shift in SHIFTS]
    squares = [one.square().sum(1) for one in small]
    found = []
    for part in _small(x).split(max(1, NUMBERS // len(train))):
        near = torch.full((len(part), len(train)), torch.inf)
        for one, square in zip(small, squares, strict=True):
            near = torch.minimum(near, torch.addmm(square, part, one.T, alpha=-2))
        found.append(near.topk(count, largest=False).indices)
    return torch.cat(found)


def _small(x: Tensor, shift: tuple[int, int] = (0, 0)) -> Tensor:
    """(N, D): means of squares of shifted images, so that sides are COARSE or a little more."""
    sides = [max(1, side // COARSE) for side in x.shape[2:]]
    parts = (_shifted(part, shift) for part in x.split(max(1, NUMBERS // x[0].numel())))
    return torch.cat([F.avg_pool2d(part, sides, ceil_mode=True).flatten(1) for part in parts])


def _shifted(x: Tensor, shift: tuple[int, int]) -> Tensor:
    """Images (N, C, H, W) moved up and to the left by so many pixels, the edge repeated."""
    down, across = (
        (torch.arange(side) + by).clamp(0, side - 1)
        for side, by in zip(x.shape[2:], shift, strict=True)
    )
    return x[:, :, down][..., across]


def _chunks(x: Tensor, rows: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Images and their candidates, few enough at once."""
    length = max(1, NUMBERS // (rows.shape[1] * size))
    yield from zip(x.split(length), rows.split(length), strict=True)


def _distances(x: Tensor, train: Tensor, rows: Tensor) -> Tensor:
    """Distances (N, count) to the candidates in `rows`, the least over the shifts."""
    least = torch.full(rows.shape, torch.inf)
    chosen = train[rows.flatten()]
    for shift in SHIFTS:
        apart = _shifted(chosen, shift).reshape(*rows.shape, -1) - x.flatten(1)[:, None]
        least = torch.minimum(least, torch.linalg.vector_norm(apart, dim=2))
    return least / x[0].numel() ** 0.5
