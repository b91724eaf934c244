"""Gathers the logged scalars of many updates and reads them from the device in one go."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor

from gansmith.training.update import Values, check_finite

Write = Callable[[int, dict[str, float]], None]
"""(step, values by "phase/name") → None; called once a step, in order."""


class Recorder:
    """Keeps the values of the last steps on the device until `flush`.

    Args:
        write: takes the values of each step, means over a phase's repeats.
        seconds: time after which what was gathered is written.
        steps: steps after which it is written, instead: several processes do so together.
    """

    def __init__(self, write: Write, seconds: float = 0.2, steps: int | None = None) -> None:
        self._write, self._seconds, self._steps = write, seconds, steps
        self._ended = 0
        self._flushed = time.monotonic()
        self._names: list[tuple[int, str, tuple[str, ...]]] = []
        self._scalars: list[Tensor] = []
        self.last: dict[str, float] = {}
        """The values of the newest written step."""

    def add(self, step: int, phase: str, values: Values) -> None:
        """Keep the values of one play."""
        self._names.append((step, phase, tuple(values)))
        self._scalars += values.values()

    def end_step(self) -> None:
        """Write what was gathered, if it is time."""
        self._ended += 1
        if self._steps is not None:
            due = self._ended % self._steps == 0
        else:
            due = time.monotonic() - self._flushed >= self._seconds
        if due:
            self.flush()

    def flush(self) -> None:
        """Write all that was gathered.

        Raises:
            NonFiniteError: a value is infinite or not a number; the steps before are written.
        """
        self._flushed = time.monotonic()
        if not self._scalars:
            return
        numbers = iter(torch.stack(self._scalars).tolist())
        gathered, self._names, self._scalars = self._names, [], []
        step, plays = gathered[0][0], []
        for played_at, phase, names in gathered:
            if played_at != step:
                self._written(step, plays)
                step, plays = played_at, []
            plays.append((phase, {name: next(numbers) for name in names}))
        self._written(step, plays)

    def _written(self, step: int, plays: list[tuple[str, dict[str, float]]]) -> None:
        collected: dict[str, list[float]] = {}
        for phase, values in plays:
            check_finite(phase, values, {})
            for name, value in values.items():
                collected.setdefault(f"{phase}/{name}", []).append(value)
        self.last = {name: sum(values) / len(values) for name, values in collected.items()}
        self._write(step + 1, self.last)
