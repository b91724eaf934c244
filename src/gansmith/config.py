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
from gansmith.batch import (
    AttributedImages,
    CaptionedImages,
    DataSet,
    DataSpec,
    LabeledImages,
    PartlyLabeledImages,
    Points,
    UnpairedImages,
    without_captions,
)
from gansmith.data.form import Form
from gansmith.data.partly import Told, told
from gansmith.data.subset import without_attributes
from gansmith.environment import Environment
from gansmith.errors import ConfigError, DataError, GansmithError, RunError, nearest
from gansmith.hyperparameters import checked, with_fields
from gansmith.method import Method
from gansmith.options import Options
from gansmith.whole_file import write_whole

BATCHES = {
    batch.__name__: batch
    for batch in (
        LabeledImages,
        Points,
        CaptionedImages,
        PartlyLabeledImages,
        AttributedImages,
        UnpairedImages,
    )
}
WORDS = {
    "LabeledImages": "images",
    "Points": "points",
    "CaptionedImages": "images with captions",
    "PartlyLabeledImages": "images of which few have classes",
    "AttributedImages": "images with attributes",
    "UnpairedImages": "images of two domains",
}
"""Of each batch type, for messages."""


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
    evaluate_every: int | None = None
    """None: the run is not measured while it trains."""
    evaluate_measures: tuple[str, ...] = ()
    """Measures that are computed then; none: the quick ones."""
    labels_per_class: int | None = None
    """Labels of each class that are told; None for all."""
    labels_sha256: str = ""
    """Of the numbers of the images whose labels are told: another choice is noticed on resume."""


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """All that a run follows from; what config.json holds."""

    method: str
    """Name in the table of methods; the class's name where it came from a file."""
    method_sha256: str | None
    """Of the file that the class came from; None for methods by name."""
    preset: str | None
    fields: dict[str, Any]
    data: str
    """Name of a data set, or of paths, which are absolute."""
    form: Form
    """What was asked of the images."""
    spec: DataSpec
    training: Training
    environment: Environment

    def write(self, path: Path) -> None:
        """Write config.json, whole or not at all."""
        raw = dataclasses.asdict(self)
        raw["spec"]["batch"] = self.spec.batch.__name__
        write_whole(path, (json.dumps(raw, indent=2) + "\n").encode(), synced=True)

    @classmethod
    def read(cls, path: Path) -> RunConfig:
        """Read config.json.

        Raises:
            RunError: it is missing or no configuration.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            fields = raw["fields"].items()
            raw["fields"] = {k: _tuple(v) for k, v in fields}
            form = raw.pop("form", None) or {"size": raw.pop("size", None)}  # as it was once
            raw["form"] = Form(**{k: _tuple(v) for k, v in checked(Form, form).items()})
            raw["training"] = Training(**checked(Training, raw["training"]))
            raw["environment"] = Environment(**checked(Environment, raw["environment"]))
            spec = {**raw["spec"], "batch": BATCHES[raw["spec"]["batch"]]}
            raw["spec"] = DataSpec(**checked(DataSpec, spec))
            return cls(**checked(cls, raw))
        except (FileNotFoundError, NotADirectoryError):
            what = f"it has no {path.name}" if path.parent.exists() else "it does not exist"
            raise RunError(f"{path.parent} is no run: {what}.") from None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, GansmithError) as error:
            raise RunError(f"{path} is no configuration of a run: {error}") from error


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def choose_method(name: str, preset: str | None, batch: str) -> Method:
    """A method with the preset's values for this kind of data.

    Raises:
        ConfigError: unknown method or preset, or a class that is no whole method.
        DataError: a kind of data that the method does not eat.
    """
    method = methods.find(name)
    kind = served(method, batch)
    if kind not in method.batch:
        hint = " Leave --attributes out." if kind is AttributedImages else ""
        raise DataError(f"{name} {_eats(method)}; this data holds {WORDS[batch]}.{hint}")
    presets = method.presets(kind)
    known = set(presets) - {"default"}
    if preset is not None and preset not in known:
        hint = nearest(preset, known) if known else "It has none."
        raise ConfigError(f"{name} has no preset {preset!r}. {hint}")
    taken = {field.name for field in dataclasses.fields(method)} & set(vars(Options()))
    if taken:
        raise ConfigError(f"{name} has a field {min(taken)!r}: an option of train is called so.")
    try:
        return method(**presets.get(preset or "default", {}))
    except TypeError as error:
        raise ConfigError(f"{name} is no whole method: {error}.") from error


def served(method: Method | type[Method], batch: str) -> type:
    """The batch type that a method is given of such data.

    Captions only if it eats them; labels with images without labels beside them, if it eats those.
    """
    kind, eaten = BATCHES[batch], set(method.batch)
    if (
        kind is CaptionedImages
        and kind not in eaten
        and {LabeledImages, PartlyLabeledImages} & eaten
    ):
        kind = LabeledImages
    return PartlyLabeledImages if kind is LabeledImages and PartlyLabeledImages in eaten else kind


def _eats(method: type[Method]) -> str:
    kinds = {WORDS[kind.__name__] for kind in method.batch}
    sets = data_sets.DATASETS.items()
    fitting = [name for name, entry in sets if served(method, entry.batch) in method.batch]
    folder = ", any folder of images" if LabeledImages in method.batch else ""
    folder = ", a folder of images with classes" if PartlyLabeledImages in method.batch else folder
    return f"learns from {' or '.join(sorted(kinds))} ({', '.join(fitting)}{folder})"


def hash_of_file(name: str) -> str | None:
    """sha256 of the file in FILE.py:CLASS; None for a method by name."""
    path = Path(name.rpartition(":")[0])
    return hashlib.sha256(path.read_bytes()).hexdigest() if methods.is_file(name) else None


def stored_method(config: RunConfig, given: str | None) -> Method:
    """The method of a run; one that came from a file is given again by the user, FILE.py:CLASS.

    Raises:
        ConfigError: it has to be given and is not, or is another one.
    """
    name = config.method
    if config.method_sha256 is None and not methods.is_file(name):
        if given is not None:
            raise ConfigError(f"This run is of {name!r}: leave --method out.")
        return with_fields(methods.find(name)(), config.fields)
    if given is None:
        raise ConfigError(
            f"{name} came from a file, and a run never names code to import. "
            f"Give the file again: --method FILE.py:{name.rpartition(':')[2]}"
        )
    found = methods.find(given)
    if found.__name__ != name or hash_of_file(given) != config.method_sha256:
        raise ConfigError(
            f"{given} is not the {name} that this run was trained with: its text differs. "
            "Give the file as it was, or train anew."
        )
    return with_fields(found(), config.fields)


def stored_data(config: RunConfig) -> DataSet:
    """The data of a run, every label told."""
    return opened_data(config.data, config.form, config.spec.batch)


def opened_data(name: str, form: Form, kind: type) -> DataSet:
    """Data without its captions where batches of this type have none; every label is told."""
    data = data_sets.open_data(name, form)
    if data.spec.batch is AttributedImages:
        return dataclasses.replace(data, judged=without_attributes(data))
    captions = data.spec.batch is CaptionedImages and kind is not CaptionedImages
    return without_captions(data) if captions else data


def training_data(name: str, form: Form, kind: type, per_class: int | None, seed: int) -> Told:
    """Data as batches of this type, as a run is trained on it.

    Raises:
        DataError: labels are asked for that there are not.
    """
    return told(opened_data(name, form, kind), kind, per_class, seed)
