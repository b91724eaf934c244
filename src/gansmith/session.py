"""One process' part in one training session: everything is put together here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gansmith.batch import Batch
from gansmith.bookkeeping import Bookkeeping
from gansmith.data.loader import Loader
from gansmith.display import Display
from gansmith.draws import Random
from gansmith.errors import ConfigError, NonFiniteError, RunError
from gansmith.evaluating import evaluating
from gansmith.observers import LossPicture, SamplePictures, Saver, animate_samples
from gansmith.plan import Plan
from gansmith.run.directory import RunDirectory
from gansmith.run.log import MetricsLog, cut_after, last_seconds
from gansmith.training.checkpoint import Checkpoints
from gansmith.training.engine import Engine, start_engine
from gansmith.training.loop import Every, Game, Moment, make_loader, train
from gansmith.training.record import Recorder
from gansmith.training.state import initial_state
from gansmith.training.stopping import Stop, stop_on_signals

BEFORE_FAILURE = "before-nonfinite"
FLUSH_STEPS = 20
"""Steps after which several processes read their values: all at the same one."""


@dataclass(frozen=True)
class Outcome:
    """How a session ended."""

    step: int
    seconds: float
    signal: int | None
    """The signal that stopped it; None where it came to its planned end."""


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
        checkpoints = Checkpoints(self.directory.checkpoints)
        fresh = not (resumed and checkpoints.steps())
        first = self._first(engine, loader) if fresh else None
        state = initial_state(self.plan.method, self.plan.nets, engine, first)
        if not fresh:
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

    def _first(self, engine: Engine, loader: Loader) -> tuple[Batch, Random]:
        """What a method may initialise from: the whole first batch, in each process."""
        rows = self.plan.method.batch_size
        key = (self.plan.config.training.seed, "prepare")
        return loader.whole(0, 0, rows), Random(key, rows, device=engine.device)

    def _check_ahead(self, moment: Moment) -> None:
        """Refuse to continue a run that is at its end."""
        training, step = self.plan.config.training, moment.state.step
        over = training.steps is not None and step >= training.steps
        if over or (training.minutes is not None and moment.seconds >= training.minutes * 60):
            raise ConfigError(
                f"{self.directory.path} is at its planned end, step {step}, or past the one asked "
                f"for. Train on with --steps {2 * step}."
            )

    def _play(self, game: Game, moment: Moment, checkpoints: Checkpoints) -> Outcome:
        training, state = self.plan.config.training, game.state
        log = None
        if game.engine.leads:
            log = MetricsLog(self.directory.metrics, state.step)
            cut_after(self.directory.timing, state.step)
        books = Bookkeeping(self.directory, log, self.display, moment, training.steps)
        recorder = Recorder(books, steps=FLUSH_STEPS if game.engine.processes > 1 else None)
        losses = LossPicture(
            self.directory,
            f"{self.plan.config.method} on {self.plan.config.data}",
            self.plan.method.curves,
        )
        watching = self._watching(moment, Saver(checkpoints, log), losses, checkpoints)
        self.display.start(self._title(), training.steps, training.minutes, state.step)
        try:
            with stop_on_signals() as stop:
                train(game, moment, lambda now: self._ended(now, stop), recorder, watching)
        except NonFiniteError as error:
            raise self._failed(error, moment, checkpoints) from error
        finally:
            self.display.stop()
            books.close()
        if game.engine.leads:
            losses.draw()
            animate_samples(self.directory)
        return Outcome(state.step, moment.seconds, stop.signal)

    def _watching(
        self, moment: Moment, saver: Saver, losses: LossPicture, checkpoints: Checkpoints
    ) -> list[Every]:
        """All that looks on; what is at step 0 is kept and drawn at once."""
        training = self.plan.config.training
        picture = SamplePictures(self.directory, self.plan.config.method, training.seed)
        if moment.state.step == 0:
            saver(moment)
            picture(moment)
        every, measures = training.evaluate_every, training.evaluate_measures
        measuring = evaluating(self.directory, checkpoints, self.display, moment, every, measures)
        return [
            Every(training.checkpoint_every, saver),
            Every(training.sample_every, picture),
            Every(training.checkpoint_every, losses, at_end=False),
            *measuring,
            *self.observers,
        ]

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
        if all(bool(t.isfinite().all()) for t in moment.state.nets.state_dict().values()):
            path = checkpoints.save(moment.state, moment.engine, BEFORE_FAILURE)
            kept += f" The weights just before are in {path}."
        rate = getattr(self.plan.method, "learning_rate", None)
        advice = f"Try --learning-rate {rate / 4:g}" if rate else "Try lower learning rates"
        return NonFiniteError(
            f"{error} at step {moment.state.step + 1}. Training stopped. {kept} "
            f"{advice}, or look at {self.directory.metrics} for what grew before it."
        )
