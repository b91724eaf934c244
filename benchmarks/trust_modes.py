"""How often the intervals of the measures of points hold the value of endlessly many samples.

    python benchmarks/trust_modes.py

Stand-ins for generators, whose value of endlessly many samples is known in closed form, are sampled
anew 200 times; an interval at nominal 95 % has to hold that value in at least 88 %. Beside it the
Wasserstein distances of two real samples, which fall with their number.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from provenance import write
from scipy.special import ndtr

from gansmith.data.points import MODES
from gansmith.metrics.distributions import divergences
from gansmith.metrics.distributions.histograms import grid, histograms
from gansmith.metrics.distributions.modes import FAIR_PART, ModeCounts, count_modes
from gansmith.metrics.distributions.transport import wasserstein
from gansmith.metrics.interval import bootstrap, wilson

TRIALS, REFERENCE, ENOUGH = 200, 10_000, 0.88
NEAR = 1 - np.exp(-9 / 2)
"""Of a mode's samples in the plane, those within 3 standard deviations."""
SPREAD = 0.1
"""Standard deviation of the samples that belong to no mode."""


@dataclass(frozen=True)
class Mixture:
    """A stand-in for a generator: the modes with weights, the rest around one point."""

    data: str
    weights: tuple[float, ...]
    """(K,) of the modes; what is missing to 1 lies around `rest`."""
    rest: tuple[float, float] = (0.0, 0.0)
    shared_by: int = 8
    """Modes that are equally near to `rest`."""

    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Weights (K + 1,), centres (K + 1, 2) and deviations (K + 1,)."""
        centres, deviation = MODES[self.data]
        weights = np.append(self.weights, 1 - sum(self.weights))
        places = np.vstack([centres.double().numpy(), self.rest])
        return weights, places, np.append(np.full(len(centres), deviation), SPREAD)

    def draw(self, n: int, random: np.random.Generator) -> np.ndarray:
        """(n, 2)."""
        weights, places, deviations = self.parts()
        which = random.choice(len(weights), n, p=weights.clip(0) / weights.clip(0).sum())
        return places[which] + deviations[which, None] * random.normal(size=(n, 2))

    def endless(self) -> ModeCounts:
        """The counts of endlessly many samples, as parts of one."""
        weights, places, _ = self.parts()
        distances = np.linalg.norm(places[:-1] - places[-1], axis=1)
        nearest = weights[:-1].copy()
        nearest[np.argsort(distances)[: self.shared_by]] += weights[-1] / self.shared_by
        return ModeCounts(1, weights[:-1] * NEAR, nearest)

    def cells(self, edges: list[np.ndarray]) -> np.ndarray:
        """The probability of every cell of a grid."""
        weights, places, deviations = self.parts()
        along = []
        for edge, place in zip(edges, places.T, strict=True):
            below = ndtr((edge - place[:, None]) / deviations[:, None])
            along.append(np.diff(below, prepend=0, append=1, axis=1))
        cells = np.einsum("k,ki,kj->ij", weights, *along).clip(0)
        return cells / cells.sum()


class Trial(NamedTuple):
    """Of one measure: the truth, what was measured, and its interval."""

    truth: float
    value: float
    interval: tuple[float, float]


EVEN = {"8gaussians": 8, "25gaussians": 25}
CASES = {
    "good": Mixture("8gaussians", tuple(np.linspace(0.8, 1.0, 8) / 8)),
    "three modes lost": Mixture("8gaussians", (0, 0, 0, 0.25 / 8, 0.13, 0.17, 0.2, 0.25)),
    "ten modes just above the bound": Mixture(
        "25gaussians", (FAIR_PART / 25 / NEAR * 1.0001,) * 10 + (0.05,) * 15, (0.3536, 0.3536), 4
    ),
}


def trial(case: Mixture, n: int, seed: int) -> dict[str, Trial]:
    """Every measure of one draw of n samples."""
    random = np.random.default_rng([seed, n])
    centres, deviation = MODES[case.data]
    x, truth = case.draw(n, random), case.endless()
    counts = count_modes(x, centres.numpy(), deviation)
    near = int(counts.near.sum())
    found = {
        "modes": Trial(truth.captured, counts.captured, counts.captured_interval()),
        "modes, resampled": Trial(truth.captured, counts.captured, _resampled(counts, random)),
        "high_quality": Trial(truth.high_quality, near / n, wilson(near, n)),
    }
    uniform = np.full(len(centres), 1 / len(centres))
    evenness = divergences.kl(truth.nearest, uniform)
    interval = counts.reverse_kl_interval(random)
    found["mode_reverse_kl"] = Trial(evenness, counts.reverse_kl(), interval)
    modes = EVEN[case.data]
    data = replace(case, weights=(1 / modes,) * modes)
    real = data.draw(REFERENCE, random)
    edges, both = grid(real), histograms(real, x)
    js = divergences.jensen_shannon(data.cells(edges), case.cells(edges))
    found["js"] = Trial(js, both.jensen_shannon(), both.interval(random))
    return found


def _resampled(counts: ModeCounts, random: np.random.Generator) -> tuple[float, float]:
    """The interval of the number of modes that resampling would give."""
    owners = np.repeat(
        np.arange(len(counts.near) + 1), [*counts.near, counts.n - counts.near.sum()]
    )

    def captured(rows: np.ndarray) -> float:
        near = np.bincount(owners[rows], minlength=len(counts.near) + 1)[:-1]
        return replace(counts, near=near).captured

    return bootstrap(captured, counts.n, random, 200)


def modes_trials(trials: int = TRIALS, sizes: tuple[int, ...] = (500, 2000)) -> list[dict]:
    """How often the interval held the truth, for every case, number of samples and measure."""
    rows = []
    for (name, case), n in itertools.product(CASES.items(), sizes):
        found = [trial(case, n, seed) for seed in range(trials)]
        for key in found[0]:
            rows.append({"case": name, "n": n} | summary(key, [one[key] for one in found]))
    return rows


def summary(measure: str, found: list[Trial]) -> dict[str, object]:
    """Coverage, and the mean of truth, value and the interval's width."""
    held = [one.interval[0] - 1e-12 <= one.truth <= one.interval[1] + 1e-12 for one in found]

    def mean(of: Callable[[Trial], float]) -> float:
        return round(float(np.mean([of(one) for one in found])), 4)

    return {
        "measure": measure,
        "trials": len(found),
        "coverage": round(float(np.mean(held)), 3),
        "truth": mean(lambda one: one.truth),
        "mean_value": mean(lambda one: one.value),
        "mean_width": mean(lambda one: one.interval[1] - one.interval[0]),
    }


def floors(draws: int = 10, sizes: tuple[int, ...] = (250, 500, 1000, 2000)) -> list[dict]:
    """W_1 and W_2 of two samples of the data itself, by their number."""
    rows = []
    for data, n in itertools.product(EVEN, sizes):
        even = Mixture(data, (1 / EVEN[data],) * EVEN[data])
        random = np.random.default_rng(n)
        pairs = [(even.draw(n, random), even.draw(n, random)) for _ in range(draws)]
        found = {f"w{p}": np.mean([wasserstein(*pair, p) for pair in pairs]) for p in (1, 2)}
        rows.append({"data": data, "n": n} | {key: round(float(w), 4) for key, w in found.items()})
    return rows


def main() -> None:
    """Coverage and floors, and which intervals hold the truth too seldom."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS)
    chosen = parser.parse_args()
    rows = modes_trials(chosen.trials)
    seldom = [row for row in rows if row["coverage"] < ENOUGH]
    write("trust_modes", {"rows": rows, "below_0.88": seldom, "floors": floors()})


if __name__ == "__main__":
    main()
