"""Which classes generated samples fall into: how evenly, how far from the reference's, and gaps.

Classes are those that the classifier holds most likely, for the reference too, so that its mistakes
tell in both. Entropy and divergence are those of Shannon 1948 and of Kullback and Leibler 1951.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from gansmith.metrics.given import Given
from gansmith.metrics.images.score import A_CLASS as ENTROPY_A_CLASS
from gansmith.metrics.images.score import entropy
from gansmith.metrics.interval import bootstrap, reflected, wilson
from gansmith.metrics.measurement import Measurement

SHARE_A_CLASS = 30
"""Samples a class for the smallest share: one with a tenth of its fair share of n = 30 K samples is
missed with a chance of (1 - 1 / (10 K))^n < e^-3 = 5 %."""


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Σ p log(p / q) in nats of shares (K,); infinite where q is 0 and p is not."""
    there = p > 0
    with np.errstate(divide="ignore"):
        return float((p[there] * np.log(p[there] / q[there])).sum())


def classes(given: Given) -> list[Measurement]:
    """Entropy, divergence from the reference, smallest share, empty classes.

    Nothing with Inception: its classes are not those of the set.
    """
    p, q = given.generated.probabilities, given.reference.probabilities
    assert p is not None and q is not None, "said in the table"
    if given.seen.name == "inception":
        return []
    chosen, reference, k = p.argmax(1), q.argmax(1), p.shape[1]
    return [
        _entropy(given, chosen, k),
        _divergence(given, chosen, reference, k),
        *_gaps(given, np.bincount(chosen, minlength=k)),
    ]


def _entropy(given: Given, chosen: np.ndarray, k: int) -> Measurement:
    def of(rows: np.ndarray) -> float:
        return float(entropy(np.bincount(chosen[rows], minlength=k) / len(rows)))

    value, most = of(np.arange(len(chosen))), float(np.log(k))
    random = np.random.default_rng(given.seed)
    low, high = reflected(value, *bootstrap(of, len(chosen), random))
    evenness = value / most if k > 1 else 1.0
    return given.measured(
        "class_entropy",
        "entropy of classes, nats",
        value,
        "neither",
        n_reference=0,
        reference="",
        interval=(min(max(low, 0.0), most), min(high, most)),
        least=ENTROPY_A_CLASS * (k - 1),
        notes=(f"{evenness:.1%} of the log {k} that equally many of each class have.",),
        details={"over_log_k": evenness, "divergence_from_uniform": max(0.0, most - value)},
    )


def _divergence(given: Given, chosen: np.ndarray, reference: np.ndarray, k: int) -> Measurement:
    random, m = np.random.default_rng(given.seed), len(reference)

    def of(y: np.ndarray, y_reference: np.ndarray) -> float:
        p, q = (np.bincount(each, minlength=k) for each in (y, y_reference))
        return divergence(p / p.sum(), _shares_above_zero(q, p))

    def resampled(rows: np.ndarray) -> float:
        return of(chosen[rows], reference[random.integers(0, m, m)])

    value = of(chosen, reference)
    ends = bootstrap(resampled, len(chosen), random)
    low, high = reflected(value, *ends)
    lacking = np.setdiff1d(chosen, reference)
    notes = ()
    if len(lacking):
        absent = f"The reference lacks {', '.join(_names(given, lacking))}: half a sample"
        notes = (f"{absent} is added to each class there.",)
    return given.measured(
        "class_divergence",
        "KL divergence of classes from the reference's, nats",
        value,
        "lower",
        interval=(max(low, 0.0), max(high, 0.0)),
        least=ENTROPY_A_CLASS * (k - 1),
        notes=notes,
    )


def _shares_above_zero(reference: np.ndarray, generated: np.ndarray) -> np.ndarray:
    """Of counts (K,); half a sample more each where a class lacks that is generated (Jeffreys)."""
    if ((reference == 0) & (generated > 0)).any():
        reference = reference + 0.5
    return reference / reference.sum()


def _gaps(given: Given, counts: np.ndarray) -> list[Measurement]:
    """The smallest share, and how many classes have none."""
    n, names = int(counts.sum()), _names(given, np.arange(len(counts)))
    more: dict[str, Any] = {
        "n_reference": 0,
        "reference": "",
        "least": SHARE_A_CLASS * len(counts),
    }
    smallest, upper = names[int(counts.argmin())], wilson(0, n)[1]
    return [
        given.measured(
            "class_smallest",
            "smallest class share",
            float(counts.min() / n),
            "higher",
            interval=_smallest_of(counts),
            notes=(f"Of {smallest}; equally many of each would be {1 / len(counts):.3g}.",),
            details={"class": smallest, "histogram": _histogram(names, counts)},
            **more,
        ),
        given.measured(
            "class_empty",
            "classes without a sample",
            float((counts == 0).sum()),
            "lower",
            notes=(
                f"One with a share of up to {upper:.2g} may have none by chance; mistakes of the "
                "classifier may fill one.",
            ),
            details={"classes": [name for name, c in zip(names, counts, strict=True) if c == 0]},
            **more,
        ),
    ]


def _smallest_of(counts: np.ndarray) -> tuple[float, float]:
    """The interval of the smallest share: the least of each end of intervals that hold all at once.

    That of one share would lie too low, as the smallest of many is small by chance too; Bonferroni.
    """
    z = float(norm.isf(0.025 / len(counts)))
    low, high = zip(*(wilson(int(count), int(counts.sum()), z) for count in counts), strict=True)
    return min(low), min(high)


def _histogram(names: list[str], counts: np.ndarray) -> dict[str, dict[str, Any]]:
    """Count, share and its interval by class."""
    n = int(counts.sum())
    return {
        name: {"count": int(count), "share": float(count / n), "interval": [*wilson(int(count), n)]}
        for name, count in zip(names, counts, strict=True)
    }


def _names(given: Given, classes: np.ndarray) -> list[str]:
    """Names of classes; their numbers where they have none."""
    return [given.class_names[i] if given.class_names else str(i) for i in classes]
