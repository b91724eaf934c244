"""How far a run is, how fast it goes and how long it will take."""

from __future__ import annotations

from collections import deque

from gansmith.display.words import human_seconds, rate

RECENT_SECONDS = 20.0
"""Rates are means over about this many of the last seconds of training."""


class Pace:
    """The progress of one run, in numbers and in words."""

    def __init__(self, steps: int | None, minutes: float | None, first_step: int) -> None:
        """Begin at `first_step` a run that ends at step `steps`, or after `minutes`."""
        self._steps, self._minutes, self._first_step = steps, minutes, first_step
        self._now = (first_step, 0.0, 0)
        self._marks: deque[tuple[int, float, int]] = deque()

    def move(self, step: int, seconds: float, images: int) -> None:
        """Take the state after a step, with seconds and images so far; costs next to nothing.

        Rates count from the first call on: the first step, which compiles and warms up, is slow.
        """
        self._now = (step, seconds, images)
        if not self._marks:
            self._marks.append(self._now)

    def mark(self) -> None:
        """Remember the present state for the rates, and forget what is no longer recent."""
        self._marks.append(self._now)
        while len(self._marks) > 2 and self._marks[1][1] <= self._now[1] - RECENT_SECONDS:
            self._marks.popleft()

    @property
    def limited(self) -> bool:
        """Whether the run has an end."""
        return bool(self._steps or self._minutes)

    @property
    def fraction(self) -> float:
        """The part of the run that is done, in [0, 1]; 0 where it has no end."""
        step, seconds, _ = self._now
        by_step = step / self._steps if self._steps else 0.0
        by_time = seconds / (60 * self._minutes) if self._minutes else 0.0
        return min(1.0, max(by_step, by_time))

    @property
    def tenth(self) -> int:
        """The number of tenths that are done."""
        return int(10 * self.fraction + 1e-9)

    def goal(self) -> str:
        """What lies ahead, such as "5,000 steps", "10 min" or "step 2,000 to 5,000"."""
        ends = [f"{self._minutes:g} min"] if self._minutes else []
        if self._steps and self._first_step:
            ends.insert(0, f"step {self._first_step:,} to {self._steps:,}")
        elif self._steps:
            ends.insert(0, f"{self._steps:,} steps")
        elif self._first_step:
            ends.append(f"from step {self._first_step:,}")
        return ", at most ".join(ends) if self._steps else " ".join(ends) or "no end"

    def phrases(self) -> list[str]:
        """What to say now, such as "1200/5000", "24 %", "31.2 steps/s", "2 min 02 s left"."""
        step, seconds, _ = self._now
        words = [f"{step}/{self._steps}" if self._steps else f"{step}"]
        if self._minutes:
            words.append(f"{seconds / 60:.1f}/{self._minutes:g} min")
        if self.limited:
            words.append(f"{int(100 * self.fraction + 1e-9)} %")
        per_second, images_per_second = self._rates()
        if per_second:
            words.append(rate(per_second, "steps"))
        if images_per_second:
            words.append(rate(images_per_second, "images"))
        if self.fraction == 1:
            words.append(f"{human_seconds(seconds)} of training")
        elif (left := self._seconds_left(per_second)) is not None:
            words.append(f"{human_seconds(left)} left")
        return words

    def _rates(self) -> tuple[float, float]:
        """Steps and images a second of late; zeros while unknown."""
        step, seconds, images = self._now
        if not self._marks or seconds <= self._marks[0][1]:
            return 0.0, 0.0
        first_step, first_seconds, first_images = self._marks[0]
        passed = seconds - first_seconds
        return (step - first_step) / passed, (images - first_images) / passed

    def _seconds_left(self, per_second: float) -> float | None:
        """Training seconds until the first of the ends; None while unknown."""
        step, seconds, _ = self._now
        left = []
        if self._steps and per_second:
            left.append((self._steps - step) / per_second)
        if self._minutes:
            left.append(60 * self._minutes - seconds)
        return min(left, default=None)
