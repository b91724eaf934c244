"""Progress as a few lines at the foot of a terminal, redrawn in place."""

from __future__ import annotations

import time
from collections.abc import Mapping

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from gansmith.display.display import Display
from gansmith.display.pace import Pace
from gansmith.display.words import DOT, packed, terms

REDRAW_SECONDS = 0.1
LEAST_BAR, MOST_BAR = 10, 40


class LiveDisplay(Display):
    """A bar with counts, rates and time left, and the terms below; lines end at whole phrases.

    No thread redraws it: nothing runs beside the training.
    """

    def __init__(self, console: Console | None = None) -> None:
        """Draw on `console`; None: on stderr."""
        self._console = console or Console(stderr=True)
        self._live: Live | None = None
        self._pace = Pace(None, None, 0)
        self._values: Mapping[str, float] = {}
        self._due = 0.0

    def start(self, title: str, steps: int | None, minutes: float | None, first_step: int) -> None:
        """Print the title and draw an empty bar below it."""
        self.stop()
        self._pace, self._values = Pace(steps, minutes, first_step), {}
        self._console.print(Text.assemble((title, "bold"), DOT, self._pace.goal()))
        self._live = Live(self, console=self._console, auto_refresh=False, redirect_stdout=False)
        self._live.start(refresh=True)

    def update(self, step: int, seconds: float, images: int, values: Mapping[str, float]) -> None:
        """Take the state after a step, and draw it when it is time."""
        self._pace.move(step, seconds, images)
        self._values = values
        now = time.monotonic()
        if self._live is not None and now >= self._due:
            self._due = now + REDRAW_SECONDS
            self._pace.mark()
            self._live.refresh()

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self._console.print(Text(line))

    def stop(self) -> None:
        """Draw the last state, leave it on the screen and end."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The bar beside as many phrases as fit, then the other phrases, then the terms."""
        phrases, width = self._pace.phrases(), options.max_width
        spare = width - len(DOT.join(phrases)) - 1
        bar = min(MOST_BAR, max(LEAST_BAR, spare // 8 * 8)) if self._pace.limited else 0
        first, *others = packed(phrases, width, indent=bar + 1)
        line = Table.grid(padding=(0, 1, 0, 0))
        if bar:
            done = ProgressBar(1.0, self._pace.fraction, bar, complete_style="cyan")
            line.add_row(done, Text(first))
        else:
            line.add_row(Text(first))
        yield line
        for other in others:
            yield Text(other, no_wrap=True, overflow="ellipsis")
        for line_of_terms in packed(terms(self._values), width):
            yield Text(line_of_terms, style="cyan", no_wrap=True, overflow="ellipsis")
