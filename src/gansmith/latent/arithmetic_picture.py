"""A - B + C as a picture: exemplars, their means, the result and its neighbourhood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from gansmith.latent.pictures import Sheet, beside, stacked, titled

if TYPE_CHECKING:
    from gansmith.latent.arithmetics import Arithmetic

COLUMNS = 3
TALLEST = 6
"""Exemplars below each other; more stand in several columns."""


def caption(made: Arithmetic) -> str:
    """What the picture shows."""
    a, b, c = (one.words for one in made.concepts)
    by = " and ".join(dict.fromkeys(one.by for one in made.concepts))
    return (
        f"{a} − {b} + {c}: numbers of {made.origin.words}, chosen {by}. Below each concept the "
        "image of its mean z. Right: the result, in the middle, and its neighbourhood within "
        f"±{made.noise:g}; below it the same sum of mean pixels. "
        f"{made.space.words}. {words_on_norms(made)}"
    )


def words_on_norms(made: Arithmetic) -> str:
    """What averaging and adding did to |z|."""
    known = made.norms
    means = ", ".join(f"{one:.2f}" for one in known["means"])
    if made.renormalised:
        how = "Means and result were scaled to the prior's norm."
    else:
        how = (
            "The mean of k independent z is shorter by √k, so it looks more ordinary than its "
            "exemplars; --renormalise scales it back."
        )
    return (
        f"|z| is about {known['prior']:.2f} under the prior, {means} in the means, "
        f"{known['result']:.2f} in the result. {how}"
    )


def picture(made: Arithmetic) -> Image.Image:
    """Concepts in columns, the result at the right."""
    shown = [made.space.images(one) for one in made.exemplars]
    means = made.space.images(made.means)
    parts = []
    for sign, one, images, mean in zip(("", "− ", "+ "), made.concepts, shown, means, strict=True):
        columns = -(-len(images) // TALLEST)
        name = one.name if one.by_class else "ABC"[len(parts)]
        above = titled(Sheet(images, columns).picture(), f"{sign}{name}")
        parts.append(stacked([above, titled(Sheet(mean[None], 1).picture(), "mean z")]))
    a, b, c = (images.mean(0) for images in shown)
    pixels = Sheet((a - b + c).clamp(-1, 1)[None], 1).picture()
    result = titled(Sheet(made.images, COLUMNS).picture(), "= result, in the middle")
    parts.append(stacked([result, titled(pixels, "the same on pixels")]))
    return beside(parts)
