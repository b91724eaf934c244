"""What is said of the pictures that a set holds out: how many, and which are trained on too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gansmith.data.source import Source
from gansmith.data_check.finding import Finding, pictures
from gansmith.data_check.reading import Survey

HELD_OUT, FAULTY = "held-out", "held-out-faulty"


def held_out(source: Source, other: Survey, train: Survey) -> list[Finding]:
    """Of the held-out pictures, looked at as the ones to train on were.

    Two pictures are the same where their decoded pixels are.
    """
    says = f"{pictures(len(source), 'is|are')} held out, in {source.origin}"
    found = [Finding(HELD_OUT, "note", len(source), says)]
    broken = [n for n, look in enumerate(other.looks) if look.fault]
    if broken:
        says = f"{pictures(len(broken))} of these cannot be read"
        names = tuple(source.names[n] for n in broken)
        reasons = tuple(other.looks[n].reason for n in broken)
        found.append(Finding(FAULTY, "fault", len(broken), says, "", names, reasons))
    known = {digest.tobytes() for digest in train.digests[train.seen]}
    leaked = [n for n in np.flatnonzero(other.seen) if other.digests[n].tobytes() in known]
    if leaked:
        says = f"{pictures(len(leaked), 'is|are')} both held out and trained on"
        advice = "What is measured with them flatters: take them out of one of the two."
        names = tuple(source.names[n] for n in leaked)
        found.append(Finding("held-out-known", "warning", len(leaked), says, advice, names))
    return found


def refused(findings: Sequence[Finding]) -> bool:
    """Whether training would refuse the set: more held-out pictures are faulty than not."""
    counts = {finding.kind: finding.count for finding in findings}
    return 2 * counts.get(FAULTY, 0) > counts.get(HELD_OUT, 0)
