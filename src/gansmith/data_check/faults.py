"""Pictures that cannot be used at all: each is named, with its reason."""

from __future__ import annotations

from gansmith.data_check.finding import Finding, pictures
from gansmith.data_check.look import Look

FAULTS: dict[str, tuple[str, str]] = {
    "empty": ("is an empty file|are empty files", "Fetch them again, or remove them."),
    "not-image": (
        "is named as an image and is none|are named as images and are none",
        "Remove them: often they are error pages that were saved in place of pictures.",
    ),
    "truncated": (
        "is cut off before its end|are cut off before their end",
        "Fetch them again: copying or loading them was interrupted.",
    ),
    "damaged": ("is damaged|are damaged", "Fetch them again, or remove them."),
    "too-large": (
        "is too large to be read|are too large to be read",
        "Make them smaller, or remove them.",
    ),
    "float": (
        "has floats for pixels, whose range is not known"
        "|have floats for pixels, whose range is not known",
        "Save them in 8 bits.",
    ),
    "unreadable": (
        "may or can not be opened|may or can not be opened",
        "Look at their permissions: chmod u+r FILE.",
    ),
}
"""What is said of the pictures with a fault, and what to do."""


def faults(names: tuple[str, ...], looks: list[Look]) -> list[Finding]:
    """A finding for each kind of fault that occurs."""
    found = []
    for kind, (says, advice) in FAULTS.items():
        bad = [number for number, look in enumerate(looks) if look.fault == kind]
        if bad:
            found.append(
                Finding(
                    kind,
                    "fault",
                    len(bad),
                    pictures(len(bad), says),
                    advice,
                    tuple(names[number] for number in bad),
                    tuple(looks[number].reason for number in bad),
                )
            )
    return found
