"""The C library's allocator, told to keep freed memory: training re-uses the same large blocks."""

from __future__ import annotations

import ctypes
import sys

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
GIB, MIB = 2**30, 2**20


def keep_freed_memory() -> bool:
    """Set glibc's thresholds; False, and nothing done, where there is no `mallopt`."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False  # another C library, such as musl
    settings = {M_MMAP_THRESHOLD: GIB, M_TRIM_THRESHOLD: 2 * GIB - 1, M_TOP_PAD: 64 * MIB}
    return all(mallopt(option, value) == 1 for option, value in settings.items())


def peak_memory() -> int:
    """Most bytes that this process has held in main memory so far; 0 where it cannot be known."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
