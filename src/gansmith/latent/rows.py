"""Which latent vectors a path goes through, row by row."""

from __future__ import annotations

from gansmith.errors import ConfigError


def rows_of(given: tuple[str, ...]) -> list[list[int]]:
    """["3", "17", "5"] → one row through them; ["3,17", "8,40"] → a row each.

    Raises:
        ConfigError: what is given are no whole numbers.
    """
    try:
        rows = [[int(part) for part in text.split(",") if part.strip()] for text in given]
    except ValueError:
        raise ConfigError(
            f"--between {' '.join(given)}: give numbers of samples, such as 3 17 5, or 3,17 8,40 "
            "for a row each."
        ) from None
    if not rows or any("," in text for text in given):
        return rows
    return [[number for row in rows for number in row]]


def pairs(rows: int, count: int | None) -> list[list[int]]:
    """[[0, 1], [2, 3], ...]: as many rows, or as there are pairs.

    Raises:
        ConfigError: no row.
    """
    rows = rows if count is None else min(rows, count // 2)
    if rows < 1:
        raise ConfigError("There is nothing to go between: give --rows 1 or more, and two z.")
    return [[2 * row, 2 * row + 1] for row in range(rows)]
