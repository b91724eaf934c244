"""Batches as a pure function of (seed, step): any process can ask for any of them at any time."""

from __future__ import annotations

import torch
from torch import Tensor

from gansmith.batch import Batch, DataSet
from gansmith.draws import seed_of

AHEAD = 8
"""Batches that a set which reads from disk is told of before they are wanted, this one included."""


class Loader:
    """Endless passes over the training samples, each in an order of its own, without replacement.

    All phases of a step that ask for the same number of rows see the same batch, as in the papers'
    algorithms; each repeat of a phase sees a fresh one.

    Args:
        data: the set, moved to the device where batches are wanted.
        seed: of the orders.
        repeats: batches in a step, the most that a phase asks for.
        device: where row numbers are wanted: the data's device.
        process: (rank, processes): this one takes its rows of each global batch.
    """

    def __init__(
        self,
        data: DataSet,
        seed: int,
        repeats: int = 1,
        device: torch.device | str = "cpu",
        process: tuple[int, int] = (0, 1),
    ) -> None:
        self._data, self._seed, self._repeats = data, seed, repeats
        self._device = torch.device(device if data.expect is None else "cpu")
        self._process = process
        self._orders: dict[int, Tensor] = {}
        self._batches: dict[tuple[int, int, int], Batch] = {}

    def __call__(self, step: int, repeat: int, rows: int) -> Batch:
        """This process' rows of the global batch of `rows` samples."""
        key = (step, repeat, rows)
        if key not in self._batches:
            if any(old[0] != step for old in self._batches):
                self._batches.clear()
            number = step * self._repeats + repeat
            self._tell(number, rows)
            self._batches[key] = self._data.take(self.row_numbers(number * rows, rows))
        return self._batches[key]

    def whole(self, step: int, repeat: int, rows: int) -> Batch:
        """All rows of the global batch, whichever process asks."""
        everyone = Loader(self._data, self._seed, self._repeats, self._device)
        return self._data.take(everyone.row_numbers((step * self._repeats + repeat) * rows, rows))

    def _tell(self, number: int, rows: int) -> None:
        """Let a set that reads from disk know this batch and the next ones of as many rows."""
        if self._data.expect is not None:
            coming = range(number, number + AHEAD)
            self._data.expect([self.row_numbers(place * rows, rows) for place in coming])

    def row_numbers(self, start: int, rows: int) -> Tensor:
        """Positions start … start + rows - 1 of the endless passes, as rows of the data set."""
        rank, processes = self._process
        share = rows // processes
        first, wanted = start + rank * share, share
        size, parts = self._data.spec.size, []
        while wanted:
            pass_number, offset = divmod(first, size)
            part = self._order(pass_number)[offset : offset + wanted]
            parts.append(part)
            first, wanted = first + len(part), wanted - len(part)
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _order(self, pass_number: int) -> Tensor:
        """The order of one pass; the last two are kept."""
        if pass_number not in self._orders:
            for old in [known for known in self._orders if abs(known - pass_number) > 1]:
                del self._orders[old]
            random = torch.Generator().manual_seed(seed_of(self._seed, "order", pass_number))
            order = torch.randperm(self._data.spec.size, generator=random)
            self._orders[pass_number] = order.to(self._device)
        return self._orders[pass_number]
