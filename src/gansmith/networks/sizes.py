"""Which image sizes a network that doubles or halves its maps can make."""

from __future__ import annotations

from typing import NamedTuple

from gansmith.errors import ConfigError

LARGEST = 7


class Stages(NamedTuple):
    """How an image grows from its smallest map: height and width of that map, and doublings."""

    height: int
    width: int
    doublings: int


def stages(shape: tuple[int, ...], most: int = 512, largest: int = LARGEST) -> Stages:
    """Halve (C, H, W) until the shorter side is at most `largest`, more than half of it.

    Args:
        shape: of the image.
        most: pixels of its longer side.
        largest: pixels of the smallest map's shorter side.

    Raises:
        ConfigError: where a side cannot be halved evenly that often, or is over `most`.
    """
    _, height, width = shape
    doublings = 0
    while min(height, width) >> doublings > largest:
        doublings += 1
    even = height % 2**doublings == 0 and width % 2**doublings == 0
    if doublings == 0 or not even or max(height, width) > most:
        raise ConfigError(
            f"This network cannot make images of {height}x{width} pixels: it doubles a map of "
            f"{_smallest(largest)} to {largest} pixels until the size is reached, up to {most}. "
            f"Give --size {_nearest_size(min(height, width), most, largest)}."
        )
    return Stages(height >> doublings, width >> doublings, doublings)


def _smallest(largest: int) -> int:
    return largest // 2 + 1


def _nearest_size(side: int, most: int, largest: int) -> int:
    possible = [
        first << doublings
        for first in range(_smallest(largest), largest + 1)
        for doublings in range(1, 10)
        if first << doublings <= most
    ]
    return min(possible, key=lambda size: abs(size - side))
