"""The measures of one run at one step: computed from its checkpoint, kept in evaluation.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from torch import Tensor

import gansmith
from gansmith.batch import DataSet
from gansmith.config import stored_data
from gansmith.data.partly import told
from gansmith.errors import ConfigError, RunError
from gansmith.evaluation.finite import finite
from gansmith.evaluation.pairs import write_pairs
from gansmith.metrics import MEASURES_FORMAT
from gansmith.metrics.judge import Judge, make_judge
from gansmith.metrics.made import given_of
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.measuring import check_known, measure
from gansmith.trained import Run
from gansmith.training.checkpoint import BEST
from gansmith.whole_file import write_whole

SAMPLES = 2000
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What was measured of a run at a step, and how."""

    run: str
    """Its directory as it was given."""
    method: str
    data: str
    step: int
    checkpoint: str
    """What was asked for: "latest", "best" or a step."""
    n: int
    seed: int
    measurements: tuple[Measurement, ...]
    left_out: dict[str, str]
    """Measures that could not be computed, with the reason."""
    features: dict[str, Any]
    """Name, hash, resizer and facts of what the images were seen through."""
    measures: tuple[str, ...] = ()
    """Measures that were asked for; none for all."""
    made_with: str = f"gansmith {gansmith.__version__}"
    measures_format: int = MEASURES_FORMAT
    """What its numbers mean: those of another can not be compared with them."""
    format: int = FORMAT

    def __getitem__(self, key: str) -> Measurement:
        """The measurement with this key.

        Raises:
            KeyError: it was not measured.
        """
        for one in self.measurements:
            if one.key == key:
                return one
        raise KeyError(key)

    def as_json(self) -> dict[str, Any]:
        """All of it, with null for what is no finite number."""
        measurements = [one.as_json() for one in self.measurements]
        return finite({**vars(self), "measurements": measurements})

    def write(self, path: Path) -> None:
        """Write evaluation.json, whole or not at all."""
        content = json.dumps(self.as_json(), indent=2, allow_nan=False) + "\n"
        write_whole(path, content.encode(), synced=True)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a run is evaluated."""

    n: int = SAMPLES
    seed: int = 0
    checkpoint: str = "latest"
    """"latest", "best" or a step."""
    features: str | None = None
    weights: Path | None = None
    measures: tuple[str, ...] = ()
    """Names; none for all."""


def features_asked(features: str | None, weights: Path | None) -> str | None:
    """The features that two flags ask for: weights are those of Inception.

    Raises:
        ConfigError: they ask for different ones.
    """
    if weights is None:
        return features
    if features not in (None, "inception"):
        raise ConfigError(
            f"--features {features} and --inception {weights}: images are seen through one of "
            "them. Leave the other out."
        )
    return "inception"


def evaluate(
    run: Run,
    wanted: Wanted | None = None,
    judge: Judge | None = None,
    tell: Callable[[str], None] = lambda name: None,
    write: bool = True,
) -> Evaluation:
    """Measure a run, and write evaluation.json into its directory, with the closest pairs.

    Args:
        run: it is read, and two files are written into it.
        wanted: how.
        judge: one that was made for the same data and features before, to save its time.
        tell: told what is being done.
        write: whether to write; else the run is only read.

    Raises:
        ConfigError: no such measure, features or number.
        RunError: no such checkpoint, the data has changed, or samples are not finite.
    """
    wanted = wanted or Wanted()
    if wanted.n < 2:
        raise ConfigError(f"--n {wanted.n}: give at least 2 samples.")
    check_known(wanted.measures)
    method, state = run.restored(wanted.checkpoint)
    if judge is None:
        tell("features")
        judge = make_judge(unchanged_data(run), wanted.features, wanted.weights)
    tell("samples")
    learned, spec = learned_from(run, judge), run.config.spec
    given = given_of(method, state, spec, judge, wanted.n, wanted.seed, learned=learned)
    if given is None:
        raise RunError(f"{run.path}: its samples of step {state.step:,} are not finite numbers.")
    measured = measure(given, wanted.measures or None, tell=tell)
    best = wanted.checkpoint == BEST
    evaluation = Evaluation(
        run=str(run.path),
        method=run.config.method,
        data=run.config.data,
        step=state.step,
        checkpoint=wanted.checkpoint,
        n=wanted.n,
        seed=wanted.seed,
        measurements=said_of_best(run, measured.measurements)
        if best
        else tuple(measured.measurements),
        left_out=measured.left_out,
        features=asdict(given.seen),
        measures=wanted.measures,
    )
    if write:
        evaluation.write(run.directory.evaluation)
        write_pairs(evaluation, given.generated.x, learned, run.directory.pairs)
    return evaluation


def unchanged_data(run: Run) -> DataSet:
    """The data of a run.

    Raises:
        RunError: it is not what the run was trained on.
    """
    data = stored_data(run.config)
    if data.spec.fingerprint != run.config.spec.fingerprint:
        raise RunError(
            f"{run.config.data} is not what {run.path} was trained on: its content has changed."
        )
    return data


def learned_from(run: Run, judge: Judge) -> Tensor:
    """(M, *shape) the training images that a run saw; see `Judge.learned`."""
    training = run.config.training
    kind, each = run.config.spec.batch, training.labels_per_class
    return judge.learned(told(judge.data, kind, each, training.seed).data)


def said_of_best(run: Run, measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """The same, of the best step; the one that it was chosen by says that this flatters it."""
    chosen_by = run.best.key if run.best else ""
    return tuple(one if one.key != chosen_by else _flattered(one) for one in measurements)


def _flattered(one: Measurement) -> Measurement:
    note = (
        f"Its step was chosen by this number against the same {one.reference} samples, so it is "
        "a little too good: compare it with those of steps that were chosen alike."
    )
    return replace(one, notes=(*one.notes, note))


def read_evaluation(path: Path) -> Evaluation:
    """What `evaluate` wrote.

    Raises:
        RunError: it is missing or damaged.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["measurements"] = tuple(Measurement.from_json(one) for one in raw["measurements"])
        raw["measures"] = tuple(raw.get("measures", ()))
        raw.setdefault("measures_format", 0)  # of a time that did not count
        return Evaluation(**raw)
    except FileNotFoundError:
        raise RunError(
            f"{path.parent} has not been evaluated: gansmith evaluate {path.parent}"
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RunError(f"{path} is damaged: {error}. Evaluate anew.") from error
