"""One training session from start or resume to its end: everything is put together here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from gansmith.batch import DataSet
from gansmith.config import RunConfig, stored_data, stored_method
from gansmith.display import Display
from gansmith.environment import current_environment
from gansmith.errors import ConfigError, InexactResumeError, NonFiniteError, RunError
from gansmith.observers import Bookkeeping, LossPicture, SamplePictures, Saver, animate_samples
from gansmith.options import Options
from gansmith.plan import Plan, make_plan
from gansmith.run.directory import RunDirectory, new_directory
from gansmith.run.log import MetricsLog, last_seconds
from gansmith.training.checkpoint import Checkpoints
from gansmith.training.engine import processes_of_environment, resolve_device, start_engine
from gansmith.training.loop import Every, Game, Moment, make_loader, train
from gansmith.training.memory import keep_freed_memory
from gansmith.training.record import Recorder
from gansmith.training.state import build_networks, initial_state
from gansmith.training.stopping import Stop, stop_on_signals

BEFORE_FAILURE = "before-nonfinite"


@dataclass(frozen=True)
class Outcome:
    """How a session ended."""

    step: int
    seconds: float
    signal: int | None
    """The signal that stopped it; None where it came to its planned end."""


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
    data = stored_data(config)
    torch.set_num_threads(config.environment.threads)
    config = same_environment(config, data, allow_inexact, display)
    nets = build_networks(method, config.spec, config.training.seed)
    leads = processes_of_environment()[0] == 0
    with directory.locked() if leads else nullcontext():
        session = Session(directory, Plan(config, method, data, nets), display)
        outcome = session.run(resumed=True)
    return config, outcome


def same_environment(
    config: RunConfig, data: DataSet, allow_inexact: bool, display: Display
) -> RunConfig:
    """The configuration with today's environment.

    Raises:
        InexactResumeError: it is another one, and that was not allowed.
    """
    device = resolve_device(config.training.device)
    now = current_environment(device, processes_of_environment()[2])
    differences = config.environment.differences(now)
    if data.spec.fingerprint != config.spec.fingerprint:
        differences.append("data: its content has changed")
    if differences and not allow_inexact:
        listed = "\n".join(f"  {difference}" for difference in differences)
        raise InexactResumeError(
            f"Continuing would not be exact, because this has changed:\n{listed}\n"
            "Restore it, or go on with --allow-inexact."
        )
    for difference in differences:
        display.say(f"Not exact from here on: {difference}")
    return dataclasses.replace(config, environment=now, spec=data.spec)


@dataclass
class Session:
    """One process' part in one session."""

    directory: RunDirectory
    plan: Plan
    display: Display
    observers: Sequence[Every] = ()
    """Called besides the session's own."""

    def run(self, resumed: bool) -> Outcome:
        """Train until the planned end or a signal; the run directory is whole afterwards.

        Raises:
            NonFiniteError: a term became infinite or NaN; what is good has been saved.
            RunError: the directory cannot be written.
        """
        config, training = self.plan.config, self.plan.config.training
        engine = start_engine(training.device, training.precision)
        loader = make_loader(engine, self.plan.method, self.plan.data, training.seed)
        first = None if resumed else loader(0, 0, self.plan.method.batch_size)
        state = initial_state(self.plan.method, self.plan.nets, engine, first)
        checkpoints = Checkpoints(self.directory.checkpoints)
        if resumed and checkpoints.steps():
            path = checkpoints.newest_whole(self.display.say)
            checkpoints.restore(state, engine, path)
        game = Game(engine, self.plan.method, state, loader, training.seed)
        seconds = last_seconds(self.directory.timing, state.step)
        moment = Moment(engine, self.plan.method, state, self.plan.data, seconds=seconds)
        self._check_ahead(moment)
        if resumed and engine.leads:
            config.write(self.directory.config)
        try:
            return self._play(game, moment, checkpoints)
        except OSError as error:
            raise RunError(
                f"{self.directory.path} cannot be written: {error}. Mend that and continue with "
                f"`gansmith resume {self.directory.path}`."
            ) from error

    def _check_ahead(self, moment: Moment) -> None:
        """Refuse to continue a run that is at its end."""
        training, step = self.plan.config.training, moment.state.step
        over = training.steps is not None and step >= training.steps
        if over or (training.minutes is not None and moment.seconds >= training.minutes * 60):
            raise ConfigError(
                f"{self.directory.path} is at its planned end, step {step}. "
                f"Train on with --steps {2 * step}."
            )

    def _play(self, game: Game, moment: Moment, checkpoints: Checkpoints) -> Outcome:
        training, state = self.plan.config.training, game.state
        log = MetricsLog(self.directory.metrics, state.step) if game.engine.leads else None
        books = Bookkeeping(self.directory, log, self.display, moment, training.steps)
        recorder = Recorder(books)
        saver = Saver(checkpoints, log)
        picture = SamplePictures(self.directory, self.plan.config.method, training.seed)
        losses = LossPicture(
            self.directory, f"{self.plan.config.method} on {self.plan.config.data}"
        )
        if state.step == 0:
            saver(moment)
            picture(moment)
        self.display.start(self._title(), training.steps, training.minutes, state.step)
        try:
            with stop_on_signals() as stop:
                train(
                    game,
                    moment,
                    lambda now: self._ended(now, stop),
                    recorder,
                    [
                        Every(training.checkpoint_every, saver),
                        Every(training.sample_every, picture),
                        Every(training.checkpoint_every, losses, at_end=False),
                        *self.observers,
                    ],
                )
        except NonFiniteError as error:
            raise self._failed(error, moment, checkpoints) from error
        finally:
            self.display.stop()
            books.close()
        if game.engine.leads:
            losses.draw()
            animate_samples(self.directory)
        return Outcome(state.step, moment.seconds, stop.signal)

    def _ended(self, moment: Moment, stop: Stop) -> bool:
        training = self.plan.config.training
        if training.minutes is not None and moment.seconds >= training.minutes * 60:
            return True
        return bool(stop) or moment.state.step == training.steps

    def _title(self) -> str:
        config = self.plan.config
        where = f"{config.training.device}, {config.training.precision}"
        return f"{config.method} on {config.data} · {where} · {self.directory.path}"

    def _failed(
        self, error: NonFiniteError, moment: Moment, checkpoints: Checkpoints
    ) -> NonFiniteError:
        """Save what is good, and say what happened and what to try."""
        kept = f"The last good checkpoint is {checkpoints.path(max(checkpoints.steps()))}."
        if all(bool(p.isfinite().all()) for p in moment.state.nets.parameters()):
            path = checkpoints.save(moment.state, moment.engine, BEFORE_FAILURE)
            kept += f" The weights just before are in {path}."
        rate = getattr(self.plan.method, "learning_rate", None)
        advice = f"Try --learning-rate {rate / 4:g}" if rate else "Try lower learning rates"
        return NonFiniteError(
            f"{error} at step {moment.state.step + 1}. Training stopped. {kept} "
            f"{advice}, or look at {self.directory.metrics} for what grew before it."
        )
