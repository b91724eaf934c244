"""What becomes of three losses when the generator is made worse: nine grids of samples.

Source: Arjovsky et al. 2017, arXiv:1701.07875, figures 5 to 7, and Gulrajani et al. 2017,
arXiv:1704.00028, figure 2: at 64 pixels GAN's training fails without batch normalisation or with
perceptrons, WGAN's does not. Deviation: small pictures, networks and budgets; each loss with its
own usual number of critic updates, and all with as many updates of the generator.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from gansmith.figures import variants
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import Drawn, canvas
from gansmith.figures.judged import distances, judge_of, rounded
from gansmith.figures.tiles import show_grid

if TYPE_CHECKING:
    from torch import Tensor

STEPS, NUMBER, SHOWN = 700, 1000, 24
LOSSES = {"dcgan": "DCGAN", "wgan": "WGAN", "wgan-gp": "WGAN-GP"}
FORMS = {"batch-norm": "batch norm", "plain": "no batch norm", "mlp": "perceptrons"}
WORSE, COLLAPSED = 2.0, 0.25
"""A form fails that is so many times as far as batch norm, or has no more of real images' variety:
a generator of one image may be nearer by the distance than one of many bad images."""
METHOD = f"{variants.__file__}:Varied"


def draw(asked: Asked) -> Drawn:
    """Grids of samples, a row for each loss and a column for each generator."""
    figure = canvas(11, 5.6)
    axes = figure.subplots(len(LOSSES), len(FORMS))
    judge, found = None, {loss: {} for loss in LOSSES}
    for place, (loss, form) in zip(axes.flat, product(LOSSES, FORMS), strict=True):
        name = f"{loss}-{form}"
        run = asked.trained(name, METHOD, STEPS, data=asked.data, loss=loss, form=form)
        judge = judge or judge_of(run)
        x = run.sample(NUMBER)
        real = (judge.held_out or judge.train).x
        facts = {"steps": run.step, "seconds": round(run.seconds, 1), "variety": variety(x, real)}
        row = found[loss][form] = {**distances(judge, x), **facts}
        title = f"{LOSSES[loss]}, {FORMS[form]}: {row['frechet']:.4g}, variety {row['variety']:.2f}"
        show_grid(place, x[:SHOWN], 8, title, 1)
    numbers = {"data": asked.data, "runs": found}
    return Drawn(figure, numbers, see(found))


def variety(x: Tensor, real: Tensor) -> float:
    """The variance of images about their mean, over that of real ones; 0 where all are one."""
    one, other = (float(images.flatten(1).var(0).sum()) for images in (x, real))
    return rounded(one / other)


def failures(found: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Of each loss the forms that are over twice as far as batch norm, or have lost variety."""
    return {
        loss: [
            form
            for form, row in forms.items()
            if row["frechet"] > WORSE * forms["batch-norm"]["frechet"] or row["variety"] < COLLAPSED
        ]
        for loss, forms in found.items()
    }


def see(found: dict[str, dict[str, Any]]) -> list[str]:
    """What to see, from the distance and the variety of each loss with each form."""
    failed = failures(found)
    pairs = [(loss, form) for loss, form in product(LOSSES, FORMS) if form not in failed[loss]]
    best = min(pairs, key=lambda pair: found[pair[0]][pair[1]]["frechet"], default=None)
    rows = [
        f"{LOSSES[loss]}: "
        + ", ".join(f"{FORMS[form]} {_said(row)}" for form, row in forms.items())
        + (f"; {' and '.join(FORMS[f] for f in failed[loss])} failed." if failed[loss] else ".")
        for loss, forms in found.items()
    ]
    return [
        "Over each grid stand the Fréchet distance to held-out images and the samples' variance "
        f"over that of real ones. Failed is what is over {WORSE:g} times as far as batch norm, or "
        f"has less than {COLLAPSED:g} of the variance.",
        *rows,
        _conclusion(found, failed),
        f"The nearest that did not fail is {LOSSES[best[0]]} with {FORMS[best[1]]}."
        if best
        else "All have failed: this is too short a training; a larger --effort goes on with it.",
    ]


def _conclusion(found: dict[str, dict[str, Any]], failed: dict[str, list[str]]) -> str:
    """Whether DCGAN needs its generator's form more; nothing where a loss has not been trained."""
    normed = {loss: forms["batch-norm"]["frechet"] for loss, forms in found.items()}
    far = [loss for loss, distance in normed.items() if distance > WORSE * min(normed.values())]
    if far:
        names = " and ".join(f"{LOSSES[one]} ({normed[one]:.4g})" for one in far)
        return (
            f"Which loss needs the form of its generator more is not told: even with batch norm "
            f"{names} is over {WORSE:g} times as far as the nearest ({min(normed.values()):.4g}), "
            "so that its other forms had little to lose. A larger --effort goes on with it."
        )
    others = len(failed["wgan"]) + len(failed["wgan-gp"])
    if len(failed["dcgan"]) * 2 > others and failed["dcgan"]:
        return (
            "As in the papers the loss of DCGAN depends more on the generator's form than those of "
            "WGAN and WGAN-GP."
        )
    return (
        "That DCGAN's loss depends more on the generator's form than the others does not "
        "show with pictures and networks as small as these; the papers' are of 64 pixels."
    )


def _said(row: dict[str, Any]) -> str:
    return f"{row['frechet']:.4g} ({row['variety']:.2f})"
