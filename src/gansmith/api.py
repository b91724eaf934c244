"""The Python interface: train, resume, load; each gives a Run."""

from __future__ import annotations

from typing import Any

from gansmith.config_file import from_file
from gansmith.display import Display, SilentDisplay
from gansmith.hyperparameters import checked
from gansmith.options import Options
from gansmith.session import start_run
from gansmith.trained import Run, load, resume

__all__ = ["Run", "load", "resume", "train"]


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
    named = {name: fields.pop(name) for name in vars(Options()) if name in fields}
    given = {k: v for k, v in vars(options or Options()).items() if v != getattr(Options, k)}
    given |= {name: value for name, value in named.items() if value is not None}
    stored, stored_fields = from_file(method, given)
    chosen = Options(**checked(Options, {**stored, **given}))
    directory, config, outcome = start_run(
        method, chosen, {**stored_fields, **fields}, display or SilentDisplay()
    )
    return Run(directory, config, method if config.method_sha256 else None, outcome)
