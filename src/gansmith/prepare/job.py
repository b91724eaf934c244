"""One preparation: which pictures, what is done to them, how they are stored, in which parts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import PIL

import gansmith
from gansmith.data.decode import Conversion
from gansmith.data.found import Found
from gansmith.data.source import Source
from gansmith.errors import DataError
from gansmith.prepare.both import both
from gansmith.prepare.stored import known_hash

Layout = Literal["array", "shards"]
LARGEST_ARRAY = 16_000_000_000
"""Bytes of pixels from which on "auto" means shards: many files are easier to copy than one."""
MOST = {"array": 256, "shards": 1000}
"""Pictures of a part, at most."""
LARGEST_SIDE = 8192
"""Pixels of a prepared picture: a worker has several copies of one in memory."""
PART_BYTES = 32_000_000
"""Of pixels, at most: a worker has a whole part in memory."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A preparation; the same job gives the same bytes, whoever does which part of it."""

    source: Source
    """Pictures to train on, then those that are held out."""
    held_out: int = 0
    """How many of the last are held out."""
    conversion: Conversion
    layout: Layout
    licence: str = ""
    part_size: int
    """Pictures of one part."""

    @property
    def trained_on(self) -> int:
        """How many of the first are not held out."""
        return len(self.source) - self.held_out

    @property
    def parts(self) -> int:
        """Their number."""
        return -(-len(self.source) // self.part_size)

    def numbers(self, part: int) -> range:
        """The pictures of a part."""
        first = part * self.part_size
        return range(first, min(first + self.part_size, len(self.source)))

    def settings(self) -> dict[str, Any]:
        """All that the bytes follow from besides the stored pictures, as JSON holds it."""
        return {
            "source": {
                "name": Path(self.source.origin).name,
                "layout": self.source.layout,
                "pictures": len(self.source),
                "held_out": self.held_out,
                "sha256": known_hash(self.source),
            },
            "conversion": dataclasses.asdict(self.conversion),
            "layout": self.layout,
            "part_size": self.part_size,
            "licence": self.licence,
            "made_with": {"gansmith": gansmith.__version__, "pillow": PIL.__version__},
        }


def make_job(
    found: Found,
    conversion: Conversion,
    layout: Literal["auto", "array", "shards"] = "auto",
    licence: str = "",
    part_size: int | None = None,
) -> Job:
    """A job with nothing left open.

    Raises:
        DataError: two domains, or a size that is too large.
    """
    if found.other is not None:
        raise DataError(
            f"{found.train.origin}: two domains are not prepared together. train reads the folders "
            "as they are."
        )
    source = found.train if found.held_out is None else both(found.train, found.held_out)
    each = conversion.height * conversion.width * 3
    if max(conversion.height, conversion.width) > LARGEST_SIDE:
        raise DataError(
            f"--size {conversion.height}x{conversion.width}: give at most {LARGEST_SIDE} pixels."
        )
    if layout == "auto":
        layout = "array" if each * len(source) <= LARGEST_ARRAY else "shards"
    return Job(
        source=source,
        held_out=0 if found.held_out is None else len(found.held_out),
        conversion=conversion,
        layout=layout,
        licence=licence,
        part_size=part_size or max(1, min(MOST[layout], PART_BYTES // each)),
    )
