"""Which samples are held out: whole groups of those that are alike, a tenth of each class."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping

SHARE = 10
"""One group of this many is held out."""


def held_out_groups(class_of: Mapping[str, str]) -> set[str]:
    """The groups that are held out: of each class a tenth, rounded, chosen by a hash of the name.

    Args:
        class_of: the class of each group.
    """
    classes: defaultdict[str, list[str]] = defaultdict(list)
    for group, label in class_of.items():
        classes[label].append(group)
    chosen: set[str] = set()
    for groups in classes.values():
        chosen.update(sorted(groups, key=_order)[: (len(groups) + SHARE // 2) // SHARE])
    return chosen


def _order(group: str) -> tuple[str, str]:
    return hashlib.sha256(group.encode()).hexdigest(), group
