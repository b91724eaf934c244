"""Pictures that are there more than once, and classes that have few of them."""

from __future__ import annotations

from collections import Counter

from gansmith.data.source import Source
from gansmith.data_check.duplicates import MOST_BITS, Groups
from gansmith.data_check.finding import Finding, pictures
from gansmith.data_check.look import Look
from gansmith.data_check.names import counts

IMBALANCE = 10
"""The largest class may have so many times the pictures of the smallest."""


def class_counts(source: Source, looks: list[Look]) -> dict[str, int]:
    """Readable pictures of each class."""
    labels = zip(source.labels, looks, strict=False)  # without labels there is none to count
    found = Counter(label for label, look in labels if not look.fault)
    return {name: found[label] for label, name in enumerate(source.class_names)}


def imbalance(classes: dict[str, int]) -> list[Finding]:
    """Whether some classes have far fewer pictures than others."""
    if len(classes) < 2 or min(classes.values()) * IMBALANCE >= max(classes.values()):
        return []
    ranked = sorted(classes.items(), key=lambda pair: (pair[1], pair[0]))
    (rare, fewest), (common, most) = ranked[0], ranked[-1]
    says = f"the classes differ much: {counts([(rare, fewest)])}, {counts([(common, most)])}"
    least = [name for name, count in ranked if count * IMBALANCE < most]
    advice = "Rare classes are drawn badly or never: collect more of them, or leave them out."
    return [Finding("imbalance", "warning", len(least), says, advice, tuple(least))]


def duplicates(source: Source, exact: Groups, near: Groups) -> list[Finding]:
    """Exact and near duplicates, and those that stand in two classes."""
    found = []
    if exact:
        again = sum(len(group) - 1 for group in exact)
        says = f"{pictures(again, 'repeats|repeat')} the pixels of another"
        advice = "Keep one of each group: a GAN learns by heart what it sees often."
        found.append(_grouped("duplicate", again, says, advice, source, exact))
    if near:
        number = sum(map(len, near))
        says = (
            f"{pictures(number, 'is|are')} nearly like another "
            f"(at most {MOST_BITS} of 64 bits of their difference hashes, and thumbs alike)"
        )
        advice = "Look at them: keep one of each group, and never split a group into two sets."
        found.append(_grouped("near-duplicate", number, says, advice, source, near))
    astray = [group for group in exact if source.labels and _classes(source, group) > 1]
    if astray:
        says = f"{pictures(len(astray), 'stands|stand')} in several classes"
        advice = "Decide for one: the label means nothing otherwise."
        found.append(_grouped("two-classes", len(astray), says, advice, source, astray))
    return found


def _classes(source: Source, group: list[int]) -> int:
    return len({source.labels[number] for number in group})


def _grouped(
    kind: str, count: int, says: str, advice: str, source: Source, groups: Groups
) -> Finding:
    named = tuple(tuple(source.names[number] for number in group) for group in groups)
    every = tuple(name for group in named for name in group)
    return Finding(kind, "warning", count, says, advice, every, groups=named)
