"""Memory shared by threads: large pictures wait for each other, small ones go side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from PIL import Image

ROOM = 600_000_000
"""Bytes of pictures that are decoded at one time; with all else a process stays under 1 GB."""


class Room:
    """So many bytes, handed out and given back."""

    def __init__(self, size: int = ROOM) -> None:
        self._free, self._size, self._changed = size, size, Condition()

    @contextmanager
    def taken(self, wanted: int) -> Iterator[None]:
        """Wait until `wanted` bytes are free; more than there are means all of them."""
        wanted = min(wanted, self._size)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= wanted)
            self._free -= wanted
        try:
            yield
        finally:
            with self._changed:
                self._free += wanted
                self._changed.notify_all()


def bytes_to_decode(image: Image.Image, turned: bool) -> int:
    """About how much memory decoding takes at its height.

    Pillow holds 4 bytes a pixel, once more where the picture is turned. libjpeg keeps all
    coefficients of a progressive picture, libwebp has the pixels twice.
    """
    each = 4 + 4 * turned
    if image.info.get("progressive") or image.info.get("progression"):
        each += 6
    if image.format == "WEBP":
        each += 8
    return image.width * image.height * each
