"""The loop: plays every phase of a method, step after step, and lets observers look on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gansmith.batch import DataSet
from gansmith.data.loader import Loader
from gansmith.draws import Random, seed_of
from gansmith.errors import NonFiniteError
from gansmith.method import Method
from gansmith.training.average import Averager
from gansmith.training.engine import Engine
from gansmith.training.record import Recorder
from gansmith.training.state import TrainState
from gansmith.training.update import Player, player_of, update

LAYERS_EVERY = 100
"""Steps between two logs of each layer's gradient norm."""


@dataclass
class Moment:
    """What an observer may look at; observers change nothing of it."""

    engine: Engine
    method: Method
    state: TrainState
    data: DataSet
    values: dict[str, float] = field(default_factory=dict)
    """The newest logged values by "phase/name"."""
    seconds: float = 0.0
    """Wall-clock time of the run so far, before a resume too, but of observers not `counted`."""


Observer = Callable[[Moment], None]


@dataclass
class Every:
    """An observer with the steps at which it is called."""

    steps: int
    observe: Observer
    at_end: bool = True
    """Also after the last step, whichever that is."""
    counted: bool = True
    """Whether its time is part of the time that the run takes."""
    latest: int = -1

    def __call__(self, moment: Moment, ended: bool = False) -> None:
        """Observe, unless this step was observed before."""
        step = moment.state.step
        due = self.at_end if ended else step % self.steps == 0
        if due and self.latest != step:
            self.latest = step
            self.observe(moment)

    def due(self, step: int) -> bool:
        """Whether this step is one of its own."""
        return step % self.steps == 0


@dataclass(frozen=True)
class Game:
    """All that one run plays with."""

    engine: Engine
    method: Method
    state: TrainState
    loader: Loader
    seed: int


def train(
    game: Game,
    moment: Moment,
    ended: Callable[[Moment], bool],
    recorder: Recorder,
    observers: Sequence[Every] = (),
) -> None:
    """Play until `ended` says so; observers see every one of their steps and the last.

    Args:
        game: what is played; its state moves.
        moment: the present, kept up to date for observers.
        ended: asked before each step.
        recorder: takes the values of each play.
        observers: called between steps.

    Raises:
        NonFiniteError: a term or gradient became infinite or not a number.
    """
    state, engine = game.state, game.engine
    players = [player_of(phase, state) for phase in game.method.phases()]
    averager = Averager(state.averaged, state.nets, game.method.ema_decay)
    started = time.perf_counter() - moment.seconds
    while not engine.any(ended(moment)):
        try:
            play_step(game, players, recorder)
        except NonFiniteError:
            recorder.flush()  # what led to it
            raise
        averager.update(state.step)
        state.step += 1
        due = [observer for observer in observers if observer.due(state.step)]
        if due:
            recorder.flush()
        moment.values = recorder.last
        moment.seconds = time.perf_counter() - started
        for observer in due:
            called = time.perf_counter()
            observer(moment)
            if not observer.counted:
                started += time.perf_counter() - called
    recorder.flush()
    moment.values = recorder.last
    for observer in observers:
        observer(moment, ended=True)


def make_loader(engine: Engine, method: Method, data: DataSet, seed: int) -> Loader:
    """The batches of this process, resident on its device."""
    repeats = max(phase.repeats for phase in method.phases())
    process = (engine.rank, engine.processes)
    return Loader(data.to(engine.device), seed, repeats, engine.device, process)


def play_step(game: Game, players: Sequence[Player], recorder: Recorder) -> None:
    """One step: each phase that is due, as often as it repeats."""
    engine, state, step = game.engine, game.state, game.state.step
    layers = step % LAYERS_EVERY == 0
    for player in players:
        phase = player.phase
        if not phase.due(state.nets, step):
            continue
        player.choose_trainable()
        player.choose_rate(state.nets, step)
        rows = phase.rows or game.method.batch_size
        for repeat in range(phase.repeats):
            batch = game.loader(step, repeat, rows)
            key = (game.seed, step, phase.name, repeat)
            random = Random(key, rows, engine.rows(rows), engine.device)
            draws = phase.draws(batch, random)
            engine.seed_modules(seed_of(*key, engine.rank))
            values = update(engine, player, state.nets, batch, draws, layers)
            recorder.add(step, phase.name, values)
    recorder.end_step()
