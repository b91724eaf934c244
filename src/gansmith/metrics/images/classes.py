"""Which classes generated samples fall into: how evenly, how far from the reference's, and gaps.

Classes are those that the classifier holds most likely, for the reference too, so that its mistakes
tell in both. Entropy and divergence are those of Shannon 1948 and of Kullback and Leibler 1951,
less what few samples add to first order in 1/n: Miller 1955, "Note on the bias of information
estimates".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from gansmith.metrics.distributions.divergences import kl
from gansmith.metrics.given import Given
from gansmith.metrics.images.score import A_CLASS as ENTROPY_A_CLASS
from gansmith.metrics.images.score import entropy
from gansmith.metrics.interval import bootstrap, holding, reflected, wilson
from gansmith.metrics.measurement import Measurement

SHARE_A_CLASS = 30
"""Samples a class for the smallest share: one with a tenth of its fair share of n = 30 K samples is
missed with a chance of (1 - 1 / (10 K))^n < e^-3 = 5 %."""


def entropy_bias(counts: np.ndarray) -> float:
    """What few samples take from the entropy of counts (K,): Miller's (K - 1) / (2 n).

    K counts the classes that have any.
    """
    return float((np.count_nonzero(counts) - 1) / (2 * counts.sum()))


def divergence_bias(counts: np.ndarray, reference: np.ndarray) -> float:
    """What few samples add to the divergence of counts (K,) from those of the reference (K,).

    Half of the second derivative by each share times its variance, as in Miller's, over both sets;
    classes that the reference lacks are left out, whose variance is not known.
    """
    p, q, there = counts / counts.sum(), reference / reference.sum(), reference > 0
    added = (p[there] * (1 - q[there]) / q[there]).sum() / (2 * reference.sum())
    return entropy_bias(counts) + float(added)


def classes(given: Given) -> list[Measurement]:
    """Entropy, divergence from the reference, smallest share, empty classes.

    Nothing with Inception: its classes are not those of the set.
    """
    p, q = given.generated.probabilities, given.reference.probabilities
    assert p is not None and q is not None, "said in the table"
    if given.seen.from_file:
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

    plain, most = of(np.arange(len(chosen))), float(np.log(k))
    random = np.random.default_rng(given.seed)
    ends = reflected(plain, *bootstrap(of, len(chosen), random))
    taken = entropy_bias(np.bincount(chosen, minlength=k))
    value = min(most, plain + taken)
    evenness = value / most if k > 1 else 1.0
    return given.measured(
        "class_entropy",
        "entropy of classes, nats",
        value,
        "neither",
        n_reference=0,
        reference="",
        interval=holding(value, ends, 0.0, most),
        least=ENTROPY_A_CLASS * (k - 1),
        notes=(
            f"{evenness:.1%} of the log {k} that equally many of each class have.",
            f"What few samples take from it, {taken:.2g}, is added.",
        ),
        details={"over_log_k": evenness, "divergence_from_uniform": most - value, "plain": plain},
    )


def _divergence(given: Given, chosen: np.ndarray, reference: np.ndarray, k: int) -> Measurement:
    random, m = np.random.default_rng(given.seed), len(reference)

    def of(y: np.ndarray, y_reference: np.ndarray) -> float:
        p, q = (np.bincount(each, minlength=k) for each in (y, y_reference))
        return kl(p / p.sum(), _shares_above_zero(q, p))

    def resampled(rows: np.ndarray) -> float:
        return of(chosen[rows], reference[random.integers(0, m, m)])

    plain = of(chosen, reference)
    ends = reflected(plain, *bootstrap(resampled, len(chosen), random))
    added = divergence_bias(*(np.bincount(each, minlength=k) for each in (chosen, reference)))
    value = max(0.0, plain - added)
    lacking = np.setdiff1d(chosen, reference)
    notes = (f"What few samples add to it, {added:.2g}, is taken off.",)
    if len(lacking):
        absent = f"The reference lacks {', '.join(_names(given, lacking))}: half a sample"
        notes += (f"{absent} is added to each class there.",)
    return given.measured(
        "class_divergence",
        "KL divergence of classes from the reference's, nats",
        value,
        "lower",
        interval=holding(value, ends, 0.0, np.inf),
        least=ENTROPY_A_CLASS * (k - 1),
        notes=notes,
        details={"plain": plain},
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
