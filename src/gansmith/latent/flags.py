"""The flags of `gansmith latent VERB`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro
from tyro.conf import arg

from gansmith.parsing import Json


@dataclass(frozen=True, kw_only=True)
class OfRun(Json):
    """What every verb of the latent space takes."""

    run: Annotated[Path, tyro.conf.Positional, arg(metavar="RUN")]
    """Directory of the run."""
    seed: Annotated[int, arg(metavar="S")] = 0
    """What is drawn follows from it; sample i is that of `gansmith sample --seed S`."""
    out: Annotated[
        Path | None, arg(metavar="FILE.png", help_behavior_hint="(default: in RUN/latent)")
    ] = None
    """Where the picture goes; all else is written beside it."""
    raw_weights: bool = False
    """Use the weights themselves, not their running average."""
    checkpoint: Annotated[str, arg(metavar="best|latest|STEP")] = "latest"
    """Which weights: the newest, the best that --evaluate-every found, or those of a step."""
    condition: Annotated[
        str | None, arg(metavar="CLASS", help_behavior_hint="(default: the first)")
    ] = None
    """What a method that generates by class generates."""
    method: Annotated[str | None, arg(metavar="FILE:CLASS", help_behavior_hint="")] = None
    """FILE.py:CLASS again, for a method from outside the package."""


@dataclass(frozen=True, kw_only=True)
class FromLatents(OfRun):
    """What a verb takes that begins from latent vectors."""

    from_: Annotated[
        str | None,
        arg(name="from", metavar="FILE.npy|held-out", help_behavior_hint="(default: drawn)"),
    ] = None
    """Where z are taken from: an array that invert wrote, or the codes of held-out images, where
    the method has an encoder. Numbers are then those of its rows, from 0."""


@dataclass(frozen=True, kw_only=True)
class Interpolate(FromLatents):
    """Show the images on the way from one z to another, as a strip and a film."""

    between: Annotated[
        tuple[str, ...],
        arg(metavar="I,J ...", help_behavior_hint="(default: as many rows as --rows)"),
    ] = ()
    """Samples by number: 3 17 5 for one row through them, 3,17 8,40 for a row each."""
    rows: Annotated[int, arg(metavar="N")] = 4
    """How many, from samples 0 to 1, 2 to 3 and so on, where no row is given."""
    steps: Annotated[int, arg(metavar="N")] = 8
    """Images from one z to the next, both counted."""
    path: Literal["auto", "slerp", "lerp"] = "auto"
    """Along the sphere, or straight; auto: slerp where z is Gaussian, lerp where it is uniform, and
    for codes of --from held-out."""


@dataclass(frozen=True, kw_only=True)
class Arithmetic(FromLatents):
    """Show A - B + C: sums of the mean z of concepts. --sheet 64 numbers samples to choose from."""

    a: Annotated[str | None, arg(metavar="CLASS|I,J,K", help_behavior_hint="")] = None
    """A: a class of the data, found by a classifier, or samples by number, three or more."""
    b: Annotated[str | None, arg(metavar="CLASS|I,J,K", help_behavior_hint="")] = None
    """B, which is taken away."""
    c: Annotated[str | None, arg(metavar="CLASS|I,J,K", help_behavior_hint="")] = None
    """C, which is added."""
    sheet: Annotated[int | None, arg(metavar="N", help_behavior_hint="")] = None
    """Draw the first N samples with their numbers, and nothing else."""
    exemplars: Annotated[int, arg(metavar="N")] = 3
    """Samples that are taken of a class; paper: 3."""
    among: Annotated[int, arg(metavar="N")] = 1000
    """Samples that are looked through for a class."""
    label: Annotated[
        tuple[str, ...], arg(metavar="NAME ...", help_behavior_hint="(default: as trained)")
    ] = ()
    """Attributes whose combinations are the classes, as of train."""
    noise: Annotated[float, arg(metavar="X")] = 0.25
    """Half the width of the noise around the result; paper: 0.25."""
    renormalise: bool = False
    """Scale means and result to the norm that the prior gives z; the paper does not."""


@dataclass(frozen=True, kw_only=True)
class Invert(OfRun):
    """Search the z of images, and show what the generator makes in their place."""

    files: Annotated[tuple[Path, ...], tyro.conf.Positional, arg(metavar="FILE ...")] = ()
    """Image files; they are made into what the run's data was made into."""
    held_out: Annotated[
        tuple[int, ...], arg(metavar="ROW ...", help_behavior_hint="(default: 0 to 7, no file)")
    ] = ()
    """Held-out images by row, in place of files."""
    search: Literal["thorough", "paper"] = "thorough"
    """By Adam from several beginnings; or as in the paper on weight normalisation: 50 steps of
    RMSprop from z = 0, to compare with its figures."""
    restarts: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: 4; paper: 1)")
    ] = None
    """Beginnings of each image; the best counts."""
    steps: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: 200; paper: 50)")
    ] = None
    """Of the search."""


@dataclass(frozen=True, kw_only=True)
class Walk(FromLatents):
    """Walk from a z along the directions to which the generator responds most."""

    start: Annotated[int, arg(metavar="I")] = 0
    """Number of the sample that is moved."""
    directions: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: 6, or as many as there are)")
    ] = None
    """How many, the strongest first."""
    steps: Annotated[int, arg(metavar="N")] = 9
    """Images along each; an odd number."""
    reach: Annotated[float, arg(metavar="X")] = 3.0
    """How far each way, in standard deviations of z."""
    at: Annotated[int, arg(metavar="N")] = 64
    """How many z the response is averaged over."""
