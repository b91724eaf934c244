"""The classifier score: how sure a classifier is of each sample, and how diverse it finds them all.

Source: Salimans et al. 2016, arXiv:1606.03498, section 4 (there, with Inception, the Inception
score). Deviation: computed once, on all samples, in place of the mean over ten parts.
"""

from __future__ import annotations

import numpy as np

from gansmith.metrics.given import Given
from gansmith.metrics.interval import bootstrap, holding, reflected
from gansmith.metrics.measurement import Measurement

A_CLASS = 50
"""Samples a class for an entropy: it comes out too small by about (K - 1) / (2 n) nats (Miller
1955), so by less than 0.01 nats, 1 % of a score, from here on. With the 1000 classes of Inception
these are the 50,000 samples of Salimans et al."""


def entropy(shares: np.ndarray) -> np.ndarray:
    """-Σ p log p in nats over the last axis, with 0 log 0 = 0."""
    shares = np.asarray(shares, np.float64)
    return (shares * -np.log(np.where(shares > 0, shares, 1))).sum(-1) + 0.0  # no minus zero


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
    low, high = np.exp(reflected(log, *bootstrap(log_score, n, random)))
    value = float(np.exp(log))
    notes = ("It does not see the reference: one picture a class, repeated, scores best.",)
    if not given.seen.published:
        notes += ("No published Inception score compares with it.",)
    return [
        given.measured(
            "score",
            "classifier score",
            value,
            "higher",
            published="Inception score",
            n_reference=0,
            reference="",
            interval=holding(value, (low, high), 1.0, classes),
            least=A_CLASS * (classes - 1),
            notes=notes,
            details={"classes": classes},
        )
    ]
