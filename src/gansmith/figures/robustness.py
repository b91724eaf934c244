"""What becomes of three losses when the generator is made worse: nine grids of samples.

Source: Arjovsky et al. 2017, arXiv:1701.07875, figures 5 to 7, and Gulrajani et al. 2017,
arXiv:1704.00028, figure 2: at 64 pixels GAN's training fails without batch normalisation or with
perceptrons, WGAN's does not. Deviation: small pictures, networks and budgets; each loss with its
own usual number of critic updates, and all with as many updates of the generator.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from gansmith.figures import variants
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import Drawn, canvas
from gansmith.figures.judged import distances, judge_of
from gansmith.figures.tiles import show_grid

STEPS, NUMBER, SHOWN = 700, 1000, 24
LOSSES = {"dcgan": "DCGAN", "wgan": "WGAN", "wgan-gp": "WGAN-GP"}
FORMS = {"batch-norm": "batch norm", "plain": "no batch norm", "mlp": "perceptrons"}
WORSE = 2.0
"""So many times the distance with batch norm count as a failure."""
METHOD = f"{variants.__file__}:Varied"


def draw(asked: Asked) -> Drawn:
    """Grids of samples, a row for each loss and a column for each generator."""
    figure = canvas(11, 7.5)
    axes = figure.subplots(len(LOSSES), len(FORMS))
    judge, found = None, {loss: {} for loss in LOSSES}
    for place, (loss, form) in zip(axes.flat, product(LOSSES, FORMS), strict=True):
        name = f"{loss}-{form}"
        run = asked.trained(name, METHOD, STEPS, data=asked.data, loss=loss, form=form)
        judge = judge or judge_of(run)
        x = run.sample(NUMBER)
        facts = {"steps": run.step, "seconds": round(run.seconds, 1)}
        found[loss][form] = {**distances(judge, x), **facts}
        distance = found[loss][form]["frechet"]
        title = f"{LOSSES[loss]}, {FORMS[form]}: {distance:.4g}"
        show_grid(place, x[:SHOWN], 8, title, 1)
    numbers = {"data": asked.data, "runs": found}
    return Drawn(figure, numbers, see({k: _frechet(v) for k, v in found.items()}))


def _frechet(forms: dict[str, Any]) -> dict[str, float]:
    return {form: row["frechet"] for form, row in forms.items()}


def failures(distance: dict[str, dict[str, float]]) -> dict[str, list[str]]:
    """Of each loss the forms whose distance is over twice that with batch norm."""
    return {
        loss: [form for form in forms if forms[form] > WORSE * forms["batch-norm"]]
        for loss, forms in distance.items()
    }


def see(distance: dict[str, dict[str, float]]) -> list[str]:
    """What to see, from the distance of each loss with each form."""
    failed = failures(distance)
    best = min(product(LOSSES, FORMS), key=lambda pair: distance[pair[0]][pair[1]])
    rows = [
        f"{LOSSES[loss]}: "
        + ", ".join(f"{FORMS[form]} {value:.4g}" for form, value in forms.items())
        + (
            f"; over {WORSE:g} times as far with {' and '.join(FORMS[f] for f in failed[loss])}."
            if failed[loss]
            else f"; no form is over {WORSE:g} times as far as batch norm."
        )
        for loss, forms in distance.items()
    ]
    others = len(failed["wgan"]) + len(failed["wgan-gp"])
    shown = len(failed["dcgan"]) * 2 > others and bool(failed["dcgan"])
    return [
        "The number over each grid is the Fréchet distance to held-out images; all have had as "
        "many updates of the generator.",
        *rows,
        (
            "As in the papers the loss of DCGAN depends more on the generator's form than those of "
            "WGAN and WGAN-GP."
            if shown
            else "That DCGAN's loss depends more on the generator's form than the others does not "
            "show with pictures and networks as small as these; the papers' are of 64 pixels."
        ),
        f"The nearest is {LOSSES[best[0]]} with {FORMS[best[1]]}.",
    ]
