"""Numbers as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

DOT = " · "


def human_seconds(seconds: float) -> str:
    """A time such as "4.2 s", "45 s", "2 min 02 s", "3 h 05 min" or "2 d 04 h".

    "unknown" where it is negative or not finite.
    """
    if not 0 <= seconds < float("inf"):
        return "unknown"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 59.5:
        return f"{round(seconds)} s"
    if seconds < 3599.5:
        return _two(round(seconds), 60, "min", "s")
    if seconds < 48 * 3600 - 30:
        return _two(round(seconds / 60), 60, "h", "min")
    return _two(round(seconds / 3600), 24, "d", "h")


def human_bytes(count: float) -> str:
    """A size such as "512 B", "1.5 kB" or "3.2 GB", in powers of 1000."""
    if count < 1000:
        return f"{count:.0f} B"
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 999.95:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:.1f} TB"


def terms(values: Mapping[str, float]) -> list[str]:
    """A phrase such as "discriminator 0.61" for each value."""
    return [f"{name} {_short(value)}" for name, value in values.items()]


def rate(per_second: float, unit: str) -> str:
    """A rate such as "0.25 steps/s", "31.2 steps/s" or "1,996 images/s"."""
    digits = ".2f" if per_second < 1 else ".1f" if per_second < 99.95 else ",.0f"
    return f"{per_second:{digits}} {unit}/s"


def packed(phrases: Sequence[str], width: int, indent: int = 0) -> list[str]:
    """The phrases in lines of at most `width` characters, the first line `indent` shorter.

    No phrase is broken: one that is too long has a line of its own.
    """
    lines: list[str] = []
    for phrase in phrases:
        room = width - indent if len(lines) == 1 else width
        if lines and len(lines[-1] + DOT + phrase) <= room:
            lines[-1] += DOT + phrase
        else:
            lines.append(phrase)
    return lines


def _short(value: float) -> str:
    """Two decimals, none from 100, an exponent where that would not do."""
    size = abs(value)
    if 100 <= size < 1e6:
        return f"{value:,.0f}"
    return f"{value:.2f}" if size == 0 or 0.005 <= size < 100 else f"{value:.1e}"


def _two(count: int, part: int, large: str, small: str) -> str:
    """A count of small units in large ones of `part` each, and the rest."""
    return f"{count // part} {large} {count % part:02d} {small}"
