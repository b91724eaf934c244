"""The test behind memorisation: are there more suspicious samples than among real images?

Source: Meehan et al. 2020, arXiv:2004.05675, section 3 (samples against held-out ones, by their
distances to the training set, region by region). Deviation: they compare all ranks; here what
counts is the share of samples beyond an order statistic of held-out images, by the exact precedence
test of Nelson 1963, "Tables for a precedence life test", which finds few copies among many samples.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.stats import betabinom, binom

SUSPICIOUS = 0.01
"""Share of held-out images that count as suspicious: they set the threshold."""
FALSE_ALARMS = 0.001
"""At most so many generators that copy nothing are called memorising."""
EFFECT = 0.02
"""So many more suspicious samples than real images would have are the least that is called so."""
FEWEST = 50
"""Held-out images below which nothing is said."""
BLIND = 0.5
"""Where copies of less than this share would be missed, nothing is said."""
POWER = 0.95


class Verdict(NamedTuple):
    """What came of the test."""

    word: str
    """"memorising", "no sign of memorising" or "cannot tell"."""
    why: str
    suspicious: int
    """Samples beyond the threshold."""
    expected: float
    """Share of them if nothing is copied."""
    p: float
    """Probability of so many or more if nothing is copied."""
    found_from: float
    """Share of copies from which on they are found in 95 of 100 cases; above 1: never."""

    def sentence(self, n: int) -> str:
        """The verdict on n samples, and why."""
        return (
            f"{self.word.capitalize()}: {self.suspicious:,} of {n:,} samples are suspiciously "
            f"near to a training image, of real images {self.expected * n:.1f} would be; "
            f"{self.why}."
        )

    def as_json(self, n: int) -> dict[str, Any]:
        """The verdict on n samples, with counts in place of shares."""
        return {
            "verdict": self.word,
            "why": self.why,
            "suspicious": self.suspicious,
            "expected": self.expected * n,
            "p": self.p,
            "found_from": self.found_from,
            "false_alarms": FALSE_ALARMS,
        }


def judged(generated: np.ndarray, held_out: np.ndarray, copies: float = 0.0) -> Verdict:
    """The verdict on samples, from the suspicion of each.

    If samples and held-out images come from one distribution, the number of samples above the r-th
    greatest of m held-out ones is beta-binomial with r and m + 1 - r, whatever the distribution.

    Args:
        generated: (N,).
        held_out: (M,).
        copies: share of held-out images that are in the training set too.
    """
    n, m = len(generated), len(held_out)
    rank = max(1, round(SUSPICIOUS * m))
    suspicious = int((generated > np.partition(held_out, m - rank)[m - rank]).sum())
    expected = rank / (m + 1)
    counts = np.arange(n + 1)
    # Summed from the far end: a small chance keeps its digits there.
    or_more = betabinom.pmf(counts, n, rank, m + 1 - rank)[::-1].cumsum()[::-1]
    alarming = (or_more <= FALSE_ALARMS) & (counts / n - expected >= EFFECT)
    least = int(counts[alarming][0]) if alarming.any() else n + 1
    found_from = _found_from(least, n, expected)
    p = float(or_more[suspicious])
    word, why = "no sign of memorising", f"copies of {found_from:.1%} or more would be found"
    if m < FEWEST:
        word, why = "cannot tell", f"{m} held-out images are fewer than {FEWEST}"
    elif copies >= SUSPICIOUS:
        word, why = "cannot tell", f"{copies:.1%} of held-out images are training images too"
    elif suspicious >= least:
        word, why = "memorising", f"the chance of that without copying is {p:.1g}"
    elif found_from > BLIND:
        word, why = "cannot tell", f"with {n} samples, half of them could be copies unnoticed"
    return Verdict(word, why, suspicious, expected, p, found_from)


def _found_from(least: int, n: int, expected: float) -> float:
    """The smallest share of copies that gives `least` suspicious samples of n often enough."""
    shares = np.linspace(0, 1, 201)
    power = binom.sf(least - 1, n, shares + (1 - shares) * expected)
    enough = shares[power >= POWER]
    return float(enough[0]) if len(enough) else 2.0


def excess(share: float, expected: float) -> float:
    """The share of copies, where all others are suspicious as often as real images."""
    return max(0.0, (share - expected) / (1 - expected))
