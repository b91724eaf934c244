"""Saturation: under a strong discriminator log(1 - D) has no slope left, and -log D has.

Source: Goodfellow et al. 2014, arXiv:1406.2661, section 3. In the logit l of D the slopes are
-sigmoid(l) and sigmoid(l) - 1. A GAN is trained for a little while on MNIST; then its
discriminator alone goes on, and what reaches the generator is measured; then the generator goes on
under the strong discriminator, by either loss, with plain momentum as in the paper and with Adam.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from gansmith.data import open_data
from gansmith.data.loader import Loader
from gansmith.draws import Random
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, FAINT, Drawn, canvas, dressed
from gansmith.losses import MINIMAX, NON_SATURATING
from gansmith.method import Adam, Networks, Phase
from gansmith.metrics.distributions.transport import wasserstein

EARLY = 200
"""Steps after which the generator is frozen."""
STRENGTHS = (0, 10, 30, 100, 200, 400, 800, 1600, 2400)
"""Steps that the discriminator alone is then trained."""
PARTS, PART, D_REPEATS = 5, 60, 3
"""Going on: how often W₁ is measured, generator steps between, discriminator steps for each."""
SAMPLES = 400
LOSSES = {"minimax": MINIMAX.generator, "non-saturating": NON_SATURATING.generator}
OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "momentum": partial(torch.optim.SGD, lr=0.02, momentum=0.5),
    "Adam": partial(Adam, lr=2e-4, betas=(0.5, 0.999)),
}


class Game(NamedTuple):
    """The early generator, its discriminator, and what they are trained on."""

    nets: Networks
    phase: Phase
    loader: Loader
    seed: int
    z: Tensor
    """What gradients and samples are looked at with, always the same."""


def draw(asked: Asked) -> Drawn:
    """The two losses; the gradients that reach a generator; how it goes on."""
    run = asked.trained("early", "gan", EARLY, data="mnist", device="cpu", precision="fp32")
    method, state = run.restored()
    data = open_data("mnist")
    z = Random((asked.seed, "looked at"), SAMPLES).normal(method.z_dim)  # pyright: ignore
    loader = Loader(data, asked.seed)
    game = Game(state.nets.requires_grad_(True), method.phases()[0], loader, asked.seed, z)
    rows = strengthened(game, [asked.steps(steps) if steps else 0 for steps in STRENGTHS], asked)
    real = data.held_out.all().x  # pyright: ignore
    parts = real[: 2 * SAMPLES].flatten(1).chunk(2)
    goings = {}
    for loss in LOSSES:
        for optimizer in OPTIMIZERS:
            asked.tell(f"the generator goes on: {loss}, {optimizer}")
            goings[f"{loss}, {optimizer}"] = gone_on(
                game, loss, optimizer, asked.steps(PART), parts[0]
            )
    numbers = {
        "early": EARLY,
        "strengths": rows,
        "generator_steps": [asked.steps(PART) * part for part in range(PARTS + 1)],
        "going_on": goings,
        "real_to_real": wasserstein(*(part.numpy() for part in parts)),
    }
    figure = canvas(12.5, 4)
    left, middle, right = figure.subplots(1, 3)
    _losses(left)
    _gradients(middle, rows)
    _going(right, numbers)
    return Drawn(figure, numbers, _sentences(rows, numbers))


def strengthened(game: Game, strengths: list[int], asked: Asked) -> list[dict[str, float]]:
    """Both gradients after the discriminator alone was trained for so many steps."""
    optimizer = _optimizer_of(game)
    rows = [{"steps": 0} | gradients(game.nets, game.z)]
    asked.tell(f"training the discriminator alone, {strengths[-1]:,} steps")
    for before, after in pairwise(strengths):
        for step in range(before, after):
            discriminate(game, optimizer, EARLY + step)
        rows.append({"steps": after} | gradients(game.nets, game.z))
    return rows


def gradients(nets: Networks, z: Tensor) -> dict[str, float]:
    """The norm of each loss's gradient in all the generator's parameters, and how D judges."""
    parameters = list(nets["generator"].parameters())
    found = {}
    for name, loss in LOSSES.items():
        logits = nets["discriminator"](nets["generator"](z))
        some = torch.autograd.grad(loss(logits), parameters)
        found[name] = float(torch.stack([gradient.norm() for gradient in some]).norm())
    chance = float(torch.sigmoid(logits.double()).mean())
    ratio = found["non-saturating"] / max(found["minimax"], 1e-38)
    return found | {"d_of_g": chance, "ratio": ratio, "ratio_of_one_logit": 1 / chance - 1}


def discriminate(game: Game, optimizer: torch.optim.Optimizer, step: int) -> None:
    """One step of the discriminator, as the method plays it."""
    batch = game.loader(step, 0, 64)
    draws = game.phase.draws(batch, Random((game.seed, "saturation", step), 64))
    objective = game.phase.objective(game.nets, batch, draws)
    _step(torch.stack([*objective.terms.values()]).sum(), game.nets["discriminator"], optimizer)


def gone_on(game: Game, loss: str, optimizer: str, steps: int, real: Tensor) -> dict[str, list]:
    """W₁ to real images, and how far samples have moved, as the generator trains on."""
    game = game._replace(nets=copy.deepcopy(game.nets))
    generator, discriminator = game.nets["generator"], game.nets["discriminator"]
    judges, makes = _optimizer_of(game), OPTIMIZERS[optimizer](generator.parameters())
    first = generator(game.z).detach().flatten(1)
    found: dict[str, list] = {"w1": [wasserstein(first.numpy(), real.numpy())], "moved": [0.0]}
    for part in range(PARTS):
        for step in range(part * steps, (part + 1) * steps):
            for repeat in range(D_REPEATS):
                discriminate(game, judges, 10_000 + D_REPEATS * step + repeat)
            z = Random((game.seed, "going on", step), 64).normal(game.z.shape[1])
            _step(LOSSES[loss](discriminator(generator(z))), generator, makes)
        samples = generator(game.z).detach().flatten(1)
        found["w1"].append(wasserstein(samples.numpy(), real.numpy()))
        found["moved"].append(float((samples - first).norm(dim=1).mean()))
    return found


def _optimizer_of(game: Game) -> torch.optim.Optimizer:
    phase = game.phase
    return phase.optimizer(game.nets["discriminator"].parameters(), lr=phase.learning_rate)


def _step(loss: Tensor, network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    some = torch.autograd.grad(loss, list(network.parameters()))
    for parameter, gradient in zip(network.parameters(), some, strict=True):
        parameter.grad = gradient
    optimizer.step()


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
    title = "gradient in all the generator's parameters"
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
    steps = numbers["generator_steps"][-1]
    for name, going in numbers["going_on"].items():
        said.append(
            f"{name}: in {steps} steps of the generator its samples move by {going['moved'][-1]:.3g} "
            f"and W₁ goes from {going['w1'][0]:.4g} to {going['w1'][-1]:.4g}."
        )
    return tuple(said)
