"""Everything about the pictures of a source: numbers, findings and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from gansmith.data.decode import Conversion
from gansmith.data.found import Found
from gansmith.data.source import Source
from gansmith.data_check.conversion import effects, shape_words
from gansmith.data_check.duplicates import exact_groups, near_groups
from gansmith.data_check.enough import enough
from gansmith.data_check.faults import faults
from gansmith.data_check.finding import Finding, pictures
from gansmith.data_check.held_out import held_out, refused
from gansmith.data_check.look import Look
from gansmith.data_check.reading import Survey, survey
from gansmith.data_check.sharing import class_counts, duplicates, imbalance
from gansmith.data_check.surroundings import surroundings

USABLE, WITH_WARNINGS, NOT_USABLE = 0, 1, 2
VERDICTS = ("usable", "usable with warnings", "not usable")


@dataclass(frozen=True, kw_only=True)
class Report:
    """What `gansmith data check` knows when it has read everything."""

    source: Source
    looks: list[Look]
    conversion: Conversion
    classes: dict[str, int]
    findings: list[Finding]

    @property
    def readable(self) -> list[Look]:
        """Of the pictures without a fault."""
        return [look for look in self.looks if not look.fault]

    @property
    def code(self) -> int:
        """0 usable, 1 with warnings; 2 where more pictures are faulty than not, as in training."""
        good = len(self.readable)
        if not good or len(self.looks) - good > good or refused(self.findings):
            return NOT_USABLE
        told = any(finding.severity != "note" for finding in self.findings)
        return WITH_WARNINGS if told else USABLE

    def as_json(self) -> dict[str, Any]:
        """One object with everything."""
        good = self.readable
        return {
            "path": self.source.origin,
            "layout": self.source.layout,
            "verdict": VERDICTS[self.code],
            "pictures": len(self.looks),
            "readable": len(good),
            "converted_to": shape_words(self.conversion),
            "width": spread([look.width for look in good]),
            "height": spread([look.height for look in good]),
            "sizes": len({(look.width, look.height) for look in good}),
            "aspect_ratio": spread([round(look.width / look.height, 4) for look in good]),
            "kinds": dict(Counter(look.kind for look in good).most_common()),
            "classes": self.classes,
            "findings": [finding.as_json() for finding in self.findings],
        }


def spread(values: Sequence[float]) -> dict[str, float] | None:
    """The smallest, the median and the largest value; None of none."""
    if not values:
        return None
    return {"min": min(values), "median": median(values), "max": max(values)}


def judge(given: Found, conversion: Conversion, method: str | None, quiet: bool) -> Report:
    """Read everything once and say what is to be said; see `reading` about memory."""
    source = given.train
    seen = survey(source, quiet)
    classes = class_counts(source, seen.looks)
    exact = exact_groups(seen)
    found = [
        *faults(source.names, seen.looks),
        *_not_decoded(source, seen),
        *duplicates(source, exact, near_groups(seen, exact)),
        *effects(source.names, seen.looks, conversion),
        *imbalance(classes),
    ]
    good = sum(not look.fault for look in seen.looks)
    if good:
        different = good - sum(len(group) - 1 for group in exact)
        found += enough(different, (conversion.height, conversion.width), method)
    if given.held_out is not None:
        found += held_out(given.held_out, survey(given.held_out, quiet), seen)
    found += [Finding("told", "note", 1, note.rstrip(".")) for note in given.notes]
    if source.layout == "folder":
        found += surroundings(Path(source.origin))
    return Report(
        source=source, looks=seen.looks, conversion=conversion, classes=classes, findings=found
    )


def _not_decoded(source: Source, seen: Survey) -> list[Finding]:
    """Pictures of which only the header was read."""
    numbers = [n for n, look in enumerate(seen.looks) if not look.fault and not seen.seen[n]]
    if not numbers:
        return []
    says = f"{pictures(len(numbers))} so large that only the header was read"
    advice = "Make them smaller: decoding one takes a large part of 1 GB."
    names = tuple(source.names[number] for number in numbers)
    return [Finding("not-decoded", "warning", len(numbers), says, advice, names)]
