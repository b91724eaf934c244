"""The optimal discriminator D* = p/(p + q), and that it measures the Jensen-Shannon divergence.

Source: Goodfellow et al. 2014, arXiv:1406.2661, proposition 1 and theorem 1: at D* the value
V = E_p log D + E_q log(1 - D) is 2 JS(p, q) - log 4. Perceptrons are trained on samples of two
Gaussians, and V is measured on fresh ones, beside JS by quadrature.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Normal

from gansmith.draws import Random
from gansmith.figures.asked import Asked
from gansmith.figures.critics import descend, seeded
from gansmith.figures.drawn import COLOURS, FAINT, INK, Drawn, canvas, dressed
from gansmith.losses import logistic_discriminator
from gansmith.method import Adam
from gansmith.metrics.distributions.gaussians import jensen_shannon
from gansmith.networks.mlp import mlp_critic

DISTANCES = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
SHOWN = (0.0, 1.0, 3.0)
DEVIATION = 0.6
"""Of q, beside 1 of p: D* is then no sigmoid of a straight line."""
BATCH, FRESH, STEPS = 4096, 1_000_000, 1000
SEEN = 0.01
"""Density of the two together from which on D is compared with D*: elsewhere it saw no samples."""
PLACES = torch.linspace(-4, 6, 400)


def draw(asked: Asked) -> Drawn:
    """D beside D* for three distances, and V beside 2 JS - log 4 for all of them."""
    rows, curves = [], {}
    for distance in DISTANCES:
        asked.tell(f"training a discriminator of Gaussians {distance:g} apart")
        network = trained(distance, asked.steps(STEPS), asked.seed)
        curves[distance] = torch.sigmoid(network(PLACES[:, None])[:, 0]).numpy()
        rows.append(measured(network, distance, asked.seed))
    figure = canvas(11, 5.6)
    top, bottom = figure.subplots(2, 3)
    for axes, distance in zip(top, SHOWN, strict=True):
        _discriminator(axes, distance, curves[distance])
    _values(bottom, rows)
    numbers = {"deviations": [1.0, DEVIATION], "batch": BATCH, "fresh": FRESH, "rows": rows}
    return Drawn(figure, numbers, _sentences(rows))


def samples(distance: float, random: Random) -> tuple[Tensor, Tensor]:
    """(rows, 1) of p = N(0, 1) and of q = N(distance, DEVIATION²)."""
    return random.normal(1), distance + DEVIATION * random.normal(1)


def optimal_logit(x: Tensor, distance: float) -> Tensor:
    """log(p/q), of which D* is the sigmoid."""
    return Normal(0.0, 1.0).log_prob(x) - Normal(distance, DEVIATION).log_prob(x)


def densities(x: Tensor, distance: float) -> tuple[Tensor, Tensor]:
    """p and q."""
    return Normal(0.0, 1.0).log_prob(x).exp(), Normal(distance, DEVIATION).log_prob(x).exp()


def trained(distance: float, steps: int, seed: int) -> nn.Module:
    """A discriminator with logits (N, 1), trained on fresh samples at each step."""
    key = (seed, "optimal discriminator", str(distance))
    network = seeded(partial(mlp_critic, (1,), [64, 64], nn.SiLU), *key)

    def loss(step: int) -> Tensor:
        p, q = samples(distance, Random((*key, step), BATCH))
        logits = network(torch.cat([p, q])).chunk(2)
        return torch.stack(list(logistic_discriminator(*logits).values())).sum()

    descend(network, loss, steps, Adam(network.parameters(), lr=5e-3, betas=(0.9, 0.99)))
    return network.requires_grad_(False)


def measured(network: nn.Module, distance: float, seed: int) -> dict[str, float]:
    """V of the network on fresh samples with its standard error, beside 2 JS - log 4."""
    p, q = samples(distance, Random((seed, "fresh", str(distance)), FRESH))
    logits = [torch.cat([network(part) for part in x.split(100_000)]) for x in (p, q)]
    parts = [nn.functional.logsigmoid(x).double() for x in (logits[0], -logits[1])]
    value = sum(float(part.mean()) for part in parts)
    exact = 2 * jensen_shannon(0.0, 1.0, distance, DEVIATION**2) - math.log(4)
    best = torch.sigmoid(optimal_logit(PLACES, distance))
    off = (torch.sigmoid(network(PLACES[:, None])[:, 0]) - best).abs()
    where = sum(densities(PLACES, distance)) >= 2 * SEEN
    return {
        "distance": distance,
        "value": value,
        "standard_error": math.sqrt(sum(float(part.var()) / FRESH for part in parts)),
        "exact": exact,
        "relative_error": abs(value - exact) / abs(exact),
        "jensen_shannon": (value + math.log(4)) / 2,
        "exact_jensen_shannon": (exact + math.log(4)) / 2,
        "largest_error_of_d": float(off[where].max()),
    }


def _sentences(rows: list[dict[str, float]]) -> tuple[str, ...]:
    worst = max(rows, key=lambda row: row["relative_error"])
    within = worst["relative_error"] <= 0.01
    growth = np.diff([row["exact_jensen_shannon"] for row in rows])
    steepest = int(growth.argmax())
    return (
        "Above: the discriminator that was trained beside D* = p/(p + q). Where the two "
        f"densities together reach {2 * SEEN:g}, they differ by at most "
        f"{max(row['largest_error_of_d'] for row in rows):.3f}; further out there is nothing to "
        "learn from.",
        f"Its value is 2 JS - log 4 within {worst['relative_error']:.2%} at every distance"
        + (": " if within else ", more than the 1 % that was hoped for: ")
        + f"the worst is {worst['value']:.4f} beside {worst['exact']:.4f}, at a distance of "
        f"{worst['distance']:g}.",
        f"JS can never pass log 2 = {math.log(2):.3f}: it grows by {growth[steepest]:.3f} as the "
        f"means part from {DISTANCES[steepest]:g} to {DISTANCES[steepest + 1]:g}, and by "
        f"{growth[-1]:.3f} over the last step to {DISTANCES[-1]:g}, where it is "
        f"{rows[-1]['exact_jensen_shannon']:.3f}.",
    )


def _discriminator(axes, distance: float, curve: np.ndarray) -> None:
    x, names = PLACES.numpy(), ("p, real", "q, generated")
    for number, (density, name) in enumerate(zip(densities(PLACES, distance), names, strict=True)):
        axes.fill_between(x, density, color=COLOURS[number], alpha=0.25, lw=0, label=name)
    axes.plot(x, torch.sigmoid(optimal_logit(PLACES, distance)), color=FAINT, lw=3, label="D*")
    axes.plot(x, curve, color=INK, lw=1.2, ls="--", label="D, trained")
    dressed(axes, f"{distance:g} apart", "x").set_ylim(0, 1.05)
    axes.legend(fontsize=7, loc="upper right")


def _values(row, rows: list[dict[str, float]]) -> None:
    fine = np.linspace(0, 3, 61)
    divergence = np.array([jensen_shannon(0.0, 1.0, d, DEVIATION**2) for d in fine])
    names = ("value", "jensen_shannon", "relative_error")
    titles = ("V(D) and 2 JS - log 4", "JS, from V", "relative error of V")
    exact = (2 * divergence - math.log(4), divergence, np.full(61, 0.01))
    for axes, name, title, line in zip(row, names, titles, exact, strict=True):
        axes.plot(fine, line, color=FAINT, lw=1, label="1 %" if "rel" in name else "exact")
        y = [r[name] for r in rows]
        axes.plot(DISTANCES, y, "o", ms=4, color=COLOURS[1], label="fresh samples")
        dressed(axes, title, "distance of the means").legend(fontsize=8)
    row[2].set_ylim(0, None)
