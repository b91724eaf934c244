"""Which image sizes a network that doubles or halves its maps can make."""

from __future__ import annotations

from typing import NamedTuple

from gansmith.errors import ConfigError

SMALLEST, LARGEST = 4, 7


class Stages(NamedTuple):
    """How an image grows from its smallest map: height and width of that map, and doublings."""

    height: int
    width: int
    doublings: int


def stages(shape: tuple[int, ...], most: int = 512) -> Stages:
    """Halve (C, H, W) until the shorter side is at most 7, at least 4.

    Raises:
        ConfigError: where a side cannot be halved evenly that often, or is over `most`.
    """
    _, height, width = shape
    doublings = 0
    while min(height, width) >> doublings > LARGEST:
        doublings += 1
    even = height % 2**doublings == 0 and width % 2**doublings == 0
    if doublings == 0 or not even or max(height, width) > most:
        raise ConfigError(
            f"This network cannot make images of {height}x{width} pixels: it doubles a map of "
            f"{SMALLEST} to {LARGEST} pixels until the size is reached, up to {most}. "
            f"Give --size {_nearest_size(min(height, width), most)}."
        )
    return Stages(height >> doublings, width >> doublings, doublings)


def _nearest_size(side: int, most: int) -> int:
    possible = [
        first << doublings
        for first in range(SMALLEST, LARGEST + 1)
        for doublings in range(1, 10)
        if first << doublings <= most
    ]
    return min(possible, key=lambda size: abs(size - side))
