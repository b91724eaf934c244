"""The pixels of prepared pictures by row: out of one array on disk, or out of tar files."""

from __future__ import annotations

import io
import mmap
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from gansmith.errors import DataError


@dataclass(frozen=True)
class ArrayPixels:
    """Rows of an array (N, H, W, C), in memory or memory-mapped."""

    images: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """uint8 (B, H, W, C)."""
        return np.asarray(self.images[rows])


@dataclass(frozen=True)
class ShardPixels:
    """Pictures inside tar files, found by an index of byte ranges; nothing is unpacked."""

    folder: Path
    names: tuple[str, ...]
    """Of the tar files."""
    index: np.ndarray
    """int64 (N, 3): number of the tar file, first byte, bytes."""
    shape: tuple[int, int, int]
    """(C, H, W)."""
    _maps: dict[int, mmap.mmap] = field(default_factory=dict)

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """uint8 (B, H, W, C); grey pictures of a set in colour are repeated.

        Raises:
            DataError: a tar file is missing or damaged.
        """
        channels, height, width = self.shape
        found = np.empty((len(rows), height, width, channels), np.uint8)
        for place, (shard, start, size) in enumerate(self.index[rows].tolist()):
            try:
                image = decoded(self._map(shard)[start : start + size])
                found[place] = image if image.ndim == 3 else image[..., None]
            except Exception as error:  # decoders raise anything on a damaged file
                path = self.folder / self.names[shard]
                raise DataError(f"{path} is damaged: {error}. Prepare it anew.") from error
        return found

    def _map(self, shard: int) -> mmap.mmap:
        """A tar file as memory; several threads may map it at once, and one of the maps is kept."""
        if shard not in self._maps:
            with (self.folder / self.names[shard]).open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            return self._maps.setdefault(shard, mapped)
        return self._maps[shard]


def decoded(content: bytes) -> np.ndarray:
    """The pixels of a PNM file, or of PNG as earlier versions wrote, (H, W) or (H, W, 3)."""
    with Image.open(io.BytesIO(content), formats=["PPM", "PNG"]) as image:
        return np.asarray(image)
