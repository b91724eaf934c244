"""The Python interface: train, resume, load; each gives a Run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gansmith.config_file import from_file
from gansmith.display import Display, SilentDisplay
from gansmith.hyperparameters import checked
from gansmith.launch import start_run
from gansmith.options import Options
from gansmith.trained import Run, load, resume
from gansmith.training.loop import Every, Moment

__all__ = ["Every", "Moment", "Run", "load", "resume", "train"]


def train(
    method: str,
    *,
    options: Options | None = None,
    display: Display | None = None,
    observers: Sequence[Every] = (),
    **fields: Any,
) -> Run:
    """Train a method: `gansmith.train("wgan-gp", data="mnist", steps=2000, n_critic=3)`.

    Args:
        method: a name (`gansmith list methods`) or FILE.py:CLASS.
        options: the run's options as an object, instead of by name.
        display: what shows the progress; default: nothing.
        observers: called while it trains: `Every(500, function)`, which is handed a `Moment`.
        fields: options (`data`, `run`, `steps`, `minutes`, `size`, `crop`, `background`,
            `label`, `attributes`, `labels_file`, `labels_per_class`, `seed`, `device`,
            `precision`, `preset`, `config`, `checkpoint_every`, `sample_every`,
            `evaluate_every`) and hyper-parameters by name.

    Raises:
        GansmithError: what was asked for cannot be done; the message says what to do next.
    """
    named = {name: fields.pop(name) for name in vars(Options()) if name in fields}
    given = {k: v for k, v in vars(options or Options()).items() if v != getattr(Options, k)}
    given |= {name: value for name, value in named.items() if value is not None}
    stored, stored_fields = from_file(method, given)
    chosen = Options(**checked(Options, {**stored, **given}))
    directory, config, outcome = start_run(
        method, chosen, {**stored_fields, **fields}, display or SilentDisplay(), observers
    )
    return Run(directory, config, method if config.method_sha256 else None, outcome)
