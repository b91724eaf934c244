"""From what a user asked for to a plan in which nothing is left open."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansmith import data as data_sets
from gansmith.batch import DataSet
from gansmith.config import RunConfig, Training, choose_method, hash_of_file
from gansmith.environment import current_environment
from gansmith.errors import ConfigError
from gansmith.hyperparameters import with_fields
from gansmith.method import Method, Networks
from gansmith.options import Options
from gansmith.training.engine import processes_of_environment, resolve_device, resolve_precision
from gansmith.training.memory import keep_freed_memory
from gansmith.training.state import build_networks

STEPS, CHECKPOINT_EVERY, SAMPLE_EVERY = 5000, 500, 100


@dataclass(frozen=True)
class Plan:
    """A run before its directory is made."""

    config: RunConfig
    method: Method
    data: DataSet
    nets: Networks


def make_plan(name: str, options: Options, fields: Mapping[str, Any]) -> Plan:
    """Open the data, build the networks, resolve every "auto".

    Raises:
        GansmithError: something cannot be done; nothing has been written.
    """
    if options.config is not None:
        options, stored = options_from(options.config, options)
        fields = {**stored, **fields}
    check_options(options)
    method = choose_method(name, options.preset, data_sets.batch_name(options.data))
    method = with_fields(method, fields)
    keep_freed_memory()
    data = data_sets.open_data(options.data, options.size)
    nets = build_networks(method, data.spec, options.seed)
    check_processes(method, options)
    named = options.data in data_sets.DATASETS
    config = RunConfig(
        method=type(method).__name__ if hash_of_file(name) else name,
        method_sha256=hash_of_file(name),
        preset=options.preset,
        fields=dataclasses.asdict(method),
        data=options.data if named else str(Path(options.data).resolve()),
        size=options.size,
        spec=data.spec,
        training=resolve_training(options, nets),
        environment=current_environment(
            resolve_device(options.device), processes_of_environment()[2]
        ),
    )
    return Plan(config, method, data, nets)


def resolve_training(options: Options, nets: Networks) -> Training:
    """The options with nothing left open."""
    device = resolve_device(options.device)
    open_ended = options.steps is None and options.minutes is None
    return Training(
        steps=STEPS if open_ended else options.steps,
        minutes=options.minutes,
        seed=options.seed,
        device=device,
        precision=resolve_precision(options.precision, device, nets),
        checkpoint_every=options.checkpoint_every or CHECKPOINT_EVERY,
        sample_every=options.sample_every or SAMPLE_EVERY,
    )


def check_options(options: Options) -> None:
    """Refuse contradictions and numbers that mean nothing."""
    if options.steps is not None and options.minutes is not None:
        raise ConfigError("Give --steps or --minutes, not both.")
    for name in ("steps", "minutes", "checkpoint_every", "sample_every"):
        value = getattr(options, name)
        if value is not None and not value > 0:
            raise ConfigError(f"--{name.replace('_', '-')} {value}: give a number above 0.")


def check_processes(method: Method, options: Options) -> None:
    """Refuse what several processes cannot share."""
    processes = processes_of_environment()[2]
    if processes == 1:
        return
    if options.run is None:
        raise ConfigError("Several processes need one directory: give --run DIR.")
    if any((phase.rows or method.batch_size) % processes for phase in method.phases()):
        raise ConfigError(
            f"--batch-size {method.batch_size} cannot be shared evenly by {processes} processes. "
            "Give a multiple of their number."
        )


def options_from(path: Path, options: Options) -> tuple[Options, dict[str, Any]]:
    """Options and fields out of a config.json; what `options` sets itself goes before it.

    Raises:
        ConfigError: the file is missing, no JSON, or names what there is not.
    """
    try:
        raw = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ConfigError(f"--config {path}: {error}. Give another run's config.json.") from error
    known = {field.name for field in dataclasses.fields(Options)} - {"run", "config"}
    flat = {**{k: v for k, v in raw.items() if not isinstance(v, dict)}, **raw.get("training", {})}
    defaults = Options()
    taken = {
        name: value
        for name, value in flat.items()
        if name in known and getattr(options, name) == getattr(defaults, name)
    }
    if options.steps is not None or options.minutes is not None:
        taken = {k: v for k, v in taken.items() if k not in ("steps", "minutes")}
    return dataclasses.replace(options, **taken), dict(raw.get("fields", {}))
