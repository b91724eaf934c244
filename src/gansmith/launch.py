"""Starting a run and continuing one: what is checked and made before a session trains."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import torch

from gansmith.batch import DataSet, DataSpec
from gansmith.checks import check_shares
from gansmith.config import RunConfig, stored_method, training_data
from gansmith.data.convert import listed_reasons
from gansmith.display import Display
from gansmith.environment import current_environment
from gansmith.errors import ConfigError, InexactResumeError
from gansmith.method import Method
from gansmith.options import Options
from gansmith.plan import Plan, make_plan
from gansmith.run.directory import RunDirectory, new_directory
from gansmith.session import Outcome, Session
from gansmith.training.conditions import conditions_of
from gansmith.training.engine import processes_of_environment, resolve_device
from gansmith.training.loop import Every
from gansmith.training.memory import keep_freed_memory
from gansmith.training.state import build_networks


def start_run(
    name: str,
    options: Options,
    fields: Mapping[str, Any],
    display: Display,
    observers: Sequence[Every] = (),
) -> tuple[RunDirectory, RunConfig, Outcome]:
    """Plan, make the directory, train; what cannot be done is found before anything is written."""
    plan = make_plan(name, options, fields)
    leads = processes_of_environment()[0] == 0
    if leads:
        directory = new_directory(options.run, plan.config.method.lower(), options.data)
    else:
        directory = RunDirectory(options.run)  # pyright: ignore[reportArgumentType]
    with directory.locked() if leads else nullcontext():
        if leads:
            _say_what_is_left_out(plan.data.spec)
            for note in plan.data.notes:
                display.say(note)
            if rows := conditions_of(plan.method, plan.data.spec):
                display.say(f"Rows of the pictures in samples/: {', '.join(rows.names)}.")
            plan.config.write(directory.config)
        outcome = Session(directory, plan, display, observers).run(resumed=False)
    return directory, plan.config, outcome


def continue_run(
    directory: RunDirectory,
    steps: int | None,
    method_file: str | None,
    allow_inexact: bool,
    display: Display,
) -> tuple[RunConfig, Outcome]:
    """Continue from the newest whole checkpoint, or from the start where there is none yet."""
    config = RunConfig.read(directory.config)
    method = stored_method(config, method_file)
    if steps is not None:
        planned = dataclasses.replace(config.training, steps=steps, minutes=None)
        config = dataclasses.replace(config, training=planned)
    keep_freed_memory()
    kind, training = config.spec.batch, config.training
    data, labels = training_data(
        config.data, config.form, kind, training.labels_per_class, training.seed
    )
    torch.set_num_threads(config.environment.threads)
    config = same_environment(config, method, data, labels, allow_inexact, display)
    check_shares(method, method.batch_size)
    nets = build_networks(method, config.spec, config.training.seed)
    leads = processes_of_environment()[0] == 0
    if leads:
        _say_what_is_left_out(data.spec)
    with directory.locked() if leads else nullcontext():
        session = Session(directory, Plan(config, method, data, nets), display)
        outcome = session.run(resumed=True)
    return config, outcome


def _say_what_is_left_out(spec: DataSpec) -> None:
    """Name the images that cannot be read, on stderr, whatever else is shown."""
    if spec.unreadable:
        print(
            f"Left out: {len(spec.unreadable)} images in {spec.name} cannot be read:\n"
            f"{listed_reasons(spec.unreadable)}",
            file=sys.stderr,
        )


def same_environment(
    config: RunConfig,
    method: Method,
    data: DataSet,
    labels: str,
    allow_inexact: bool,
    display: Display,
) -> RunConfig:
    """The configuration with today's environment; `labels` is the hash of those that are told.

    Where another one is allowed, a run may go on on another kind of device, and with the
    defaults of hyper-parameters that its method got since it began.

    Raises:
        ConfigError: its device is not there, and another one was not allowed.
        InexactResumeError: something else has changed, and that was not allowed.
    """
    training = config.training
    try:
        device = resolve_device(training.device)
    except ConfigError:
        if not allow_inexact:
            raise
        device = resolve_device("auto")
        training = dataclasses.replace(training, device=device)
    now = current_environment(device, processes_of_environment()[2])
    training = dataclasses.replace(training, labels_sha256=labels)
    today = dataclasses.replace(
        config,
        fields=dataclasses.asdict(method),
        environment=now,
        spec=data.spec,
        training=training,
    )
    differences = changed(config, today)
    if differences and not allow_inexact:
        listed = "\n".join(f"  {difference}" for difference in differences)
        raise InexactResumeError(
            f"Continuing would not be exact, because this has changed:\n{listed}\n"
            "Restore it, or go on with --allow-inexact."
        )
    for difference in differences:
        display.say(f"Not exact from here on: {difference}")
    return today


def changed(then: RunConfig, now: RunConfig) -> list[str]:
    """What of a run's configuration makes it go on differently, in words."""
    differences = then.environment.differences(now.environment)
    if now.spec.fingerprint != then.spec.fingerprint:
        differences.append("data: its content has changed")
    if now.training.labels_sha256 != then.training.labels_sha256:
        differences.append("labels: those of other images are told")
    for name in (name for name in now.fields if name not in then.fields):
        flag = f"--{name.replace('_', '-')} {now.fields[name]}"
        differences.append(f"{now.method}: has {flag}, which the run began without")
    return differences
