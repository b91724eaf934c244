"""A run's configuration: from flags to dataclasses to config.json and back.

This module alone turns the names of methods and data sets into the things themselves.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansmith import data as data_sets
from gansmith import methods
from gansmith.batch import DataSet, DataSpec, LabeledImages, Points
from gansmith.environment import Environment
from gansmith.errors import ConfigError, DataError, RunError, nearest
from gansmith.hyperparameters import with_fields
from gansmith.method import Method
from gansmith.plots.whole_file import write_whole

BATCHES = {batch.__name__: batch for batch in (LabeledImages, Points)}


@dataclass(frozen=True, kw_only=True)
class Training:
    """How a run is trained, with nothing left open."""

    steps: int | None
    minutes: float | None
    seed: int
    device: str
    precision: str
    checkpoint_every: int
    sample_every: int


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """All that a run follows from; what config.json holds."""

    method: str
    """Name in the table of methods; the class's name where it came from a file."""
    method_sha256: str | None
    """Hash of the file that the class came from; None for methods by name."""
    preset: str | None
    fields: dict[str, Any]
    data: str
    """Name of a data set, or the absolute path of a folder."""
    size: int | None
    """The size asked for; None: the set's own."""
    spec: DataSpec
    training: Training
    environment: Environment

    def write(self, path: Path) -> None:
        """Write config.json, whole or not at all."""
        raw = dataclasses.asdict(self)
        raw["spec"]["batch"] = self.spec.batch.__name__
        write_whole(path, (json.dumps(raw, indent=2) + "\n").encode())

    @classmethod
    def read(cls, path: Path) -> RunConfig:
        """Read config.json.

        Raises:
            RunError: it is missing or no configuration.
        """
        try:
            raw = json.loads(path.read_text())
            training = Training(**raw.pop("training"))
            environment = Environment(**raw.pop("environment"))
            spec = _spec(raw.pop("spec"))
            return cls(**raw, spec=spec, training=training, environment=environment)
        except FileNotFoundError:
            raise RunError(f"{path.parent} is no run: it has no {path.name}.") from None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise RunError(f"{path} is no configuration of a run: {error}") from error


def _spec(raw: dict[str, Any]) -> DataSpec:
    lists = {name: tuple(raw[name]) for name in ("shape", "class_names")}
    return DataSpec(**{**raw, **lists, "batch": BATCHES[raw["batch"]]})


def choose_method(name: str, preset: str | None, batch: str) -> Method:
    """A method with the preset's values for this kind of data.

    Raises:
        ConfigError: unknown method or preset.
        DataError: a kind of data that the method does not eat.
    """
    method = methods.find(name)
    kind = BATCHES[batch]
    if kind not in method.batch:
        eaten = {eaten.__name__ for eaten in method.batch}
        fitting = [name for name, entry in data_sets.DATASETS.items() if entry.batch in eaten]
        raise DataError(
            f"{name} eats {' or '.join(sorted(eaten))}, and this data is {batch}. "
            f"Data that fits: {', '.join(fitting)}."
        )
    presets = method.presets(kind)
    if preset is not None and preset not in presets:
        known = [known for known in presets if known != "default"]
        hint = nearest(preset, known) if known else "It has none."
        raise ConfigError(f"{name} has no preset {preset!r}. {hint}")
    return method(**presets.get(preset or "default", {}))


def hash_of_file(name: str) -> str | None:
    """sha256 of the file in FILE.py:CLASS; None for a method by name."""
    if not methods.is_file(name):
        return None
    return hashlib.sha256(Path(name.rpartition(":")[0]).read_bytes()).hexdigest()


def stored_method(config: RunConfig, given: str | None) -> Method:
    """The method of a run; one that came from a file is given again by the user, FILE.py:CLASS.

    Raises:
        ConfigError: it has to be given and is not, or is another one.
    """
    if config.method_sha256 is None:
        if given is not None:
            raise ConfigError(f"This run is of {config.method!r}: leave --method out.")
        return with_fields(methods.find(config.method)(), config.fields)
    name = config.method
    if given is None:
        raise ConfigError(
            f"{name} came from a file, and a run never names code to import. "
            f"Give the file again: --method FILE.py:{name}"
        )
    found = methods.find(given)
    if found.__name__ != name or hash_of_file(given) != config.method_sha256:
        raise ConfigError(
            f"{given} is not the {name} that this run was trained with: its text has changed. "
            "Give the file as it was, or train anew."
        )
    return with_fields(found(), config.fields)


def stored_data(config: RunConfig) -> DataSet:
    """The data of a run."""
    return data_sets.open_data(config.data, config.size)
