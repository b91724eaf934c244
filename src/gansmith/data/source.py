"""Where pictures come from: a fixed order of them, not decoded yet, and what is known of each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """Pictures in a fixed order; what is known of them has one entry a picture, or none at all.

    A source can be pickled, so that other processes may read from it, and opens no file until it
    is read from.
    """

    origin: str
    """The path or name that the user gave."""
    layout: str
    """What kind of thing it is, such as "folder", "celeba" or "shards"."""
    names: tuple[str, ...]
    """A unique name for each picture: its path below the origin, with slashes."""
    labels: tuple[int, ...] = ()
    """Numbers of classes."""
    class_names: tuple[str, ...] = ()
    """Of the classes, or of the attributes."""
    captions: tuple[str, ...] = ()
    attributes: tuple[tuple[int, ...], ...] = ()
    """In place of labels: 1 for each attribute that a picture has, else 0."""

    def __len__(self) -> int:
        return len(self.names)

    @abstractmethod
    def read(self, number: int) -> bytes | np.ndarray:
        """The stored file of a picture, or its pixels (H, W) or (H, W, C), where it has no file.

        Raises:
            OSError: it cannot be read.
        """


@dataclass(frozen=True, kw_only=True)
class FileSource(Source):
    """Pictures that are files below the origin."""

    def path(self, number: int) -> Path:
        """Where a picture lies."""
        return Path(self.origin, self.names[number])

    def read(self, number: int) -> bytes:
        """The file's content."""
        return self.path(number).read_bytes()


def ordered(labels: Iterable[str]) -> list[str]:
    """The classes among labels: numbers in their order, then names."""
    return sorted(
        set(labels), key=lambda name: (not name.isdecimal(), name.isdecimal() and int(name), name)
    )
