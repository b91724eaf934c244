"""Batches that threads read before they are asked for: training does not wait for a disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

THREADS = 4
"""At most; they read from disk and decode, and most of that needs no interpreter lock."""

Gather = Callable[[np.ndarray], np.ndarray]
"""Row numbers (B,) → samples (B, ...); pure, and called from several threads."""


class Ahead:
    """A pure function of row numbers whose coming arguments may be told in advance.

    What is told changes when a batch is read, never what is in it. No more batches are held than
    were told last.
    """

    def __init__(self, gather: Gather) -> None:
        self._gather = gather
        threads = min(THREADS, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="read-ahead")
        self._coming: dict[bytes, Future[np.ndarray]] = {}

    def expect(self, batches: Sequence[np.ndarray]) -> None:
        """Begin to read these batches in this order; others of the same length are let go."""
        told = {rows.tobytes(): rows for rows in batches}
        lengths = {len(key) for key in told}
        for key in [old for old in self._coming if len(old) in lengths and old not in told]:
            self._coming.pop(key).cancel()
        for key, rows in told.items():
            if key not in self._coming:
                self._coming[key] = self._pool.submit(self._gather, rows)

    def take(self, rows: np.ndarray) -> np.ndarray:
        """The samples of these rows, read now unless they have been.

        Raises:
            DataError: what `gather` raises.
        """
        coming = self._coming.pop(rows.tobytes(), None)
        return self._gather(rows) if coming is None else coming.result()

    @property
    def waiting(self) -> int:
        """Batches that were told and not taken."""
        return len(self._coming)
