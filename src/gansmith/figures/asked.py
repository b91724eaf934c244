"""What a figure is asked for, and the runs that it trains."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansmith import api
from gansmith.config import hash_of_file
from gansmith.errors import RunError
from gansmith.methods import is_file
from gansmith.trained import Run


@dataclass(frozen=True)
class Asked:
    """What a figure is asked for."""

    folder: Path
    """Where its runs lie, and where it is written."""
    seed: int = 0
    effort: float = 1.0
    """Times as many steps as the figure trains by itself; small ones are for a first look."""
    data: str = ""
    """The images to show; "" for a figure that takes none."""
    method: str = ""
    """The method to train, a name or FILE.py:CLASS; "" for a figure that trains its own."""
    tell: Callable[[str], None] = lambda what: None
    """Says what is being done."""

    def steps(self, number: int) -> int:
        """Steps of training, with the effort; 1 at the least."""
        return max(1, round(number * self.effort))

    def trained(self, name: str, method: str, steps: int, **fields: Any) -> Run:
        """A run below the folder, trained for this many steps times the effort.

        One that was asked for in the same words before is gone on with, or taken as it is.

        Args:
            name: what it is called in the figure; part of the run's name.
            method: a name of METHODS, or FILE.py:CLASS.
            steps: to train, before the effort is applied.
            fields: options and hyper-parameters, as of `gansmith.train`.

        Raises:
            RunError: a signal stopped it; a figure of half a training would mislead.
        """
        total = self.steps(steps)
        known = [hash_of_file(method), method.rpartition(":")[2]]  # wherever the file lies
        words = json.dumps([*known, self.seed, fields], sort_keys=True, default=str)
        mark = hashlib.sha256(words.encode()).hexdigest()[:8]
        path = self.folder / "runs" / f"{name}-{mark}"
        run = _gone_on_with(path, method, total)
        if run is None:
            self.tell(f"training {name} ({Path(method).name}, {total:,} steps) in {path}")
            run = api.train(method, run=path, steps=total, seed=self.seed, **fields)
        if run.outcome is not None and run.outcome.signal is not None:
            raise RunError(
                f"{path} was stopped at step {run.step:,} of {total:,}: the same command goes on."
            )
        return run


def _gone_on_with(path: Path, method: str, steps: int) -> Run | None:
    """The run that lies there, trained to this step at the least; None where there is none."""
    if not path.exists():
        return None
    try:
        run = api.load(path, method if is_file(method) else None)
        return run if run.step >= steps else run.resume(steps, allow_inexact=True)
    except RunError:  # killed before it had anything to go on from
        shutil.rmtree(path)
        return None
