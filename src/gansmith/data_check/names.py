"""Names of pictures as a terminal can print them: in one line, nothing invisible in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LONGEST = 120
"""Characters of a name that are shown; the middle of a longer one is left out."""


def escaped(name: str) -> str:
    """The name with what does not print as Python escapes it; a backslash is doubled."""
    return "".join(map(_shown, name))


def shortened(name: str) -> str:
    """The escaped name, its middle left out where it is very long."""
    whole = escaped(name)
    half = LONGEST // 2 - 2
    return whole if len(whole) <= LONGEST else f"{whole[:half]}...{whole[-half:]}"


def some(names: Sequence[str], most: int) -> str:
    """Such as "a, b and 3 more": at most `most` of them are named."""
    shown = ", ".join(map(shortened, names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def counts(pairs: Iterable[tuple[str, int]], most: int = 8) -> str:
    """Such as "cat 200, dog 150 and 3 more", of names and numbers."""
    listed = list(pairs)
    shown = ", ".join(f"{shortened(name)} {count:,}" for name, count in listed[:most])
    return shown if len(listed) <= most else f"{shown} and {len(listed) - most:,} more"


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable():
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
