"""The flags of every verb, parsed by tyro; a method's fields become flags of `train`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import tyro

from gansmith import data as data_sets
from gansmith.errors import ConfigError
from gansmith.methods import METHODS
from gansmith.options import Options

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Json:
    """The flag that every verb has."""

    json: bool = False
    """Print one machine-readable object on standard output."""


@dataclass(frozen=True, kw_only=True)
class Resume(Json):
    """Continue a run bit for bit, as if it had never stopped."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    steps: int | None = None
    """Train until this step in all; default: as planned at first."""
    method: str | None = None
    """FILE.py:CLASS again, for a method from outside the package."""
    allow_inexact: bool = False
    """Go on where versions, hardware or data differ."""


@dataclass(frozen=True, kw_only=True)
class Sample(Json):
    """Draw samples from a run's newest checkpoint."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""
    n: int = 64
    """How many."""
    seed: int = 0
    """What they follow from; sample i is the same however many are drawn."""
    out: Path | None = None
    """A .png file gets a grid, a .npy file the array, a directory one PNG an image."""
    raw_weights: bool = False
    """Use the weights themselves, not their running average."""
    method: str | None = None
    """FILE.py:CLASS again, for a method from outside the package."""


@dataclass(frozen=True, kw_only=True)
class List(Json):
    """List the methods and the data sets."""

    what: tyro.conf.Positional[Literal["methods", "data", "all"]] = "all"
    """Which of the two."""


@dataclass(frozen=True, kw_only=True)
class Show(Json):
    """Show what a run is, how far it came and where its files are."""

    run: tyro.conf.Positional[Path]
    """Directory of the run."""


@dataclass(frozen=True, kw_only=True)
class Train(Json):
    """Train a method: `gansmith train METHOD --help` adds the method's own flags."""

    training: Options = dataclasses.field(default_factory=Options)


SETTINGS = (tyro.conf.OmitArgPrefixes, tyro.conf.FlagCreatePairsOff)


def parse(kind: type[T], verb: str, arguments: list[str], default: T | None = None) -> T:
    """The flags of a verb."""
    prog = f"gansmith {verb}"
    if default is None:
        return tyro.cli(kind, prog=prog, args=arguments, config=SETTINGS)
    return tyro.cli(kind, prog=prog, args=arguments, config=SETTINGS, default=default)


def parse_train(arguments: list[str]) -> tuple[str, Train, dict[str, Any]]:
    """(method, flags, hyper-parameters) of `gansmith train METHOD ...`.

    What is not given comes from `--config`, then from `--preset`, then from the method.

    Raises:
        ConfigError: no method, or an unknown one.
        DataError: data that there is not, or that the method does not eat.
    """
    if not arguments or arguments[0].startswith("-"):
        if {"-h", "--help"} & set(arguments):
            parse(Train, "train METHOD", ["--help"])
        raise ConfigError(
            f"Name the method first: gansmith train METHOD. Methods: {', '.join(METHODS)}, "
            "or a file and a class, such as my_gan.py:MyGAN."
        )
    from gansmith.config import choose_method
    from gansmith.hyperparameters import with_fields
    from gansmith.plan import options_from

    name, rest = arguments[0], arguments[1:]
    options, fields = Options(), {}
    config = value_of("--config", rest)
    if config is not None:
        options, fields = options_from(Path(config), options)
    if value_of("--steps", rest) or value_of("--minutes", rest):
        options = dataclasses.replace(options, steps=None, minutes=None)
    data, preset = value_of("--data", rest), value_of("--preset", rest)
    batch = data_sets.batch_name(data or options.data)
    method = with_fields(choose_method(name, preset or options.preset, batch), fields)
    kind = dataclasses.make_dataclass(
        "Flags", [("method", type(method))], bases=(Train,), frozen=True, kw_only=True
    )
    kind.__doc__ = type(method).__doc__
    parsed = parse(kind, f"train {name}", rest, kind(training=options, method=method))
    values = {f.name: getattr(parsed.method, f.name) for f in dataclasses.fields(method)}
    return name, parsed, values


def value_of(flag: str, arguments: list[str]) -> str | None:
    """The value that a flag is given, as `--flag value` or `--flag=value`."""
    for argument, following in zip(arguments, [*arguments, None][1:], strict=True):
        if argument == flag:
            return following
        if argument.startswith(f"{flag}="):
            return argument.partition("=")[2]
    return None
