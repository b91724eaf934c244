"""One preparation: which pictures, what is done to them, how they are stored, in which parts."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import PIL

import gansmith
from gansmith.data.decode import Conversion
from gansmith.data.source import FileSource, Source

Layout = Literal["array", "shards"]
LARGEST_ARRAY = 16_000_000_000
"""Bytes of pixels from which on "auto" means shards: many files are easier to copy than one."""
MOST = {"array": 256, "shards": 1000}
"""Pictures of a part, at most."""
PART_BYTES = 32_000_000
"""Of pixels, at most: a worker has a whole part in memory."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A preparation; the same job gives the same bytes, whoever does which part of it."""

    source: Source
    conversion: Conversion
    layout: Layout
    licence: str = ""
    part_size: int
    """Pictures of one part."""

    @property
    def parts(self) -> int:
        """Their number."""
        return -(-len(self.source) // self.part_size)

    def numbers(self, part: int) -> range:
        """The pictures of a part."""
        first = part * self.part_size
        return range(first, min(first + self.part_size, len(self.source)))

    def settings(self) -> dict[str, Any]:
        """All that the bytes follow from, as JSON holds it."""
        return {
            "source": {
                "name": Path(self.source.origin).name,
                "layout": self.source.layout,
                "pictures": len(self.source),
                "sha256": _identity(self.source),
            },
            "conversion": dataclasses.asdict(self.conversion),
            "layout": self.layout,
            "part_size": self.part_size,
            "licence": self.licence,
            "made_with": {"gansmith": gansmith.__version__, "pillow": PIL.__version__},
        }


def make_job(
    source: Source,
    conversion: Conversion,
    layout: Literal["auto", "array", "shards"] = "auto",
    licence: str = "",
    part_size: int | None = None,
) -> Job:
    """A job with nothing left open."""
    each = conversion.height * conversion.width * 3
    if layout == "auto":
        layout = "array" if each * len(source) <= LARGEST_ARRAY else "shards"
    return Job(
        source=source,
        conversion=conversion,
        layout=layout,
        licence=licence,
        part_size=part_size or max(1, min(MOST[layout], PART_BYTES // each)),
    )


def _identity(source: Source) -> str:
    """A hash of what is known of the pictures without decoding them: another set is noticed."""
    sizes = [path.stat().st_size for path in source.paths] if isinstance(source, FileSource) else []
    known = [source.names, source.labels, source.class_names, source.captions, sizes]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()
