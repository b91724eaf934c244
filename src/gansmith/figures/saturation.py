"""Saturation: under a strong discriminator log(1 - D) has no slope left, and -log D has.

Source: Goodfellow et al. 2014, arXiv:1406.2661, section 3. In the logit l of D the slopes are
-sigmoid(l) and sigmoid(l) - 1. A GAN is trained for a little while on MNIST; then its
discriminator alone goes on, and what reaches the generator is measured; then the generator goes on
under the strong discriminator, by either loss, with plain momentum as in the paper and with Adam.
"""

from __future__ import annotations

import numpy as np

from gansmith.data import open_data
from gansmith.data.loader import Loader
from gansmith.draws import Random
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, FAINT, Drawn, canvas, dressed
from gansmith.figures.strengthened import (
    D_REPEATS,
    LOSSES,
    OPTIMIZERS,
    PART,
    PARTS,
    Game,
    gone_on,
    strengthened,
)
from gansmith.metrics.distributions.transport import wasserstein

EARLY = 200
"""Steps after which the generator is frozen."""
STRENGTHS = (0, 10, 30, 100, 200, 400, 800, 1600, 2400)
"""Steps that the discriminator alone is then trained."""
SAMPLES = 400


def draw(asked: Asked) -> Drawn:
    """The two losses; the gradients that reach a generator; how it goes on."""
    game = _early(asked)
    asked.tell(f"training the discriminator alone, {asked.steps(STRENGTHS[-1]):,} steps")
    rows = list(strengthened(game, [asked.steps(n) if n else 0 for n in STRENGTHS]))
    real = open_data("mnist").held_out().x  # pyright: ignore
    one, other = real[: 2 * SAMPLES].flatten(1).chunk(2)
    goings = {}
    for loss in LOSSES:
        for optimizer in OPTIMIZERS:
            name = f"{loss}, {optimizer}"
            asked.tell(f"the generator goes on: {name}")
            goings[name] = gone_on(game, loss, optimizer, asked.steps(PART), one)
    numbers = {
        "early": asked.steps(EARLY),
        "strengths": rows,
        "generator_steps": [asked.steps(PART) * part for part in range(PARTS + 1)],
        "going_on": goings,
        "real_to_real": wasserstein(one.numpy(), other.numpy()),
    }
    figure = canvas(12.5, 4)
    left, middle, right = figure.subplots(1, 3)
    _losses(left)
    _gradients(middle, rows)
    _going(right, numbers)
    return Drawn(figure, numbers, _sentences(rows, numbers))


def _early(asked: Asked) -> Game:
    """A GAN that was trained for a little while."""
    run = asked.trained("early", "gan", EARLY, data="mnist", device="cpu", precision="fp32")
    method, state = run.restored()
    z = Random((asked.seed, "looked at"), SAMPLES).normal(method.z_dim)  # pyright: ignore
    nets = state.nets.requires_grad_(True)
    return Game(nets, method.phases()[0], Loader(open_data("mnist"), asked.seed), asked.seed, z)


def curves(logits: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Each loss and its slope in the logit."""
    chance = 1 / (1 + np.exp(-logits))
    return {
        "minimax": (-np.logaddexp(0, logits), -chance),
        "non-saturating": (np.logaddexp(0, -logits), chance - 1),
    }


def _losses(axes) -> None:
    logits = np.linspace(-8, 8, 200)
    for number, (name, (value, slope)) in enumerate(curves(logits).items()):
        label = ("log(1 - D)", "-log D")[number]
        axes.plot(logits, value, color=COLOURS[number], label=f"{name}: {label}")
        axes.plot(logits, slope, color=COLOURS[number], ls="--", label="its slope")
    dressed(axes, "the two losses of one sample", "logit of D(G(z))").legend(fontsize=7)


def _gradients(axes, rows: list[dict[str, float]]) -> None:
    x = [row["d_of_g"] for row in rows]
    for number, name in enumerate(LOSSES):
        axes.plot(x, [row[name] for row in rows], "o-", ms=4, color=COLOURS[number], label=name)
    by_theory = [row["non-saturating"] / row["ratio_of_one_logit"] for row in rows]
    axes.plot(x, by_theory, ":", color=FAINT, label="non-saturating · D/(1 - D)")
    axes.set(xscale="log", yscale="log")
    axes.invert_xaxis()
    title = "gradient norm, all the generator's parameters"
    dressed(axes, title, "mean D(G(z)); to the right D is stronger").legend(fontsize=7)


def _going(axes, numbers: dict) -> None:
    for number, (name, going) in enumerate(numbers["going_on"].items()):
        style = ("-", "--")[number % 2]
        x = numbers["generator_steps"]
        axes.plot(x, going["w1"], style, color=COLOURS[number // 2], label=name)
    axes.axhline(numbers["real_to_real"], color=FAINT, lw=1, label="real to real")
    title = f"W₁ to real images, {D_REPEATS} steps of D for each of G"
    dressed(axes, title, "generator steps under the strong D").legend(fontsize=7)


def _sentences(rows: list[dict[str, float]], numbers: dict) -> tuple[str, ...]:
    first, last = rows[0], rows[-1]
    said = [
        f"From {first['steps']} to {last['steps']:,} steps of the discriminator alone, D(G(z)) "
        f"goes from {first['d_of_g']:.2g} to {last['d_of_g']:.2g}: the gradient of minimax goes "
        f"from {first['minimax']:.2g} to {last['minimax']:.2g}, that of -log D from "
        f"{first['non-saturating']:.2g} to {last['non-saturating']:.2g}.",
        f"At the end -log D gives {last['ratio']:.3g} times the gradient of minimax"
        + ("." if last["ratio"] >= 100 else ": the collapse that was expected did not show."),
    ]
    steps, real = numbers["generator_steps"][-1], numbers["real_to_real"]
    for name, going in numbers["going_on"].items():
        start, end = going["w1"][0], going["w1"][-1]
        closed = (start - end) / (start - real)
        said.append(
            f"{name}: in {steps} steps of the generator its samples move by "
            f"{going['moved'][-1]:.3g}; W₁ goes from {start:.4g} to {end:.4g} (real images: "
            f"{real:.4g})" + (": learning has stopped." if closed < 0.001 else ".")
        )
    return tuple(said)
