"""Several runs side by side: measured alike, ordered within each data set, with ties."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import gansmith
from gansmith.errors import ConfigError, RunError, nearest
from gansmith.evaluation.differing import but_seed, differing
from gansmith.evaluation.entrants import Field, measured, same_data, with_method
from gansmith.evaluation.evaluation import Wanted
from gansmith.evaluation.finite import finite
from gansmith.evaluation.ranking import RULE, Place, Seeds, main_key, over_seeds, ranked
from gansmith.evaluation.runs_below import names, plain, reasons, runs_below
from gansmith.metrics.features import FEATURES

FORMAT = 1
APART = (
    "These runs were trained on different data. A number says how far samples are from the data "
    "they were trained on, so numbers are ordered only among runs on the same data."
)


@dataclass(frozen=True)
class Group:
    """Runs on the same data, in order."""

    field: Field
    key: str | None
    """What they are ordered by."""
    places: tuple[Place, ...]
    """The best first."""
    seeds: tuple[Seeds, ...]
    differs: dict[str, list[str]]
    """Values by hyper-parameter, in the order of the field's entrants."""

    @property
    def data(self) -> str:
        """Name of the data, for people."""
        return plain(self.field.judge.data.spec.name)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        judge = self.field.judge
        entrants = self.field.entrants
        return {
            "data": self.data,
            "fingerprint": judge.data.spec.fingerprint,
            "shape": list(judge.data.spec.shape),
            "features": asdict(judge.features.seen) if judge.features else None,
            "sorted_by": self.key,
            "runs": [self._row(place) for place in self.places],
            "seeds": [
                {
                    "runs": [entrants[index].name for index in one.indices],
                    "seeds": list(one.seeds),
                    "mean": one.mean,
                    "deviation": one.deviation,
                    "measures": {
                        key: {"mean": mean, "deviation": deviation}
                        for key, (mean, deviation) in one.measures.items()
                    },
                }
                for one in self.seeds
            ],
        }

    def _row(self, place: Place) -> dict[str, Any]:
        one = self.field.entrants[place.index]
        others = [self.field.entrants[index].name for index in place.ties]
        return {
            "name": one.name,
            "rank": place.rank,
            "tie": bool(place.ties),
            "tied_with": others,
            "behind_first": place.behind and list(place.behind),
            "seed": one.run.config.training.seed,
            "seconds": one.seconds,
            "reused": one.reused,
            "differs": {name: values[place.index] for name, values in self.differs.items()},
            "evaluation": one.evaluation.as_json(),
        }


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of comparing."""

    wanted: Wanted
    given: tuple[Path, ...]
    groups: tuple[Group, ...]
    sort: str | None
    """Measure that was asked for; None for the main figure."""
    left_out: dict[str, str]
    """What is no run or cannot be measured, by its path, with the reason."""
    files: dict[str, str] = field(default_factory=dict)
    """What was written of it."""

    @property
    def size(self) -> int:
        """How many runs were measured."""
        return sum(len(group.places) for group in self.groups)

    @property
    def command(self) -> str:
        """What makes it again."""
        flags: dict[str, object] = {
            "n": self.wanted.n,
            "checkpoint": self.wanted.checkpoint,
            "seed": self.wanted.seed,
        }
        if self.wanted.weights:
            flags["inception"] = self.wanted.weights
        elif self.wanted.features:
            flags["features"] = self.wanted.features
        if self.sort:
            flags["sort"] = self.sort
        more = [text for name, value in flags.items() for text in (f"--{name}", str(value))]
        return plain(shlex.join(["gansmith", "compare", *map(str, self.given), *more]))

    def as_json(self) -> dict[str, Any]:
        """All of it, with null for what is no number."""
        return finite(
            {
                "n": self.wanted.n,
                "seed": self.wanted.seed,
                "checkpoint": self.wanted.checkpoint,
                "sort": self.sort,
                "groups": [group.as_json() for group in self.groups],
                "left_out": self.left_out,
                "rule": RULE,
                "command": self.command,
                "files": self.files,
                "made_with": f"gansmith {gansmith.__version__}",
                "format": FORMAT,
            }
        )


def compare(
    paths: Sequence[Path],
    wanted: Wanted | None = None,
    sort: str | None = None,
    methods: Sequence[str] = (),
    tell: Callable[[str], None] = lambda words: None,
) -> Comparison:
    """Measure runs alike and order them; nothing is written.

    Args:
        paths: runs, and folders that stand for all runs below them.
        wanted: how each is evaluated.
        sort: key of the measure that orders them; None for the main figure.
        methods: FILE.py:CLASS of methods from outside the package.
        tell: told what is being done.

    Raises:
        ConfigError: fewer than two samples, unknown features, or a measure that no run has.
        RunError: no run, or none that can be measured.
    """
    wanted = wanted or Wanted()
    _check(paths, wanted)
    runs, left_out = runs_below(paths)
    runs = [with_method(run, methods) for run in runs]
    paths_of = [run.path for run in runs]
    called = dict(zip(paths_of, names(paths_of), strict=True))
    fields: list[Field] = []
    groups_of = same_data(runs)
    many = "" if len(groups_of) == 1 else f" on {len(groups_of)} data sets, each by itself"
    tell(f"{len(runs)} run{'s' * (len(runs) > 1)}{many}")
    for together in groups_of:
        made, lacking = measured(together, called, wanted, tell)
        left_out |= lacking
        fields += [made] if made else []
    if not fields:
        raise RunError(f"No run can be measured. {reasons(left_out)}")
    _check_sort(fields, sort)
    groups = tuple(_group(made, sort) for made in fields)
    return Comparison(
        wanted=wanted, given=tuple(paths), groups=groups, sort=sort, left_out=left_out
    )


def _group(made: Field, sort: str | None) -> Group:
    evaluations = [one.evaluation for one in made.entrants]
    configs = [one.run.config for one in made.entrants]
    key = main_key(evaluations, sort)
    same = (
        (f"{but_seed(config)} {evaluation.step}", config.training.seed)
        for config, evaluation in zip(configs, evaluations, strict=True)
    )
    return Group(
        made,
        key,
        tuple(ranked(evaluations, key)),
        tuple(over_seeds(same, evaluations, key)),
        differing(configs),
    )


def _check(paths: Sequence[Path], wanted: Wanted) -> None:
    if not paths:
        raise ConfigError(
            "Name the runs to compare: gansmith compare RUN RUN, or a folder of runs."
        )
    if wanted.n < 2:
        raise ConfigError(f"--n {wanted.n}: give at least 2 samples.")
    if wanted.features is not None and wanted.features not in FEATURES:
        hint = nearest(wanted.features, FEATURES)
        raise ConfigError(f"There are no features {wanted.features!r}. {hint}")


def _check_sort(fields: Sequence[Field], sort: str | None) -> None:
    every = {
        one.key: one.better
        for made in fields
        for entrant in made.entrants
        for one in entrant.evaluation.measurements
    }
    known = [key for key, better in every.items() if better != "neither"]
    if sort is not None and sort not in known:
        why = "neither less nor more of it is better" if sort in every else "no run has it"
        raise ConfigError(f"--sort {sort}: {why}. {nearest(sort, known) if known else ''}".strip())
