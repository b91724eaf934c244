"""Every error that a user can cause or meet: what was given, what was expected, what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GansmithError(Exception):
    """An expected failure: the command line prints it without a traceback."""

    exit_code = 2


class ConfigError(GansmithError):
    """A method, flag or value that cannot be used."""


class DataError(GansmithError):
    """Data that is missing, unreadable or of the wrong kind."""


class RunError(GansmithError):
    """A run directory that is missing, in use, damaged or cannot be written."""


class InexactResumeError(RunError):
    """A run that cannot be continued bit for bit on this machine."""


class NonFiniteError(GansmithError):
    """A term, gradient or weight that became infinite or not a number."""

    exit_code = 1


def nearest(name: str, known: Iterable[str]) -> str:
    """The sentence that offers the names closest to `name`, and all names when none is close."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        likeness = [difflib.SequenceMatcher(None, one, name).ratio() for one in close]
        close = [one for one, like in zip(close, likeness, strict=True) if like > likeness[0] - 0.2]
        return f"Did you mean {' or '.join(close)}?"
    return f"Known: {', '.join(names)}."
