"""What every display can do, and the display that shows nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping


class Display(ABC):
    """Shows one run on stderr, since stdout is for results."""

    @abstractmethod
    def start(self, title: str, steps: int | None, minutes: float | None, first_step: int) -> None:
        """Begin at `first_step` a run that ends at step `steps`, or after `minutes` of training.

        Where both are given, the run ends at whichever comes first.
        """

    @abstractmethod
    def update(self, step: int, seconds: float, images: int, values: Mapping[str, float]) -> None:
        """Take the state after a step: training seconds and images, both so far, and the terms.

        Cheap enough for every step: it is drawn, and `values` read, only when it is time.
        """

    @abstractmethod
    def say(self, line: str) -> None:
        """Print a line, above the bar where there is one."""

    @abstractmethod
    def stop(self) -> None:
        """Draw the last state and end; harmless when repeated or never started."""


class SilentDisplay(Display):
    """Shows nothing, for programs that read stdout."""

    def start(self, title: str, steps: int | None, minutes: float | None, first_step: int) -> None:
        """Do nothing."""

    def update(self, step: int, seconds: float, images: int, values: Mapping[str, float]) -> None:
        """Do nothing."""

    def say(self, line: str) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""
