"""What a person sees while a run trains: a live bar, plain lines for a log, or nothing."""

from __future__ import annotations

from gansmith.display.display import Display, SilentDisplay
from gansmith.display.live import LiveDisplay
from gansmith.display.plain import PlainDisplay
from gansmith.display.words import human_bytes, human_seconds

__all__ = [
    "Display",
    "LiveDisplay",
    "PlainDisplay",
    "SilentDisplay",
    "human_bytes",
    "human_seconds",
    "make_display",
]


def make_display(console_is_terminal: bool, quiet: bool) -> Display:
    """The display that suits stderr: live on a terminal, plain lines elsewhere, none if quiet."""
    if quiet:
        return SilentDisplay()
    return LiveDisplay() if console_is_terminal else PlainDisplay()
