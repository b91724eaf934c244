"""What is said of the pictures that a set holds out: how many, and which are trained on too."""

from __future__ import annotations

import numpy as np

from gansmith.data.source import Source
from gansmith.data_check.finding import Finding, pictures
from gansmith.data_check.reading import Survey


def held_out(source: Source, other: Survey, train: Survey) -> list[Finding]:
    """Of the held-out pictures, looked at as the ones to train on were.

    Two pictures are the same where their decoded pixels are.
    """
    says = f"{pictures(len(source), 'is|are')} held out, in {source.origin}"
    found = [Finding("held-out", "note", len(source), says)]
    broken = [n for n, look in enumerate(other.looks) if look.fault]
    if broken:
        says = f"{pictures(len(broken))} of these cannot be read"
        names = tuple(source.names[n] for n in broken)
        advice = "Measures leave them out."
        found.append(Finding("held-out-faulty", "warning", len(broken), says, advice, names))
    known = {digest.tobytes() for digest in train.digests[train.seen]}
    leaked = [n for n in np.flatnonzero(other.seen) if other.digests[n].tobytes() in known]
    if leaked:
        says = f"{pictures(len(leaked), 'is|are')} both held out and trained on"
        advice = "What is measured with them flatters: take them out of one of the two."
        names = tuple(source.names[n] for n in leaked)
        found.append(Finding("held-out-known", "warning", len(leaked), says, advice, names))
    return found
