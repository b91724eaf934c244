"""What is noted of each step while a run trains: the log, the clock, the display, the forecast."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from gansmith.display import Display, human_bytes, human_seconds
from gansmith.run.directory import RunDirectory
from gansmith.run.log import MetricsLog
from gansmith.training.loop import Moment
from gansmith.training.memory import peak_memory

FORECAST_AFTER = 3.0
"""Seconds of training after which the time that the run will take is told."""
TIMED_EVERY = 5.0
"""Seconds between two lines of timing.jsonl."""


@dataclass
class Bookkeeping:
    """The log, the clock, the display and the forecast: called with the values of each step."""

    directory: RunDirectory
    log: MetricsLog | None
    display: Display
    moment: Moment
    last_step: int | None

    def __post_init__(self) -> None:
        state = self.moment.state
        self._first_step, self._start = state.step, self.moment.seconds
        self._timed, self._told = self.moment.seconds, False
        repeats = max(phase.repeats for phase in self.moment.method.phases())
        self._images = repeats * self.moment.method.batch_size

    def __call__(self, step: int, values: Mapping[str, float]) -> None:
        """Note one step."""
        if self.log is None:
            return
        self.log.append(step, values)
        done, seconds = step - self._first_step, self.moment.seconds - self._start
        losses = {n.removesuffix("/loss"): v for n, v in values.items() if n.endswith("/loss")}
        self.display.update(step, seconds, done * self._images, losses)
        if self.moment.seconds - self._timed >= TIMED_EVERY:
            self._note_time(step)
        if not self._told and seconds >= FORECAST_AFTER and done >= 5:
            self._told = True
            self.display.say(self._forecast(done / seconds))

    def close(self) -> None:
        """Write what is left."""
        if self.log is not None:
            self._note_time(self.moment.state.step)
            self.log.close()

    def _note_time(self, step: int) -> None:
        self._timed = self.moment.seconds
        line = json.dumps({"step": step, "seconds": round(self.moment.seconds, 3)})
        with self.directory.timing.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def _forecast(self, steps_per_second: float) -> str:
        engine = self.moment.engine
        disk = self.directory.path
        parts = [f"{steps_per_second:.3g} steps/s"]
        steps = self.last_step
        if steps is not None:
            left = (steps - self._first_step) / steps_per_second
            parts.append(f"{human_seconds(left)} for {steps - self._first_step:,} steps")
        peak = engine.peak_memory() or peak_memory()
        if peak:
            parts.append(f"{human_bytes(peak)} of memory at the peak")
        parts.append(f"up to {human_bytes(self._disk(steps))} on disk in {disk}")
        return "Forecast: " + ", ".join(parts)

    def _disk(self, steps: int | None) -> int:
        state = self.moment.state
        weights = [*state.nets.parameters(), *state.nets.buffers()]
        checkpoint = 4 * sum(tensor.nbytes for tensor in weights)
        line = self.directory.metrics.stat().st_size / max(1, state.step)
        return 3 * checkpoint + int(line * (steps or 0))
