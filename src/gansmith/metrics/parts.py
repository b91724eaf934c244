"""Equal parts of what a figure is the mean of: how they differ tells how noisy it is."""

from __future__ import annotations

from collections.abc import Sequence

PARTS = 8
"""Equal parts of the samples whose figures tell how noisy the whole one is. With fewer, the factor
of Student's t that many evaluations call for would hide what is really worse."""


def means_of_parts(values: Sequence[float]) -> list[float]:
    """The means of 8 equal parts in a row; of as many as there are values where those are fewer.

    What is left over at the end is in none.
    """
    size = max(1, len(values) // PARTS)
    ends = range(size, len(values) + 1, size)
    return [sum(values[end - size : end]) / size for end in ends][:PARTS]
