"""Runs measured for a comparison: each group of one data set by the same judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor

import gansmith
from gansmith.batch import DataSet
from gansmith.config import hash_of_file, stored_data
from gansmith.errors import GansmithError, RunError
from gansmith.evaluation.evaluation import Evaluation, Wanted, evaluate, read_evaluation
from gansmith.evaluation.runs_below import plain, reasons, shown
from gansmith.metrics import MEASURES_FORMAT
from gansmith.metrics.judge import Judge, make_judge
from gansmith.run.log import last_seconds
from gansmith.trained import Run
from gansmith.training.checkpoint import BEST
from gansmith.training.sampling import all_samples

SHOWN, SHOWN_POINTS = 32, 2000
"""Samples of a run that are shown: images, points."""

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A run with its numbers and its first samples."""

    run: Run
    name: str
    evaluation: Evaluation
    reused: bool
    """Whether the numbers are those of its evaluation.json."""
    samples: Tensor
    seconds: float
    """That its training had taken up to the step."""


@dataclass(frozen=True)
class Field:
    """Runs on the same data, which can be compared, measured."""

    judge: Judge
    entrants: tuple[Entrant, ...]


def same_data(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs in groups that were trained on the same samples, whatever their path."""
    groups: dict[object, list[Run]] = {}
    for run in runs:
        spec = run.config.spec
        key = (spec.fingerprint or spec.name, spec.shape, spec.batch, spec.class_names)
        groups.setdefault(key, []).append(run)
    return list(groups.values())


def measured(
    runs: Sequence[Run], names: dict[Path, str], wanted: Wanted, tell: Tell
) -> tuple[Field | None, dict[str, str]]:
    """(the runs of one data set, measured by one judge; None where none can be; what is left out).

    Args:
        runs: on the same data.
        names: of each path, for people.
        wanted: how they are evaluated, all of them alike.
        tell: told what is being done.
    """
    try:
        tell(f"features of {runs[0].config.spec.name}")
        judge = make_judge(_data(runs), wanted.features, wanted.weights)
    except GansmithError as error:
        return None, {shown(run.path): plain(str(error)) for run in runs}
    entrants: list[Entrant] = []
    left_out: dict[str, str] = {}
    for number, run in enumerate(runs, 1):
        place = f"{number} of {len(runs)}, {names[run.path]}"

        def told(what: str, place: str = place) -> None:
            tell(f"{place}: {what}")

        try:
            entrants.append(_entrant(run, names[run.path], wanted, judge, told))
        except MemoryError:
            raise
        except Exception as error:  # one damaged run must not cost all others their comparison
            kind = "" if isinstance(error, GansmithError) else f"{type(error).__name__}: "
            left_out[shown(run.path)] = plain(f"{kind}{error}")
    return Field(judge, tuple(entrants)) if entrants else None, left_out


def with_method(run: Run, methods: Sequence[str]) -> Run:
    """The run with that of the given FILE.py:CLASS which it was trained with, if it needs one."""
    config = run.config
    for given in methods if config.method_sha256 else ():
        same = given.rpartition(":")[2] == config.method.rpartition(":")[2]
        if same and hash_of_file(given) == config.method_sha256:
            return replace(run, method_file=given)
    return run


def reusable(run: Run, step: int, wanted: Wanted, judge: Judge) -> Evaluation | None:
    """The run's evaluation.json, if a new one would say the same."""
    try:
        made = read_evaluation(run.directory.evaluation)
    except RunError:
        return None
    seen = judge.features.seen.hash if judge.features else ""
    agrees = (
        (made.method, made.data) == (run.config.method, run.config.data)
        and (made.n, made.seed, made.step) == (wanted.n, wanted.seed, step)
        and made.features.get("hash") == seen
        and made.measures == wanted.measures
        and (made.checkpoint == BEST) == (wanted.checkpoint == BEST)
        and made.made_with == f"gansmith {gansmith.__version__}"
        and made.measures_format == MEASURES_FORMAT
    )
    return made if agrees else None


def _why(run: Run, wanted: Wanted) -> str:
    """What hinders the use of evaluation.json; empty where there is none."""
    try:
        made = read_evaluation(run.directory.evaluation)
    except RunError:
        return ""
    if made.n != wanted.n:
        return f", for its evaluation.json has {made.n:,}"
    return ", for its evaluation.json was measured otherwise"


def _data(runs: Sequence[Run]) -> DataSet:
    """The data of the first run whose data is still there and what it was."""
    why: dict[str, str] = {}
    for run in runs:
        try:
            data = stored_data(run.config)
        except GansmithError as error:
            why[shown(run.path)] = str(error)
            continue
        if data.spec.fingerprint == run.config.spec.fingerprint:
            return data
        why[shown(run.path)] = f"the content of {run.config.data} has changed"
    raise RunError(f"The data is gone. {reasons(why)}")


def _entrant(run: Run, name: str, wanted: Wanted, judge: Judge, tell: Tell) -> Entrant:
    method, state = run.restored(wanted.checkpoint)
    spec = run.config.spec
    number = min(wanted.n, SHOWN if len(spec.shape) == 3 else SHOWN_POINTS)
    samples = all_samples(method, state.averaged, spec, number, wanted.seed)
    made = reusable(run, state.step, wanted, judge)
    tell("as its evaluation.json says" if made else f"{wanted.n:,} samples{_why(run, wanted)}")
    return Entrant(
        run=run,
        name=name,
        evaluation=made or evaluate(run, wanted, judge, write=False),
        reused=made is not None,
        samples=samples,
        seconds=last_seconds(run.directory.timing, state.step),
    )
