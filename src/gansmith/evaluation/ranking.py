"""The order of runs by one measure: ranks, ties, and what a second seed would have given."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gansmith.evaluation.evaluation import Evaluation
from gansmith.metrics.difference import Difference, difference
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.quick import PREFERRED

RULE = (
    "Runs are ordered by the value. Going down the table, a run shares the rank of the first run "
    "that holds it, and is called a tie with it, unless it is clearly worse: unless the 95 % "
    "interval of the difference of the two leaves out zero. Where both numbers keep what each "
    "sample contributes, the difference is taken sample by sample, so that the real samples and "
    "the noise that the two have in common do not count; else it follows from both intervals. "
    "Where a number has no interval, equal values alone are a tie. Of twenty pairs of equally good "
    "runs, about one is called clearly different all the same."
)


@dataclass(frozen=True)
class Place:
    """Where a run stands in the order of its group."""

    index: int
    """Of the run in what was ranked."""
    figure: Measurement | None
    """What it was ranked by; None where it has no such number."""
    rank: int | None
    """From 1; equal for a tie; None without a finite number."""
    ties: tuple[int, ...] = ()
    """The other runs of this rank."""
    behind: Difference | None = None
    """Its value less that of the first in the table; None for that, or where it is not known."""

    @property
    def words(self) -> str:
        """The rank for people."""
        if self.rank is None:
            return "–"
        return f"{self.rank} (tie)" if self.ties else str(self.rank)


def main_key(evaluations: Sequence[Evaluation], sort: str | None = None) -> str | None:
    """The measure that orders runs: the one asked for, where any has it; else the main figure.

    That is the one that also decides which step of a run is best: the Fréchet distance, for points
    the Jensen-Shannon divergence; else the first measure of which less is better, else the first of
    which more is better; None where there is none of these.
    """
    every = {one.key: one.better for made in evaluations for one in made.measurements}
    lower = [key for key, better in every.items() if better == "lower"]
    higher = [key for key, better in every.items() if better == "higher"]
    wanted = [key for key in (sort, *PREFERRED) if every.get(key or "", "neither") != "neither"]
    return next(iter([*wanted, *lower, *higher]), None)


def ranked(evaluations: Sequence[Evaluation], key: str | None) -> list[Place]:
    """All runs, the best first; those without a finite number last."""
    figures = [_figure(made, key) for made in evaluations]
    order = sorted(range(len(figures)), key=lambda index: _worth(figures[index]))
    sharing: list[list[int]] = []
    for index in order:
        if math.isfinite(_worth(figures[index])):
            if not sharing or _clear(figures[index], figures[sharing[-1][0]]):
                sharing.append([])
            sharing[-1].append(index)
    before, places = 0, {}
    for held in sharing:
        for index in held:
            others = tuple(other for other in held if other != index)
            behind = _apart(figures[index], figures[order[0]]) if index != order[0] else None
            places[index] = Place(index, figures[index], before + 1, others, behind)
        before += len(held)
    return [places.get(index) or Place(index, figures[index], None) for index in order]


@dataclass(frozen=True)
class Seeds:
    """Runs that differ in nothing but the seed."""

    indices: tuple[int, ...]
    seeds: tuple[int, ...]
    mean: float
    deviation: float
    """Standard deviation over the seeds, with n - 1."""
    measures: Mapping[str, tuple[float, float]]
    """The same of every measure that each of them has, by its key: mean, deviation."""


def over_seeds(
    same: Iterable[tuple[str, int]], evaluations: Sequence[Evaluation], key: str | None
) -> list[Seeds]:
    """The declared variance over seeds: mean and spread, where there are several.

    Args:
        same: of each run, what is equal where only the seed differs, and the seed.
        evaluations: of each run.
        key: the measure.
    """
    groups: dict[str, dict[int, int]] = {}
    for index, (equal, seed) in enumerate(same):
        if math.isfinite(_worth(_figure(evaluations[index], key))):
            groups.setdefault(equal, {}).setdefault(seed, index)
    return [_seeds(by_seed, evaluations, key) for by_seed in groups.values() if len(by_seed) > 1]


def _seeds(by_seed: dict[int, int], evaluations: Sequence[Evaluation], key: str | None) -> Seeds:
    seeds, indices = tuple(by_seed), tuple(by_seed.values())
    made = [evaluations[index] for index in indices]
    measures = {one.key: _spread(made, one.key) for one in made[0].measurements}
    known = {name: spread for name, spread in measures.items() if spread is not None}
    assert key in known, "those without a number of it were left out"
    return Seeds(indices, seeds, *known[key], known)


def _spread(made: Sequence[Evaluation], key: str) -> tuple[float, float] | None:
    """Mean and deviation; None where one of them has no finite number."""
    figures = [_figure(one, key) for one in made]
    values = [figure.value for figure in figures if figure and math.isfinite(figure.value)]
    if len(values) < len(made):
        return None
    return statistics.mean(values), statistics.stdev(values)


def _figure(made: Evaluation, key: str | None) -> Measurement | None:
    return next((one for one in made.measurements if one.key == key), None)


def _worth(figure: Measurement | None) -> float:
    """Less is better; infinite where there is no number."""
    if figure is None or not math.isfinite(figure.value):
        return math.inf
    return -figure.value if figure.better == "higher" else figure.value


def _apart(one: Measurement | None, other: Measurement | None) -> Difference | None:
    return None if one is None or other is None else difference(one, other)


def _clear(one: Measurement | None, other: Measurement | None) -> bool:
    """Whether two numbers differ by more than chance; where that is not known, whether at all."""
    apart = _apart(one, other)
    return _worth(one) != _worth(other) if apart is None else apart.clear
