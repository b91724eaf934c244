"""All pictures of a source as one array, decoded side by side; what cannot be read is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from PIL import Image

from gansmith.data.decode import Conversion, UnreadableError, reason
from gansmith.data.memory import check_fits
from gansmith.data.source import Source
from gansmith.errors import DataError

NAMED = 5
"""Unreadable pictures that a message names."""
AT_ONCE = 256
"""Pictures that are decoded before they are moved into the array."""


class Converted(NamedTuple):
    """The pictures of a source that could be read."""

    images: np.ndarray
    """uint8 (N, C, height, width): one channel where every picture is grey, else three."""
    numbers: list[int]
    """Which pictures of the source these are."""
    unreadable: dict[str, str]
    """The reasons, by name, of those that are left out."""


def convert(source: Source, conversion: Conversion) -> Converted:
    """Decode every picture; besides the array itself only a few pictures are in memory.

    Raises:
        DataError: more pictures cannot be read than can, with the names of some and the reasons;
            or the array would take more than half of the memory.
    """
    numbers: list[int] = []
    unreadable: dict[str, str] = {}
    images = _array(source, conversion, 1)
    for number, image in enumerate(_decoded(source, conversion)):
        if isinstance(image, str):
            unreadable[source.names[number]] = image
            continue
        if image.ndim == 3 and images.shape[1] == 1:
            images = _in_colour(source, conversion, images[: len(numbers)])
        images[len(numbers)] = image if image.ndim == 2 else image.transpose(2, 0, 1)
        numbers.append(number)
    if len(unreadable) > len(numbers):
        raise DataError(f"{unreadable_words(source, unreadable)}\nRepair them, then start again.")
    return Converted(images[: len(numbers)], numbers, unreadable)


def _decoded(source: Source, conversion: Conversion) -> Iterator[np.ndarray | str]:
    """Each picture, or why it cannot be read, in the order of the source."""

    def decode(number: int) -> np.ndarray | str:
        try:
            return conversion(source.read(number))
        except (UnreadableError, OSError) as error:
            return reason(error)

    with ThreadPoolExecutor() as pool:
        for first in range(0, len(source), AT_ONCE):
            yield from pool.map(decode, range(first, min(first + AT_ONCE, len(source))))


def _array(source: Source, conversion: Conversion, channels: int) -> np.ndarray:
    """Room for every picture; the system hands it out only as it is filled."""
    shape = (len(source), channels, conversion.height, conversion.width)
    check_fits(int(np.prod(shape)), source.origin)
    return np.empty(shape, np.uint8)


def _in_colour(source: Source, conversion: Conversion, grey: np.ndarray) -> np.ndarray:
    """Room for every picture in colour, the grey ones that were read so far moved there."""
    images = _array(source, conversion, 3)
    images[: len(grey)] = grey
    return images


def with_channels(images: np.ndarray, channels: int) -> np.ndarray:
    """(N, C, H, W) in one channel or in three: grey is repeated, colour becomes its brightness."""
    if images.shape[1] == channels:
        return images
    if channels == 3:
        return np.repeat(images, 3, axis=1)
    grey = [np.asarray(Image.fromarray(i.transpose(1, 2, 0)).convert("L")) for i in images]
    return np.stack(grey)[:, None]


def unreadable_words(source: Source, unreadable: dict[str, str]) -> str:
    """How many pictures cannot be read, and which, such as "2 of 10 images ... cannot be read"."""
    listed = listed_reasons(f"{name}: {why}" for name, why in sorted(unreadable.items()))
    return f"{len(unreadable)} of {len(source)} images in {source.origin} cannot be read:\n{listed}"


def listed_reasons(lines: Iterable[str]) -> str:
    """The first few lines, and how many more there are."""
    known = list(lines)
    more = [f"  and {len(known) - NAMED} more"] if len(known) > NAMED else []
    return "\n".join([*(f"  {line}" for line in known[:NAMED]), *more])
