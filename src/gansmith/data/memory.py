"""How much memory there is: pictures that would not fit are refused before they are read."""

from __future__ import annotations

import os
from pathlib import Path

from gansmith.errors import DataError

SHARE = 0.5
"""Of the available memory that the pictures may take: networks and activations need room too."""


def check_fits(wanted: int, what: str) -> None:
    """Refuse pictures that would take too much memory.

    Args:
        wanted: bytes.
        what: whose pictures these are, for the message.

    Raises:
        DataError: they would not fit.
    """
    available = available_memory()
    if available is not None and wanted > SHARE * available:
        raise DataError(
            f"The images of {what} would take {wanted / 1e9:.1f} GB of memory, and "
            f"{available / 1e9:.1f} GB are available; at most half of it is used. Prepare them "
            f"once with `gansmith data prepare`, which trains from disk, or give a smaller --size."
        )


def available_memory() -> int | None:
    """Bytes that this process may still take; None where the system does not tell.

    A container's limit counts as a whole: what it holds now is mostly cached files.
    """
    told = [_of_the_machine(), _of_the_container()]
    return min((bytes_ for bytes_ in told if bytes_ is not None), default=None)


def _of_the_machine() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _of_the_container() -> int | None:
    try:
        return int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no container, or no limit: the file says "max"
        return None
