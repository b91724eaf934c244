"""`gansmith latent VERB RUN`: what each verb does with its flags, and what it answers."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gansmith.answer import Answer, telling
from gansmith.errors import ConfigError
from gansmith.latent import flags
from gansmith.latent.answers import answered, opened
from gansmith.parsing import parse_verb

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.latent.space import LatentSpace

HELD_OUT_SHOWN = 8


def interpolate(arguments: list[str]) -> Answer:
    """Images on the way from z to z."""
    parsed = parse_verb(flags.Interpolate, "latent interpolate", arguments)
    out, space = opened(parsed, "interpolation")
    from gansmith.latent.interpolation import interpolate
    from gansmith.latent.latents import latents
    from gansmith.latent.rows import pairs, rows_of

    origin = latents(space, parsed.seed, parsed.from_)
    between = rows_of(parsed.between) or pairs(parsed.rows, origin.count)
    path = None if parsed.path == "auto" else parsed.path
    made = interpolate(
        space, between, origin=origin, steps=parsed.steps, path=path, seed=parsed.seed
    )
    return answered(parsed, space, made, out)


def arithmetic(arguments: list[str]) -> Answer:
    """A - B + C of concepts, or the sheet to choose them from."""
    parsed = parse_verb(flags.Arithmetic, "latent arithmetic", arguments)
    texts = [text for text in (parsed.a, parsed.b, parsed.c) if text is not None]
    if len(texts) != (3 if parsed.sheet is None else 0):
        raise ConfigError(
            "Give --a, --b and --c, each a class or numbers such as 3,17,42, or else --sheet 64, "
            "which draws the samples with their numbers."
        )
    if min(parsed.exemplars, parsed.among, parsed.sheet or 1) < 1 or parsed.sheet == 0:
        raise ConfigError("--exemplars, --among, --sheet: give at least 1.")
    return _sum(parsed, texts) if parsed.sheet is None else _sheet(parsed, parsed.sheet)


def _sheet(parsed: flags.Arithmetic, count: int) -> Answer:
    out, space = opened(parsed, "sheet")
    from gansmith.latent.latents import latents
    from gansmith.latent.numbered import NumberedSheet

    origin = latents(space, parsed.seed, parsed.from_)
    return answered(parsed, space, NumberedSheet(space, origin, count, parsed.seed), out)


def _sum(parsed: flags.Arithmetic, texts: list[str]) -> Answer:
    out, space = opened(parsed, "arithmetic")
    from gansmith.latent.arithmetics import CENTRE, arithmetic
    from gansmith.latent.exemplars import Chooser
    from gansmith.latent.latents import latents

    origin = latents(space, parsed.seed, parsed.from_)
    chooser = Chooser(space, origin, parsed.among, parsed.exemplars, parsed.label)
    telling(parsed.json)("looking for the exemplars")
    concepts = [chooser.concept(t, f"--{k}") for k, t in zip("abc", texts, strict=True)]
    how = {"noise": parsed.noise, "renormalise": parsed.renormalise, "seed": parsed.seed}
    made = arithmetic(space, concepts, origin=origin, **how)
    said = [f"Warning: {one}" for one in made.warnings]
    if any(one.by_class for one in concepts):
        made = dataclasses.replace(made, seen=tuple(chooser.seen(made.images)))
        name, sure = made.seen[CENTRE]
        said.append(f"A classifier takes the result for {name} (probability {sure:.2f}).")
    return answered(parsed, space, made, out, said)


def invert(arguments: list[str]) -> Answer:
    """Search the z of images."""
    parsed = parse_verb(flags.Invert, "latent invert", arguments)
    if parsed.files and parsed.held_out:
        raise ConfigError("Give image files or --held-out, not both.")
    out, space = opened(parsed, "inversion")
    _check_class(space)
    from gansmith.latent.conformed import conformed
    from gansmith.latent.inversion import invert
    from gansmith.latent.latents import held_out
    from gansmith.metrics.images.searching import SHORT, Search

    if parsed.files:
        x, names = conformed(parsed.files, space.run.config), [str(one) for one in parsed.files]
    else:
        images = held_out(space)
        rows = parsed.held_out or _first_held_out(space, images.y)
        if not all(0 <= row < len(images.x) for row in rows):
            raise ConfigError(f"--held-out: give rows from 0 to {len(images.x) - 1}.")
        x, names = images.x[list(rows)].float(), [f"held-out {row}" for row in rows]
    telling(parsed.json)(f"searching the z of {len(x)} image{'s' * (len(x) > 1)}")
    given = {"restarts": parsed.restarts, "steps": parsed.steps}
    search = SHORT if parsed.search == "paper" else Search()
    search = search._replace(**{name: n for name, n in given.items() if n is not None})
    made = invert(space, x, names=names, search=search, seed=parsed.seed)
    means = [f"{name}: {float(one.mean()):.4f}" for name, one in made.errors.items()]
    return answered(parsed, space, made, out, [f"Mean squared errors: {', '.join(means)}."])


def _check_class(space: LatentSpace) -> None:
    """Refuse to search images among those of a class that nobody named."""
    names = space.run.config.spec.class_names
    if space.by_class and space.which.condition is None:
        raise ConfigError(
            f"{space.run.config.method} generates by class, and z is searched for one: give the "
            f"class that the images are of, --condition NAME. Known: {', '.join(names)}."
        )


def _first_held_out(space: LatentSpace, y: Tensor) -> list[int]:
    """The first few held-out images; of the class that was named, where one was."""
    spec = space.run.config.spec
    rows = range(len(y))
    if space.by_class and y.ndim == 1:
        rows = (y == space.which.number(spec)).nonzero().flatten().tolist()
    return list(rows[:HELD_OUT_SHOWN])


def walk(arguments: list[str]) -> Answer:
    """Walk along the directions to which a generator responds."""
    parsed = parse_verb(flags.Walk, "latent walk", arguments)
    out, space = opened(parsed, "walk")
    from gansmith.latent.along import Along
    from gansmith.latent.latents import latents
    from gansmith.latent.walking import walk

    telling(parsed.json)("looking at the generator's response")
    along = Along(parsed.directions, parsed.steps, parsed.reach, parsed.at)
    origin = latents(space, parsed.seed, parsed.from_)
    made = walk(space, along, start=parsed.start, origin=origin, seed=parsed.seed)
    return answered(parsed, space, made, out)
