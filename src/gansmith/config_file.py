"""What `--config FILE` holds: another run's config.json, or a few of its lines written by hand."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gansmith.config import RunConfig, Training, choose_method, served
from gansmith.data import batch_name
from gansmith.data.form import Form, plain
from gansmith.errors import ConfigError, DataError, nearest
from gansmith.hyperparameters import checked
from gansmith.options import Options

ADVICE = "Give another run's config.json."
OPTIONS = {field.name for field in dataclasses.fields(Options)} - {"run", "config"}
PARTS = {field.name for field in dataclasses.fields(RunConfig)}
FORM = {field.name for field in dataclasses.fields(Form)}
TRAINING = {field.name for field in dataclasses.fields(Training)}


def from_file(name: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options and hyper-parameters out of the file that `config` names; empty without one.

    What is given goes before them: steps before minutes too, and a preset before its fields.

    Args:
        name: the method that they are for.
        given: the options that the user gave, by name.

    Raises:
        ConfigError: the file is missing, no JSON, of another method, or names what there is not.
    """
    if given.get("config") is None:
        return {}, {}
    path = Path(given["config"])
    raw = _read(path)
    if raw.get("method") not in (None, name.rpartition(":")[2]):
        raise ConfigError(f"--config {path} is of {raw['method']}, not of {name}. {ADVICE}")
    flat = {**raw, **raw.get("form", {}), **raw.get("training", {})}
    try:
        options = checked(Options, {key: flat[key] for key in flat if key in OPTIONS})
        if options.get("size") is not None:
            options["size"] = plain(options["size"])
    except (ConfigError, DataError) as error:
        raise ConfigError(f"--config {path}: {error}") from error
    fields = dict(raw.get("fields", {}))
    if given.get("preset") is not None:
        attributed = bool(given.get("attributes") or options.get("attributes"))
        batch = batch_name(given.get("data") or options.get("data", Options.data), attributed)
        method = choose_method(name, given["preset"], batch)
        for key in method.presets(served(method, batch))[given["preset"]]:
            fields.pop(key, None)
    over = set(given) | ({"steps", "minutes"} if {"steps", "minutes"} & set(given) else set())
    return {key: value for key, value in options.items() if key not in over}, fields


def _read(path: Path) -> dict[str, Any]:
    """The file's content, of which every name is known."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"--config {path}: {error.strerror}. {ADVICE}") from error
    except ValueError as error:
        raise ConfigError(f"--config {path} is no JSON: {error}. {ADVICE}") from error
    parts = (
        [raw, *(raw.get(key, {}) for key in ("training", "form", "fields"))]
        if _named(raw)
        else [raw]
    )
    if not all(_named(part) for part in parts):
        raise ConfigError(f"--config {path} holds no values by name. {ADVICE}")
    _known(path, raw, OPTIONS | PARTS)
    _known(path, parts[1], TRAINING)
    _known(path, parts[2], FORM)
    return raw


def _named(part: Any) -> bool:
    return isinstance(part, dict)


def _known(path: Path, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise ConfigError(f"--config {path}: unknown {name!r}. {nearest(name, known)}")
