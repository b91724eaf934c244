"""From what a user asked for to a plan in which nothing is left open."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gansmith import data as data_sets
from gansmith.batch import DataSet, DataSpec
from gansmith.checks import check_batches, check_measures, check_names, check_options, check_size
from gansmith.config import (
    RunConfig,
    Training,
    choose_method,
    hash_of_file,
    served,
    training_data,
)
from gansmith.environment import current_environment
from gansmith.errors import ConfigError
from gansmith.hyperparameters import with_fields
from gansmith.method import Method, Networks
from gansmith.options import Options
from gansmith.training.engine import processes_of_environment, resolve_device, resolve_precision
from gansmith.training.memory import keep_freed_memory
from gansmith.training.state import build_networks, make_optimizers

STEPS, CHECKPOINT_EVERY, SAMPLE_EVERY = 5000, 500, 250


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
    options = check_options(options)
    batch = data_sets.batch_name(options.data, bool(options.attributes))
    method = choose_method(name, options.preset, batch)
    check_names(name, fields, {*vars(method), *vars(options)})
    method = with_fields(method, fields)
    check_size(method, options)
    keep_freed_memory()
    kind, each = served(method, batch), options.labels_per_class
    data, labels = training_data(options.data, options.form, kind, each, options.seed)
    check_batches(method, options, data.spec.size)
    check_measures(method, options, data)
    nets = build(method, data.spec, options.seed)
    config = RunConfig(
        method=type(method).__name__ if hash_of_file(name) else name,
        method_sha256=hash_of_file(name),
        preset=options.preset,
        fields=dataclasses.asdict(method),
        data=data_sets.absolute(options.data),
        form=options.form,
        spec=data.spec,
        training=resolve_training(options, nets, labels),
        environment=current_environment(
            resolve_device(options.device), processes_of_environment()[2]
        ),
    )
    return Plan(config, method, data, nets)


def build(method: Method, spec: DataSpec, seed: int) -> Networks:
    """The networks; their optimizers are tried out too.

    Raises:
        ConfigError: networks that are too large, or values that torch refuses.
    """
    try:
        nets = build_networks(method, spec, seed)
        make_optimizers(method, nets)
    except (ValueError, RuntimeError, MemoryError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise ConfigError(
            f"{type(method).__name__} cannot be built with these values: {reason}. "
            "`gansmith train METHOD --help` tells what each value means."
        ) from error
    return nets


def resolve_training(options: Options, nets: Networks, labels_sha256: str = "") -> Training:
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
        evaluate_every=options.evaluate_every,
        evaluate_measures=options.evaluate_measures,
        labels_per_class=options.labels_per_class,
        labels_sha256=labels_sha256,
    )
