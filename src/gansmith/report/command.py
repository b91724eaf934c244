"""The command that trains a run again."""

from __future__ import annotations

import dataclasses
import shlex
from typing import Any

from gansmith.config import RunConfig, served
from gansmith.data.form import Form, written
from gansmith.method import Method


def command(config: RunConfig, method: Method, steps: int) -> str:
    """`gansmith train ...` with all that the run does not take from its method and preset.

    Args:
        config: of the run.
        method: with the run's values.
        steps: how far it came; minutes would lead elsewhere on a quicker machine.
    """
    training = config.training
    name = config.method if config.method_sha256 is None else f"FILE.py:{config.method}"
    flags: dict[str, Any] = {"data": config.data, **_form(config.form), "steps": steps}
    if config.preset:
        flags["preset"] = config.preset
    for option in ("seed", "device", "precision", "checkpoint_every", "sample_every"):
        flags[option] = getattr(training, option)
    if training.labels_per_class is not None:
        flags["labels_per_class"] = training.labels_per_class
    kind = type(method)
    presets = kind.presets(served(kind, config.spec.batch.__name__))
    start = kind(**presets.get(config.preset or "default", {}))
    for field in dataclasses.fields(kind):
        value = getattr(method, field.name)
        if value != getattr(start, field.name):
            flags[field.name] = value
    words = ["gansmith", "train", name]
    for flag, value in flags.items():
        words += ["--" + flag.replace("_", "-"), *_texts(value)]
    return shlex.join(words)


def _form(form: Form) -> dict[str, Any]:
    """What was asked of the images and is not so anyway."""
    usual = Form()
    asked = {
        field.name: getattr(form, field.name)
        for field in dataclasses.fields(Form)
        if getattr(form, field.name) != getattr(usual, field.name)
    }
    return asked if form.size is None else {**asked, "size": written(form.size)}


def _texts(value: Any) -> list[str]:
    """As arguments; a switch has none."""
    if value is True:
        return []
    return [str(one) for one in value] if isinstance(value, tuple) else [str(value)]
