"""What a run is refused for before its data is read and its directory made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from gansmith import data as data_sets
from gansmith.batch import DataSet, DataSpec, Points
from gansmith.config import served
from gansmith.data.form import written
from gansmith.data.points import MODES
from gansmith.errors import ConfigError, nearest
from gansmith.hyperparameters import checked
from gansmith.method import Classifies, LatentMethod, LikelihoodBound, Method
from gansmith.metrics import MEASURES, WORDS
from gansmith.metrics.measuring import check_known
from gansmith.options import Options
from gansmith.training.engine import processes_of_environment
from gansmith.training.sampling import conditioned, conditions

ABOVE_0 = (
    "steps",
    "minutes",
    "checkpoint_every",
    "sample_every",
    "evaluate_every",
    "labels_per_class",
)
LARGEST_SIZE = 1024
LARGEST_BATCH = 65_536
"""Of data that has fewer samples than this."""


def check_options(options: Options) -> Options:
    """The options in their types; contradictions and values that mean nothing are refused."""
    options = Options(**checked(Options, vars(options)))
    if options.steps is not None and options.minutes is not None:
        raise ConfigError("Give --steps or --minutes, not both.")
    for name in ABOVE_0:
        value = getattr(options, name)
        if value is not None and not value > 0:
            raise ConfigError(f"--{name.replace('_', '-')} {value}: give a number above 0.")
    check_known(options.evaluate_measures)
    if options.evaluate_measures and options.evaluate_every is None:
        raise ConfigError(
            "--evaluate-measures says what is measured while training: say how often, too, with "
            "--evaluate-every N."
        )
    if not options.data:
        raise ConfigError("--data is empty: give the name of a data set or a folder of images.")
    _ = options.form  # its values are checked as it is made
    return options


def check_names(name: str, fields: Mapping[str, Any], known: set[str]) -> None:
    """Refuse a name that is neither a hyper-parameter's nor an option's."""
    for field in fields:
        if field not in known:
            raise ConfigError(f"{name} has no {field!r}. {nearest(field, known)}")


def check_size(method: Method, options: Options) -> None:
    """Refuse a size that the networks cannot make, before any image is read."""
    sides = options.form.sides
    kind = served(method, data_sets.batch_name(options.data, bool(options.attributes)))
    if sides is None or kind is Points:
        return
    if max(sides) > LARGEST_SIZE:
        raise ConfigError(f"--size {written(options.size)}: give at most {LARGEST_SIZE} pixels.")
    shape, classes = (3, *sides), ("one", "another")  # whether there are any is seen in the data
    spec = DataSpec(name=options.data, batch=kind, shape=shape, size=1, class_names=classes)
    try:
        with torch.device("meta"):
            method.build(spec)
    except ConfigError:
        raise
    except Exception:
        return  # only a rehearsal, without memory and with a guessed number of channels


def check_batches(method: Method, options: Options, samples: int) -> None:
    """Refuse a batch that several processes cannot share, and one far larger than the data."""
    batch, processes = method.batch_size, processes_of_environment()[2]
    if batch > max(samples, LARGEST_BATCH):
        raise ConfigError(f"--batch-size {batch}: the data has only {samples:,} samples.")
    if processes == 1:
        return
    if options.run is None:
        raise ConfigError("Several processes need one directory: give --run DIR.")
    check_shares(method, batch)


def check_measures(method: Method, options: Options, data: DataSet) -> None:
    """Refuse to measure while training what cannot be measured of this method on this data."""
    spec = data.spec
    kind = "points" if spec.batch is Points else "images"
    for name in options.evaluate_measures:
        entry = MEASURES[name]
        if entry.kind != kind:
            reason = f"it is a measure of {entry.kind}, and these are {kind}"
        else:
            lacking = next((need for need in entry.needs if not _met(need, method, data)), None)
            reason = WORDS[lacking] if lacking else ""
        if reason:
            raise ConfigError(
                f"--evaluate-measures {name} cannot be computed: {reason}. Leave it out; "
                "`gansmith evaluate --help` lists the measures."
            )


def _met(need: str, method: Method, data: DataSet) -> bool:
    """Whether what a measure needs will be there; see `WORDS`."""
    spec = data.spec
    judged = (data.judged or data).spec
    return {
        "features": True,
        "probabilities": judged.classes > 1,  # else no classifier gives the features
        "held-out": data.held_out() is not None,
        "classes": conditions(method, spec, 1) is not None,
        "classifies": isinstance(method, Classifies),
        "generator": isinstance(method, LatentMethod) and not conditioned(method, spec),
        "likelihood": isinstance(method, LikelihoodBound),
        "centres": spec.name in MODES,
        "two-d": spec.shape[0] <= 2,
        "side-12": min(spec.shape[1:], default=0) >= 12,
    }[need]


def check_shares(method: Method, batch: int) -> None:
    """Refuse a batch that cannot be shared evenly by the processes."""
    processes = processes_of_environment()[2]
    if any((phase.rows or batch) % processes for phase in method.phases()):
        raise ConfigError(
            f"--batch-size {batch} cannot be shared evenly by {processes} processes. "
            "Give a multiple of their number."
        )
