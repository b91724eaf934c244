"""`gansmith latent VERB RUN`: what each verb does with its flags, and what it answers."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gansmith.answer import Answer, telling
from gansmith.errors import ConfigError, RunError
from gansmith.latent import flags
from gansmith.parsing import parse_verb
from gansmith.whole_file import write_whole

if TYPE_CHECKING:
    from gansmith.latent.space import LatentSpace

FOLDER = "latent"
"""In the run's directory."""
DEFAULT_HELD_OUT = tuple(range(8))


class Result(Protocol):
    """What a verb made: numbers, a caption, and files."""

    @property
    def caption(self) -> str: ...

    def as_json(self) -> dict[str, Any]: ...

    def write(self, out: Path) -> dict[str, Path]: ...


def interpolate(arguments: list[str]) -> Answer:
    """Images on the way from z to z."""
    parsed = parse_verb(flags.Interpolate, "latent interpolate", arguments)
    out, space = _opened(parsed, "interpolation")
    from gansmith.latent.interpolation import interpolate
    from gansmith.latent.latents import latents

    origin = latents(space, parsed.seed, parsed.from_)
    between = rows_of(parsed.between) or pairs(parsed.rows, origin.count)
    path = None if parsed.path == "auto" else parsed.path
    made = interpolate(
        space, between, origin=origin, steps=parsed.steps, path=path, seed=parsed.seed
    )
    return _answer(parsed, space, made, out)


def arithmetic(arguments: list[str]) -> Answer:
    """A - B + C of concepts, or the sheet to choose them from."""
    parsed = parse_verb(flags.Arithmetic, "latent arithmetic", arguments)
    texts = (parsed.a, parsed.b, parsed.c)
    if (parsed.sheet is None) == (None in texts) or (parsed.sheet is not None and any(texts)):
        raise ConfigError(
            "Give --a, --b and --c, each a class or numbers such as 3,17,42, or else --sheet 64, "
            "which draws the samples with their numbers."
        )
    if min(parsed.exemplars, parsed.among, 1 if parsed.sheet is None else parsed.sheet) < 1:
        raise ConfigError("--exemplars, --among, --sheet: give at least 1.")
    out, space = _opened(parsed, "arithmetic" if parsed.sheet is None else "sheet")
    from gansmith.latent.arithmetics import CENTRE, arithmetic
    from gansmith.latent.exemplars import Chooser
    from gansmith.latent.latents import latents
    from gansmith.latent.numbered import NumberedSheet

    origin = latents(space, parsed.seed, parsed.from_)
    if parsed.sheet is not None:
        sheet = NumberedSheet(space, origin, parsed.sheet, parsed.seed)
        return _answer(parsed, space, sheet, out)
    chooser = Chooser(space, origin, parsed.among, parsed.exemplars, parsed.label)
    telling(parsed.json)("looking for the exemplars")
    a, b, c = (chooser.concept(str(t), f"--{k}") for k, t in zip("abc", texts, strict=True))
    made = arithmetic(
        space, a, b, c,
        origin=origin, noise=parsed.noise, renormalise=parsed.renormalise, seed=parsed.seed,
    )  # fmt: skip
    if chooser.data.spec.classes > 1:
        made = dataclasses.replace(made, seen=tuple(chooser.seen(made.images)))
    said = [f"Warning: {one}" for one in made.warnings]
    if made.seen:
        name, sure = made.seen[CENTRE]
        said.append(f"A classifier takes the result for {name} (probability {sure:.2f}).")
    return _answer(parsed, space, made, out, said)


def invert(arguments: list[str]) -> Answer:
    """Search the z of images."""
    parsed = parse_verb(flags.Invert, "latent invert", arguments)
    if parsed.files and parsed.held_out:
        raise ConfigError("Give image files or --held-out, not both.")
    out, space = _opened(parsed, "inversion")
    from gansmith.latent.inversion import conformed, invert
    from gansmith.latent.latents import held_out
    from gansmith.metrics.images.reconstruction import Search

    if parsed.files:
        x, names = conformed(parsed.files, space.run.config), [str(one) for one in parsed.files]
    else:
        images = held_out(space).x
        rows = parsed.held_out or DEFAULT_HELD_OUT[: len(images)]
        if not all(0 <= row < len(images) for row in rows):
            raise ConfigError(f"--held-out: give rows from 0 to {len(images) - 1}.")
        x, names = images[list(rows)].float(), [f"held-out {row}" for row in rows]
    telling(parsed.json)(f"searching the z of {len(x)} images")
    search = Search(restarts=parsed.restarts, steps=parsed.steps)
    made = invert(space, x, names=names, search=search, seed=parsed.seed)
    means = [f"{name}: {float(one.mean()):.4f}" for name, one in made.errors.items()]
    return _answer(parsed, space, made, out, [f"Mean squared errors: {', '.join(means)}."])


def walk(arguments: list[str]) -> Answer:
    """Walk along the directions to which a generator responds."""
    parsed = parse_verb(flags.Walk, "latent walk", arguments)
    out, space = _opened(parsed, "walk")
    from gansmith.latent.directions import walk
    from gansmith.latent.latents import latents

    telling(parsed.json)("looking at the generator's response")
    made = walk(
        space,
        start=parsed.start,
        origin=latents(space, parsed.seed, parsed.from_),
        directions=parsed.directions,
        steps=parsed.steps,
        reach=parsed.reach,
        at=parsed.at,
        seed=parsed.seed,
    )
    return _answer(parsed, space, made, out)


def rows_of(given: tuple[str, ...]) -> list[list[int]]:
    """["3", "17", "5"] → one row through them; ["3,17", "8,40"] → a row each.

    Raises:
        ConfigError: what is given are no whole numbers.
    """
    try:
        rows = [[int(part) for part in text.split(",") if part.strip()] for text in given]
    except ValueError:
        raise ConfigError(
            f"--between {' '.join(given)}: give numbers of samples, such as 3 17 5, or 3,17 8,40 "
            "for a row each."
        ) from None
    return rows if any("," in text for text in given) else [sum(rows, [])] if rows else []


def pairs(rows: int, count: int | None) -> list[list[int]]:
    """[[0, 1], [2, 3], ...]: as many rows, or as there are pairs.

    Raises:
        ConfigError: no row.
    """
    rows = rows if count is None else min(rows, count // 2)
    if rows < 1:
        raise ConfigError("There is nothing to go between: give --rows 1 or more, and two z.")
    return [[2 * row, 2 * row + 1] for row in range(rows)]


def _opened(parsed: flags.OfRun, name: str) -> tuple[Path, LatentSpace]:
    """Where the picture goes, and the space."""
    if parsed.out is not None and parsed.out.suffix.lower() != ".png":
        raise ConfigError(f"--out {parsed.out}: give a .png file; all else is written beside it.")
    from gansmith.latent.space import Which, open_space
    from gansmith.trained import load

    which = Which(
        checkpoint=parsed.checkpoint, raw_weights=parsed.raw_weights, condition=parsed.condition
    )
    space = open_space(load(parsed.run, parsed.method), which)
    return parsed.out or space.run.path / FOLDER / f"{name}.png", space


def _answer(
    parsed: flags.OfRun, space: LatentSpace, made: Result, out: Path, said: list[str] | None = None
) -> Answer:
    """Write the files, and answer with the numbers."""
    try:
        files = made.write(out)
        files["numbers"] = out.with_suffix(".json")
        value = {
            "run": str(space.run.path),
            "step": space.step,
            "checkpoint": parsed.checkpoint,
            "raw_weights": parsed.raw_weights,
            "seed": parsed.seed,
            **made.as_json(),
            "caption": made.caption,
            "files": {name: str(path) for name, path in files.items()},
        }
        content = json.dumps(value, indent=2, allow_nan=False) + "\n"
        write_whole(files["numbers"], content.encode())
    except OSError as error:
        raise RunError(f"{out} cannot be written: {error}. Give another --out.") from error

    def show() -> None:
        print(made.caption, *(said or ()), "", sep="\n")
        for name, path in files.items():
            print(f"  {name:11}{path}")

    return Answer(value, show)
