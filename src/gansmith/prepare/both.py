"""Pictures to train on and pictures that are held out as one source, in this order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gansmith.data.source import Source

HELD_OUT = "held_out/"
"""Before the names of the second, which may be called like the first."""


@dataclass(frozen=True, kw_only=True)
class BothSource(Source):
    """Two sources, one after the other."""

    first: Source
    second: Source

    def read(self, number: int) -> bytes | np.ndarray:
        """A picture of either."""
        if number < len(self.first):
            return self.first.read(number)
        return self.second.read(number - len(self.first))


def both(train: Source, held_out: Source) -> BothSource:
    """The pictures of two sources that have the same classes."""
    return BothSource(
        origin=train.origin,
        layout=train.layout,
        names=(*train.names, *(HELD_OUT + name for name in held_out.names)),
        labels=(*train.labels, *held_out.labels),
        class_names=train.class_names,
        captions=(*train.captions, *held_out.captions),
        attributes=(*train.attributes, *held_out.attributes),
        first=train,
        second=held_out,
    )
