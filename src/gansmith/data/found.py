"""What was found where the user pointed: pictures to train on and to hold out, by domain."""

from __future__ import annotations

from typing import NamedTuple

from gansmith.data.source import Source


class Found(NamedTuple):
    """The sources behind one `--data`."""

    train: Source
    held_out: Source | None = None
    own_size: tuple[int, int] | None = None
    """(height, width) that all pictures have; None where they may differ."""
    other: Found | None = None
    """The second domain of unpaired pictures."""
    notes: tuple[str, ...] = ()
    """What is worth knowing of them before training, a line each."""

    @property
    def batch(self) -> str:
        """Name of the batch type."""
        if self.other is not None:
            return "UnpairedImages"
        if self.train.attributes:
            return "AttributedImages"
        return "CaptionedImages" if self.train.captions else "LabeledImages"
