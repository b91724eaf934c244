"""A trained run: samples and metrics of it, and training on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gansmith.best import Best, best
from gansmith.config import RunConfig, Training, stored_method
from gansmith.display import Display, PlainDisplay, SilentDisplay
from gansmith.errors import ConfigError, RunError
from gansmith.hyperparameters import checked
from gansmith.launch import continue_run
from gansmith.method import Method
from gansmith.run.directory import RunDirectory
from gansmith.run.log import last_seconds, read_metrics
from gansmith.session import Outcome
from gansmith.training.checkpoint import Checkpoints
from gansmith.training.conditions import Conditions, conditions_of
from gansmith.training.engine import Engine
from gansmith.training.sampling import draw_samples
from gansmith.training.state import TrainState, build_networks, initial_state


@dataclass(frozen=True)
class Run:
    """A trained run: its directory, its configuration and what came of it."""

    directory: RunDirectory
    config: RunConfig
    method_file: str | None = None
    """FILE.py:CLASS of a method from outside the package."""
    outcome: Outcome | None = None
    """How the training that gave this object ended; None for a loaded run."""

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.directory.path

    @property
    def step(self) -> int:
        """Step of the newest checkpoint; 0 where there is none."""
        return max(self.checkpoints.steps(), default=0)

    @property
    def checkpoints(self) -> Checkpoints:
        """Its checkpoints."""
        return Checkpoints(self.directory.checkpoints)

    @property
    def seconds(self) -> float:
        """Wall-clock time that its training has taken, all sessions together."""
        return last_seconds(self.directory.timing)

    @property
    def best(self) -> Best | None:
        """When it was at its best, with `evaluate_every`; None where that is not known."""
        return best(self.directory)

    @property
    def metrics(self) -> dict[str, np.ndarray]:
        """The log as columns: "step" and each "phase/name"."""
        try:
            return read_metrics(self.directory.metrics)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RunError(f"{self.directory.metrics} is damaged: {error}.") from error

    def sample(
        self,
        number: int,
        seed: int = 0,
        raw_weights: bool = False,
        checkpoint: str = "latest",
        classes: Sequence[str] = (),
    ) -> torch.Tensor:
        """Samples (number, *shape) from a checkpoint; images in [-1, 1].

        Args:
            number: how many.
            seed: what they follow from; sample i is the same however many are drawn.
            raw_weights: use the weights themselves, not their running average.
            checkpoint: "latest" for the newest whole one, "best", or a step.
            classes: names of classes that the samples run through in turn; none for all, where the
                method generates by class. Of attributes also several, as "Male+Smiling", or "none".

        Raises:
            ConfigError: `number` is not positive, or there is no such class.
            RunError: there is no such whole checkpoint.
        """
        return torch.cat(list(self.draw(number, seed, raw_weights, checkpoint, classes)[1]))

    def draw(
        self,
        number: int,
        seed: int = 0,
        raw_weights: bool = False,
        checkpoint: str = "latest",
        classes: Sequence[str] = (),
    ) -> tuple[int, Iterator[torch.Tensor]]:
        """(step of the checkpoint, what `sample` gives, at most 64 samples at a time)."""
        if number < 1:
            raise ConfigError(f"{number} samples: give a number of at least 1.")
        asked = self.conditions(classes) if classes else None
        method, state = self.restored(checkpoint)
        nets = state.nets if raw_weights else state.averaged
        wanted = asked.y if asked else None
        return state.step, draw_samples(method, nets, self.config.spec, number, seed, wanted)

    def conditions(self, classes: Sequence[str] = ()) -> Conditions | None:
        """What samples are asked for in turn: these classes, or all; see `conditions_of`."""
        method = stored_method(self.config, self.method_file)
        return conditions_of(method, self.config.spec, classes)

    def restored(self, checkpoint: str = "latest") -> tuple[Method, TrainState]:
        """The method and the state of a checkpoint, on the CPU.

        Args:
            checkpoint: "latest" for the newest whole one, "best", or a step.

        Raises:
            RunError: there is none such.
        """
        method = stored_method(self.config, self.method_file)
        engine = Engine(torch.device("cpu"))
        nets = build_networks(method, self.config.spec, self.config.training.seed)
        state = initial_state(method, nets, engine)
        path = self.checkpoints.chosen(checkpoint, PlainDisplay().say)  # what is damaged is said
        self.checkpoints.restore(state, engine, path)
        return method, state

    def resume(self, steps: int | None = None, **how: Any) -> Run:
        """Train on; see `gansmith.resume`."""
        return resume(self.path, steps=steps, method=self.method_file, **how)


def resume(
    path: str | Path,
    *,
    steps: int | None = None,
    method: str | None = None,
    allow_inexact: bool = False,
    display: Display | None = None,
) -> Run:
    """Continue a run bit for bit, as if it had never stopped.

    Args:
        path: the run.
        steps: train until this step in all; default: the step that was asked for at first.
        method: FILE.py:CLASS again, for a method from outside the package.
        allow_inexact: go on where versions or hardware differ.
        display: what shows the progress; default: nothing.

    Raises:
        InexactResumeError: versions, hardware or data differ from when the run was started.
        GansmithError: the run cannot be continued; the message says why.
    """
    if steps is not None and checked(Training, {"steps": steps})["steps"] < 1:
        raise ConfigError(f"--steps {steps}: give a number above 0.")
    directory, shown = RunDirectory(Path(path)), display or SilentDisplay()
    config, outcome = continue_run(directory, steps, method, allow_inexact, shown)
    return Run(directory, config, method, outcome)


def load(path: str | Path, method: str | None = None) -> Run:
    """A run as it lies on disk.

    Args:
        path: the run's directory.
        method: FILE.py:CLASS again, for a method from outside the package.

    Raises:
        RunError: there is no run.
    """
    directory = RunDirectory(Path(path))
    return Run(directory, RunConfig.read(directory.config), method)
