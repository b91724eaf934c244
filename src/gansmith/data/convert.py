"""All pictures of a source as one array, decoded side by side; what cannot be read is named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from gansmith.data.decode import Conversion, UnreadableError, reason
from gansmith.data.source import Source
from gansmith.errors import DataError

NAMED = 5
"""Unreadable pictures that a message names."""


class Converted(NamedTuple):
    """The pictures of a source that could be read."""

    images: np.ndarray
    """uint8 (N, C, height, width): one channel where every picture is grey, else three."""
    numbers: list[int]
    """Which pictures of the source these are."""
    unreadable: dict[str, str]
    """The reasons, by name, of those that are left out."""


def convert(source: Source, conversion: Conversion) -> Converted:
    """Decode every picture.

    Raises:
        DataError: more pictures cannot be read than can; the message names some and says why.
    """
    unreadable: dict[str, str] = {}

    def decode(number: int) -> np.ndarray | None:
        try:
            return conversion(source.read(number))
        except (UnreadableError, OSError) as error:
            unreadable[source.names[number]] = reason(error)
            return None

    with ThreadPoolExecutor() as pool:
        decoded = list(pool.map(decode, range(len(source))))
    numbers = [number for number, image in enumerate(decoded) if image is not None]
    if len(unreadable) > len(numbers):
        raise DataError(f"{unreadable_words(source, unreadable)}\nRepair them, then start again.")
    images = [image for image in decoded if image is not None]
    if all(image.ndim == 2 for image in images):
        return Converted(np.stack(images)[:, None], numbers, unreadable)
    stacked = np.stack([three_channels(image) for image in images])
    return Converted(np.ascontiguousarray(stacked.transpose(0, 3, 1, 2)), numbers, unreadable)


def three_channels(image: np.ndarray) -> np.ndarray:
    """(H, W) or (H, W, 3) → (H, W, 3)."""
    return image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)


def unreadable_words(source: Source, unreadable: dict[str, str]) -> str:
    """How many pictures cannot be read, and which, such as "2 of 10 images ... cannot be read"."""
    named = "\n".join(f"  {name}: {why}" for name, why in sorted(unreadable.items())[:NAMED])
    more = f"\n  and {len(unreadable) - NAMED} more" if len(unreadable) > NAMED else ""
    count = f"{len(unreadable)} of {len(source)} images in {source.origin} cannot be read"
    return f"{count}:\n{named}{more}"
