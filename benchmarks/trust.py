"""How often intervals hold the value of very many samples, and what extrapolation mends.

    python benchmarks/trust.py

Features are drawn from mixtures of ten Gaussians: "generated" ones from one whose centres and
weights are off. Real ones of the Fréchet distance lie in the order of their classes, as sets of
digits do. Each case draws samples anew in each trial and asks whether its nominal 95 %
interval holds the truth: a value that is known exactly, that of 40 to 400 times the samples, or
the expected one at the same n where it depends on n. For
the Fréchet distance, whose trouble is bias, the plain value is compared with its extrapolation in
1/n.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from provenance import write
from sources import Mixture, cubic_discrepancy, pair, sure_of

from gansmith.metrics.difference import difference
from gansmith.metrics.given import Given, Samples, Seen
from gansmith.metrics.images.classes import classes, divergence
from gansmith.metrics.images.frechet import extrapolated, frechet, frechet_distance
from gansmith.metrics.images.kernel import kernel
from gansmith.metrics.images.manifold import manifold
from gansmith.metrics.images.score import classifier_score, entropy, score
from gansmith.metrics.interval import Z95
from gansmith.metrics.measuring import Measure

GOAL = 0.88
"""Of the trials that an interval of nominally 95 % has to hold the truth in."""
N, MANY = 1000, 20_000
CLASSES = 10
Interval = tuple[float, float]


class Case(NamedTuple):
    """Measures on a source whose truth is known."""

    truth: dict[str, float]
    """By the keys of its measurements."""
    trial: Callable[[np.random.Generator], dict[str, Interval]]
    """Draws samples, and gives the interval of each of these numbers."""
    n: int = N


def measured(measure: Measure, given: Given) -> dict[str, Any]:
    """Measurements by their key."""
    return {one.key: one for one in measure(given)}


def intervals(measure: Measure, given: Given, truth: dict[str, float]) -> dict[str, Interval]:
    """Of those whose truth is known."""
    found = measured(measure, given)
    return {key: found[key].interval for key in truth}


def of_features(x: np.ndarray, y: np.ndarray) -> Given:
    """Samples with these features."""
    return _given(*(Samples(torch.empty(len(a), 1, 1, 1), features=a) for a in (x, y)))


def of_probabilities(p: np.ndarray, q: np.ndarray) -> Given:
    """Samples with these probabilities."""
    return _given(*(Samples(torch.empty(len(a), 1, 1, 1), probabilities=a) for a in (p, q)))


def _given(generated: Samples, reference: Samples) -> Given:
    return Given(generated, reference, "held-out", reference, Seen("drawn"))


def kernel_case(dimensions: int, shift: float, n: int = 500) -> Case:
    """The kernel distance, whose truth is known exactly: 0 where both are equal."""
    a, b = pair(dimensions, shift)
    truth = {"kernel": cubic_discrepancy(a, b)}

    def trial(random: np.random.Generator) -> dict[str, Interval]:
        return intervals(kernel, of_features(a.draw(n, random), b.draw(n, random)), truth)

    return Case(truth, trial, n)


def manifold_case(dimensions: int, fixed: bool = False) -> Case:
    """Precision to coverage; truth is the mean of 40 draws, as the numbers depend on n.

    Fixed: with the same reference samples throughout.
    """
    a, b = pair(dimensions)
    reference = b.draw(N, np.random.default_rng(1))

    def drawn(random: np.random.Generator) -> Given:
        return of_features(a.draw(N, random), reference if fixed else b.draw(N, random))

    random = np.random.default_rng(2)
    draws = [measured(manifold, drawn(random)) for _ in range(40)]
    truth = {key: float(np.mean([every[key].value for every in draws])) for key in draws[0]}
    return Case(truth, lambda random: intervals(manifold, drawn(random), truth))


def frechet_case(dimensions: int, n: int) -> Case:
    """Its interval, and that of the difference of two generators against the same real samples.

    Truth is the mean of 400 draws, as the distance depends on n. The second generator is the first
    with the weights of the data, so that it is closer.
    """
    a, b = pair(dimensions)
    other = Mixture(a.centres, b.weights)

    def drawn(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return a.draw(n, random), other.draw(n, random), b.draw(n, random, in_turn=True)

    random, found = np.random.default_rng(2), []
    for _ in range(400):
        x, y, real = drawn(random)
        found.append([frechet_distance(one, real) for one in (x, y)])
    one, two = np.mean(found, 0).tolist()

    def trial(random: np.random.Generator) -> dict[str, Interval]:
        x, y, real = drawn(random)
        first, second = (frechet(of_features(one, real))[0] for one in (x, y))
        apart = difference(first, second)
        assert first.interval and apart
        return {"frechet": first.interval, "difference": (apart.low, apart.high)}

    return Case({"frechet": one, "difference": one - two}, trial, n)


def classes_case(weights: np.ndarray, n: int = 500) -> Case:
    """Shares of classes, whose truth is known exactly, and the score."""
    even = np.full(CLASSES, 1 / CLASSES)
    truth = {
        "class_entropy": float(entropy(weights)),
        "class_divergence": divergence(weights, even),
        "class_smallest": float(weights.min()),
    }
    many = sure_of(weights, 10 * MANY, np.random.default_rng(1))
    endless = {"score": classifier_score(many)}

    def trial(random: np.random.Generator) -> dict[str, Interval]:
        given = of_probabilities(*(sure_of(w, n, random) for w in (weights, even)))
        return intervals(classes, given, truth) | intervals(score, given, endless)

    return Case(truth | endless, trial, n)


CASES: dict[str, Callable[[], Case]] = {
    "kernel, 16 dimensions": partial(kernel_case, 16, 0.3),
    "kernel, 64 dimensions": partial(kernel_case, 64, 0.3),
    "kernel, 64 dimensions, both equal": partial(kernel_case, 64, 0.0),
    "manifold, 16 dimensions": partial(manifold_case, 16),
    "manifold, 64 dimensions": partial(manifold_case, 64),
    "manifold, 16 dimensions, the same reference": partial(manifold_case, 16, fixed=True),
    "frechet, 64 dimensions, 500 samples": partial(frechet_case, 64, 500),
    "frechet, 64 dimensions, 1,000 samples": partial(frechet_case, 64, 1000),
    "classes, even": partial(classes_case, np.full(CLASSES, 1 / CLASSES)),
    "classes, uneven": partial(classes_case, np.arange(1, 11) / 55),
    "classes, one lost": partial(classes_case, np.array([0] + [1 / 9] * 9)),
}
"""By name; a measure is added by a line."""


def coverage(case: Case, trials: int) -> dict[str, Any]:
    """For each number: its truth, in how many trials the interval held it, its mean width."""
    found = [case.trial(np.random.default_rng([3, trial])) for trial in range(trials)]
    rows = {}
    for key, truth in case.truth.items():
        low, high = np.array([every[key] for every in found]).T
        held = float(((low <= truth) & (truth <= high)).mean())
        width = float((high - low).mean())
        rows[key] = {"truth": truth, "held": held, "width": width, "reached": held >= GOAL}
    return {"n": case.n} | rows


def bias_case(dimensions: int, n: int, trials: int) -> dict[str, Any]:
    """Errors of the plain distance and of its extrapolation, against 10 n samples and exactly.

    "held": in how many trials the value at 10 n lies within 1.96 standard deviations of the value
    at n, these being those of the trials: what an interval without regard to bias would hold.
    """
    a, b = pair(dimensions)
    large = [np.random.default_rng([4, trial]) for trial in range(20)]
    tenfold = float(
        np.mean([frechet_distance(a.draw(10 * n, r), b.draw(10 * n, r)) for r in large])
    )
    plain, endless = [], []
    for trial in range(trials):
        random = np.random.default_rng([5, trial])
        x, y = a.draw(n, random), b.draw(n, random)
        plain.append(frechet_distance(x, y))
        found = extrapolated(x, y, random)
        assert found is not None, "samples enough"
        endless.append(found)

    def row(values: list[float]) -> dict[str, float]:
        error, deviation = np.array(values) - tenfold, float(np.std(values, ddof=1))
        held = float((np.abs(error) <= Z95 * deviation).mean())
        off = float(np.abs(error).mean() / tenfold)
        return {"mean": float(np.mean(values)), "mean_error": off, "held": held}

    exact = gaussian_distance(a.moments(), b.moments())
    rows = {"plain": row(plain), "extrapolated": row(endless)}
    return {"n": n, "at_10_n": tenfold, "exact": exact} | rows


def gaussian_distance(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> float:
    """The Fréchet distance of Gaussians with these means and covariances."""
    root = np.sqrt(np.linalg.eigvals(a[1] @ b[1]).real.clip(0)).sum()
    return float(np.square(a[0] - b[0]).sum() + np.trace(a[1] + b[1]) - 2 * root)


def main() -> None:
    """Ask every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=list(CASES))
    parser.add_argument("--name", default="trust", help="of the result")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    held = {name: coverage(CASES[name](), chosen.trials) for name in chosen.cases}
    frechet = {
        f"{dimensions} dimensions": bias_case(dimensions, n, chosen.trials)
        for dimensions, n in ((16, 500), (64, 2000))
    }
    result = {"trials": chosen.trials, "goal": GOAL, "intervals": held, "frechet": frechet}
    write(chosen.name, result)


if __name__ == "__main__":
    main()
