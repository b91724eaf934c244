"""What is worth saying of the pictures before training begins, from what is decoded anyway."""

from __future__ import annotations

import hashlib

import numpy as np

from gansmith.data.convert import Converted
from gansmith.data.source import Source

FEW = 500
"""Below this a discriminator learns the pictures by heart: see Zhao et al. 2020,
arXiv:2006.10738."""


def brief_check(source: Source, converted: Converted, held_out: int = 0) -> list[str]:
    """One or two lines, such as "4,000 pictures, 1,000 more held out, 31 exact duplicates".

    Duplicates are counted after conversion. Nothing is read or decoded again.
    """
    images = converted.images
    facts = _counted(len(source), "picture", "pictures")
    facts += [f"{held_out:,} more held out"] if held_out else []
    if converted.unreadable:
        facts.append(f"{len(converted.unreadable):,} left out")
    facts += _counted(repeats(images), "exact duplicate", "exact duplicates")
    facts += _counted(even(images), "of one colour all over", "of one colour all over")
    lines = [", ".join(facts)]
    if len(images) < FEW:
        lines.append(
            f"Few pictures, {len(images):,}: below {FEW} they are soon learned by heart. --augment "
            f"holds that up; `gansmith data check {source.origin}` says more."
        )
    return lines


def repeats(images: np.ndarray) -> int:
    """How many of the images (N, C, H, W) have the pixels of an earlier one."""
    digests = {hashlib.blake2b(image.tobytes()).digest() for image in images}
    return len(images) - len(digests)


def even(images: np.ndarray) -> int:
    """How many of the images (N, C, H, W) have one colour all over."""
    return sum(bool((image == image[:, :1, :1]).all()) for image in images)


def _counted(count: int, one: str, many: str) -> list[str]:
    return [f"{count:,} {one if count == 1 else many}"] if count else []
