"""Progress as whole lines without control codes, for pipes and logs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import TextIO

from gansmith.display.display import Display
from gansmith.display.pace import Pace
from gansmith.display.words import DOT, terms

LINE_SECONDS = 5.0
PAUSE = 0.05
"""In a long run the pause between lines is this part of the time that has passed."""


class PlainDisplay(Display):
    """A line at each tenth of the run, and between them at most every 5 s.

    In a long run a line comes after another twentieth of the time: a night fills a few screens.
    """

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Print to `stream`; None: to what is stderr at the time."""
        self._stream, self._clock = stream, clock
        self._pace: Pace | None = None
        self._values: Mapping[str, float] = {}
        self._began = self._due = 0.0
        self._tenth, self._drawn = 0, True

    def start(self, title: str, steps: int | None, minutes: float | None, first_step: int) -> None:
        """Print the title and what lies ahead."""
        self.stop()
        self._pace = Pace(steps, minutes, first_step)
        self._began = self._clock()
        self._due = self._began + LINE_SECONDS
        self._tenth = self._pace.tenth
        self.say(f"{title}{DOT}{self._pace.goal()}")

    def update(self, step: int, seconds: float, images: int, values: Mapping[str, float]) -> None:
        """Take the state after a step, and print it when it is time."""
        if self._pace is None:
            return
        self._pace.move(step, seconds, images)
        self._values, self._drawn = values, False
        if self._clock() >= self._due or self._pace.tenth > self._tenth:
            self._print(self._pace)

    def say(self, line: str) -> None:
        """Print a line."""
        print(line, file=self._stream or sys.stderr, flush=True)

    def stop(self) -> None:
        """Print the last state, unless it is printed, and end."""
        if self._pace is not None and not self._drawn:
            self._print(self._pace)
        self._pace = None

    def _print(self, pace: Pace) -> None:
        now = self._clock()
        self._due = now + max(LINE_SECONDS, PAUSE * (now - self._began))
        self._tenth, self._drawn = pace.tenth, True
        pace.mark()
        self.say("step " + DOT.join([*pace.phrases(), *terms(self._values)]))
