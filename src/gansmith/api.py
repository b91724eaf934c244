"""The Python interface: train, resume, load; each gives a Run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gansmith.config import RunConfig, stored_method
from gansmith.display import Display, make_display
from gansmith.errors import ConfigError
from gansmith.method import Method
from gansmith.options import Options
from gansmith.run.directory import RunDirectory
from gansmith.run.log import read_metrics
from gansmith.session import Outcome, continue_run, start_run
from gansmith.training.checkpoint import Checkpoints
from gansmith.training.engine import Engine
from gansmith.training.sampling import all_samples
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
    def metrics(self) -> dict[str, np.ndarray]:
        """The log as columns: "step" and each "phase/name"."""
        return read_metrics(self.directory.metrics)

    def sample(self, number: int, seed: int = 0, raw_weights: bool = False) -> torch.Tensor:
        """Samples (number, *shape) from the newest checkpoint; images in [-1, 1].

        Args:
            number: how many.
            seed: what they follow from; sample i is the same however many are drawn.
            raw_weights: use the weights themselves, not their running average.

        Raises:
            ConfigError: `number` is not positive.
            RunError: there is no whole checkpoint.
        """
        if number < 1:
            raise ConfigError(f"{number} samples: give a number of at least 1.")
        method, state = self.restored()
        nets = state.nets if raw_weights else state.averaged
        return all_samples(method, nets, self.config.spec, number, seed)

    def restored(self) -> tuple[Method, TrainState]:
        """The method and the state of the newest whole checkpoint, on the CPU."""
        method = stored_method(self.config, self.method_file)
        engine = Engine(torch.device("cpu"))
        nets = build_networks(method, self.config.spec, self.config.training.seed)
        state = initial_state(method, nets, engine)
        path = self.checkpoints.newest_whole(lambda line: None)
        self.checkpoints.restore(state, engine, path)
        return method, state

    def resume(self, steps: int | None = None, **how: Any) -> Run:
        """Train on; see `gansmith.resume`."""
        return resume(self.path, steps=steps, method=self.method_file, **how)


def train(
    method: str,
    *,
    options: Options | None = None,
    display: Display | None = None,
    **fields: Any,
) -> Run:
    """Train a method: `gansmith.train("wgan-gp", data="mnist", steps=2000, n_critic=3)`.

    Args:
        method: a name (`gansmith list methods`) or FILE.py:CLASS.
        options: the run's options as an object, instead of by name.
        display: what shows the progress; default: nothing.
        fields: options (`data`, `run`, `steps`, `minutes`, `size`, `seed`, `device`, `precision`,
            `preset`, `config`, `checkpoint_every`, `sample_every`) and hyper-parameters by name.

    Raises:
        GansmithError: what was asked for cannot be done; the message says what to do next.
    """
    chosen = options or Options(**_taken(fields, Options))
    directory, config, outcome = start_run(
        method, chosen, fields, display or make_display(False, True)
    )
    return Run(directory, config, method if config.method_sha256 else None, outcome)


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
    directory = RunDirectory(Path(path))
    config, outcome = continue_run(
        directory, steps, method, allow_inexact, display or make_display(False, True)
    )
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


def _taken(fields: dict[str, Any], kind: type) -> Mapping[str, Any]:
    """The options among the fields, taken out of them."""
    names = [name for name in fields if name in kind.__dataclass_fields__]
    return {name: fields.pop(name) for name in names}
