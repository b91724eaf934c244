"""The flags of every verb, parsed by tyro; a method's fields become flags of `train`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro
from tyro.conf import arg

from gansmith import data as data_sets
from gansmith.errors import ConfigError
from gansmith.methods import METHODS
from gansmith.options import Options
from gansmith.parsing import Json, flags_of, given_options, parse, parse_verb

if TYPE_CHECKING:
    from gansmith.method import Method

Again = Annotated[str | None, arg(metavar="FILE:CLASS", help_behavior_hint="")]


@dataclass(frozen=True, kw_only=True)
class Resume(Json):
    """Continue a run bit for bit, as if it had never stopped."""

    run: Annotated[Path, tyro.conf.Positional, arg(metavar="RUN")]
    """Directory of the run."""
    steps: Annotated[int | None, arg(metavar="N", help_behavior_hint="(default: as planned)")] = (
        None
    )
    """Train until this step in all."""
    method: Again = None
    """FILE.py:CLASS again, for a method from outside the package."""
    allow_inexact: bool = False
    """Go on where versions, hardware or data differ."""


@dataclass(frozen=True, kw_only=True)
class Sample(Json):
    """Draw samples from a run's newest checkpoint, its best one, or that of a step."""

    run: Annotated[Path, tyro.conf.Positional, arg(metavar="RUN")]
    """Directory of the run."""
    n: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: 64; of several classes 8 each)")
    ] = None
    """How many."""
    class_: Annotated[
        tuple[str, ...],
        arg(name="class", metavar="NAME ...", help_behavior_hint="(default: all in turn)"),
    ] = ()
    """Classes that a method which generates by class is asked for; a grid has a row for each. Of
    attributes also several, as Male+Smiling, or none."""
    seed: Annotated[int, arg(metavar="S")] = 0
    """What they follow from; sample i is the same however many are drawn."""
    out: Annotated[
        Path | None, arg(metavar="FILE|DIR", help_behavior_hint="(default: a grid in RUN)")
    ] = None
    """A .png file gets a grid, a .npy file the array, a directory one PNG an image."""
    raw_weights: bool = False
    """Use the weights themselves, not their running average."""
    checkpoint: Annotated[str, arg(metavar="best|latest|STEP")] = "latest"
    """Which weights: the newest, the best that --evaluate-every found, or those of a step."""
    method: Again = None
    """FILE.py:CLASS again, for a method from outside the package."""


@dataclass(frozen=True, kw_only=True)
class List(Json):
    """List the methods and the data sets."""

    what: Annotated[Literal["methods", "data", "all"], tyro.conf.Positional] = "all"
    """Which of the two."""


@dataclass(frozen=True, kw_only=True)
class Show(Json):
    """Show what a run is, how far it came and where its files are."""

    run: Annotated[Path, tyro.conf.Positional, arg(metavar="RUN")]
    """Directory of the run."""


@dataclass(frozen=True, kw_only=True)
class Train(Json):
    """Train a method: `gansmith train METHOD --help` adds the method's own flags."""

    training: Options = dataclasses.field(default_factory=Options)


def parse_train(arguments: list[str]) -> tuple[str, Train, dict[str, Any]]:
    """(method, flags, hyper-parameters) of `gansmith train METHOD ...`.

    What is not given comes from `--config`, then from `--preset`, then from the method.

    Raises:
        ConfigError: no method, or an unknown one.
        DataError: data that there is not, or that the method does not eat.
    """
    _check_named(arguments)
    from gansmith.config import choose_method, served
    from gansmith.config_file import from_file
    from gansmith.hyperparameters import with_fields

    name, rest = arguments[0], arguments[1:]
    given = given_options(rest)
    options, fields = from_file(name, given)
    training = dataclasses.replace(Options(), **options)
    attributed = bool(given.get("attributes", training.attributes))
    batch = data_sets.batch_name(given.get("data", training.data), attributed)
    chosen = choose_method(name, given.get("preset", training.preset), batch)
    method = with_fields(chosen, fields)
    known = flags_of(Train) | flags_of(Options) | flags_of(type(method))
    kind = _with_method(name, method, served(method, batch))
    start = kind(training=training, method=method)
    parsed = parse(kind, f"gansmith train {name}", rest, known, start)
    values = {f.name: getattr(parsed.method, f.name) for f in dataclasses.fields(method)}
    return name, parsed, values


def _check_named(arguments: list[str]) -> None:
    """Refuse arguments that do not begin with a method; help is shown without one."""
    if arguments and not arguments[0].startswith("-"):
        return
    if {"-h", "--help"} & set(arguments):
        parse_verb(Train, "train METHOD", ["--help"])
    raise ConfigError(
        f"Name the method first: gansmith train METHOD. Methods: {', '.join(METHODS)}, "
        "or a file and a class, such as my_gan.py:MyGAN."
    )


def _with_method(name: str, method: Method, batch: type) -> type:
    """`Train` with the fields of this method."""
    fields = [("method", type(method))]
    kind = dataclasses.make_dataclass("Flags", fields, bases=(Train,), frozen=True, kw_only=True)
    presets = sorted(set(method.presets(batch)) - {"default"})
    kind.__doc__ = f"Train {name}. Presets: {', '.join(presets) or 'none'}."
    return kind
