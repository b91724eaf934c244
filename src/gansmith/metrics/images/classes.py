"""What a classifier makes of generated samples: its score, and which classes they fall into.

Source: Salimans et al. 2016, arXiv:1606.03498, section 4 (there, with Inception, the Inception
score). Deviation: computed once, on all samples, in place of the mean over ten parts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from gansmith.metrics.given import Given
from gansmith.metrics.interval import bootstrap, reflected, wilson
from gansmith.metrics.measurement import Measurement

SCORE_A_CLASS = 50
"""Samples a class for an entropy: it comes out too small by about (K - 1) / (2 n) nats (Miller
1955), so by less than 0.01 nats, 1 % of a score, from here on. With the 1000 classes of Inception
these are the 50,000 samples of Salimans et al."""
SHARE_A_CLASS = 30
"""Samples a class for the smallest share: one with a tenth of its fair share of n = 30 K samples is
missed with a chance of (1 - 1 / (10 K))^n < e^-3 = 5 %."""


def entropy(shares: np.ndarray) -> np.ndarray:
    """-Σ p log p in nats over the last axis, with 0 log 0 = 0."""
    shares = np.asarray(shares, np.float64)
    return -(shares * np.log(np.where(shares > 0, shares, 1))).sum(-1)


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Σ p log(p / q) in nats of shares (K,); infinite where q is 0 and p is not."""
    there = p > 0
    with np.errstate(divide="ignore"):
        return float((p[there] * np.log(p[there] / q[there])).sum())


def classifier_score(probabilities: np.ndarray) -> float:
    """exp(mean KL(p(y|x) ‖ p(y))) of (N, K), from 1 to K."""
    p = probabilities.astype(np.float64)
    return float(np.exp(entropy(p.mean(0)) - entropy(p).mean()))


def score(given: Given) -> list[Measurement]:
    """The Inception score, or what it is with another classifier."""
    found = given.generated.probabilities
    assert found is not None, "said in the table"
    p = found.astype(np.float64)
    (n, classes), own = p.shape, entropy(p)

    def log_score(rows: np.ndarray) -> float:
        weights = np.bincount(rows, minlength=n) / n
        return float(entropy(weights @ p) - weights @ own)

    random, log = np.random.default_rng(given.seed), float(np.log(classifier_score(p)))
    low, high = np.exp(reflected(log, *bootstrap(log_score, n, random))).clip(1, classes)
    inception = given.seen.name == "inception"
    name = "Inception score" if inception else f"classifier score ({given.seen.name} features)"
    note = "It does not see the reference: one picture a class, repeated, scores best."
    return [
        given.measured(
            "score",
            name,
            float(np.exp(log)),
            "higher",
            featured=False,
            features=str(given.seen),
            resizer=given.seen.resizer,
            n_reference=0,
            reference="",
            interval=(float(low), float(high)),
            least=SCORE_A_CLASS * (classes - 1),
            notes=(note,)
            if inception
            else (note, "No published Inception score compares with it."),
            details={"classes": classes},
        )
    ]


def shares(given: Given) -> list[Measurement]:
    """Entropy of the classes of generated samples, their distance to the reference's, gaps.

    Classes are those that the classifier holds most likely, for the reference too, so that its
    mistakes tell in both. Nothing with Inception: its classes are not those of the set.
    """
    p, q = given.generated.probabilities, given.reference.probabilities
    assert p is not None and q is not None, "said in the table"
    if given.seen.name == "inception":
        return []
    chosen, reference, classes = p.argmax(1), q.argmax(1), p.shape[1]
    return [
        _entropy(given, chosen, classes),
        _divergence(given, chosen, reference, classes),
        *_gaps(given, np.bincount(chosen, minlength=classes)),
    ]


def _entropy(given: Given, chosen: np.ndarray, classes: int) -> Measurement:
    def of(rows: np.ndarray) -> float:
        return float(entropy(np.bincount(chosen[rows], minlength=classes) / len(rows)))

    value, most = of(np.arange(len(chosen))), float(np.log(classes))
    random = np.random.default_rng(given.seed)
    low, high = reflected(value, *bootstrap(of, len(chosen), random))
    evenness = value / most if classes > 1 else 1.0
    return given.measured(
        "class_entropy",
        "entropy of classes, nats",
        value,
        "neither",
        n_reference=0,
        reference="",
        interval=(min(max(low, 0.0), most), min(high, most)),
        least=SCORE_A_CLASS * (classes - 1),
        notes=(f"{evenness:.1%} of the log {classes} that equally many of each class have.",),
        details={"over_log_k": evenness, "divergence_from_uniform": max(0.0, most - value)},
    )


def _divergence(
    given: Given, chosen: np.ndarray, reference: np.ndarray, classes: int
) -> Measurement:
    random, m = np.random.default_rng(given.seed), len(reference)

    def of(rows: np.ndarray, rows_reference: np.ndarray) -> float:
        p, q = (
            np.bincount(y, minlength=classes) for y in (chosen[rows], reference[rows_reference])
        )
        return divergence(p / p.sum(), _shares_above_zero(q, p))

    value = of(np.arange(len(chosen)), np.arange(m))
    ends = bootstrap(lambda rows: of(rows, random.integers(0, m, m)), len(chosen), random)
    low, high = reflected(value, *ends)
    lacking = np.setdiff1d(chosen, reference)
    absent = (
        f"Classes that the reference lacks: {', '.join(_names(given, lacking))}; half a sample "
    )
    return given.measured(
        "class_divergence",
        "KL divergence of classes from the reference's, nats",
        value,
        "lower",
        interval=(max(low, 0.0), max(high, 0.0)),
        least=SCORE_A_CLASS * (classes - 1),
        notes=(absent + "to each class there.",) if len(lacking) else (),
    )


def _shares_above_zero(reference: np.ndarray, generated: np.ndarray) -> np.ndarray:
    """Of counts (K,); half a sample more each where a class lacks that is generated (Jeffreys)."""
    if ((reference == 0) & (generated > 0)).any():
        reference = reference + 0.5
    return reference / reference.sum()


def _gaps(given: Given, counts: np.ndarray) -> list[Measurement]:
    """The smallest share, and how many classes have none."""
    n, classes = int(counts.sum()), len(counts)
    names = _names(given, np.arange(classes))
    each = [wilson(int(count), n) for count in counts]
    histogram = {
        name: {"count": int(count), "share": float(count / n), "interval": list(interval)}
        for name, count, interval in zip(names, counts, each, strict=True)
    }
    # the smallest of many shares is small by chance too, so all of them have to hold at once
    together = [wilson(int(c), n, float(norm.isf(0.025 / classes))) for c in counts]
    low, high = (min(ends) for ends in zip(*together, strict=True))
    smallest, upper = names[int(counts.argmin())], wilson(0, n)[1]
    more: dict[str, Any] = {"n_reference": 0, "reference": "", "least": SHARE_A_CLASS * classes}
    return [
        given.measured(
            "class_smallest",
            "smallest class share",
            float(counts.min() / n),
            "higher",
            interval=(low, high),
            notes=(f"Of {smallest}; equally many of each would be {1 / classes:.3g}.",),
            details={"class": smallest, "histogram": histogram},
            **more,
        ),
        given.measured(
            "class_empty",
            "classes without a sample",
            float((counts == 0).sum()),
            "lower",
            notes=(f"One with a share of up to {upper:.2g} may have none by chance.",),
            details={"classes": [name for name, c in zip(names, counts, strict=True) if c == 0]},
            **more,
        ),
    ]


def _names(given: Given, classes: np.ndarray) -> list[str]:
    """Names of classes; their numbers where they have none."""
    return [given.class_names[i] if given.class_names else str(i) for i in classes]
