"""Random numbers as a pure function of (seed, step, place), so that no generator state is saved."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

Draws = dict[str, Tensor]


def seed_of(*key: object) -> int:
    """A 63-bit seed from a key of ints and strings; the same on every machine and version."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class Random:
    """The draws of one play of one phase.

    Every method draws for the whole global batch, `rows` samples, on the CPU, and hands out the
    rows of this process on its device: 1 process with 64 rows and 2 with 32 see the same numbers,
    and so do a CPU and a GPU.

    Args:
        key: what the numbers follow from, such as (seed, step, phase, repeat).
        rows: samples of the global batch.
        mine: the rows of this process.
        device: where the numbers are wanted.
    """

    def __init__(
        self,
        key: tuple[object, ...],
        rows: int,
        mine: slice | None = None,
        device: torch.device | str = "cpu",
    ) -> None:
        self.rows = rows
        self._mine = mine
        self._device = torch.device(device)
        self._generator = torch.Generator().manual_seed(seed_of(*key))

    def normal(self, *shape: int) -> Tensor:
        """N(0, 1) of shape (rows, *shape)."""
        return self._hand_out(torch.randn(self.rows, *shape, generator=self._generator))

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        """U[low, high) of shape (rows, *shape)."""
        drawn = torch.rand(self.rows, *shape, generator=self._generator)
        return self._hand_out(drawn if (low, high) == (0.0, 1.0) else drawn * (high - low) + low)

    def integers(self, high: int, *shape: int) -> Tensor:
        """Whole numbers in [0, high) of shape (rows, *shape)."""
        return self._hand_out(torch.randint(high, (self.rows, *shape), generator=self._generator))

    def _hand_out(self, drawn: Tensor) -> Tensor:
        mine = drawn if self._mine is None else drawn[self._mine]
        return mine if self._device.type == "cpu" else mine.to(self._device, non_blocking=True)
