"""What was found: one kind of thing, how bad it is, which pictures it is about, what to do."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["fault", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One kind of thing that is so."""

    kind: str
    """One of a fixed list of names, such as "truncated"; README and scripts may rely on it."""
    severity: Severity
    """A fault leaves pictures out; a warning asks for a decision; a note only tells."""
    count: int
    says: str
    """One sentence without a full stop."""
    advice: str = ""
    names: tuple[str, ...] = ()
    """Of the pictures, in the order of the source."""
    reasons: tuple[str, ...] = ()
    """One a name, or none at all."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Where names belong together, such as duplicates."""

    def as_json(self) -> dict[str, Any]:
        """Every field, by its name."""
        return {
            **dataclasses.asdict(self),
            "names": list(self.names),
            "reasons": list(self.reasons),
            "groups": [list(group) for group in self.groups],
        }


def pictures(count: int, verb: str = "") -> str:
    """Such as "1 picture is" or "4,000 pictures are", where `verb` is "is|are"."""
    noun = "picture" if count == 1 else "pictures"
    one, _, many = verb.partition("|")
    return f"{count:,} {noun} {one if count == 1 else many}".rstrip()
