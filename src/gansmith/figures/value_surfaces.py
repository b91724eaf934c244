"""What clipped and penalised critics look like: value surfaces, weights, gradients by layer.

Source: Gulrajani et al. 2017, arXiv:1704.00028, figures 1 and 2: critics trained against a fixed
generator, real samples plus N(0, 1) noise; deep ones of 12 layers on the Swiss roll. Deviations:
128 units in place of 512, 64 in the deep ones, and far fewer steps at a higher learning rate.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from gansmith.data import open_data
from gansmith.draws import Random
from gansmith.figures.asked import Asked
from gansmith.figures.critics import Bound, Clipped, Pairs, Penalised, Plan, critic_between
from gansmith.figures.drawn import COLOURS, FAINT, Drawn, canvas, dressed
from gansmith.figures.surfaces import AXIS, at_the_edge, by_layer, shape_of, surface

SETS = ("8gaussians", "25gaussians", "swissroll")
BOUNDS: dict[str, Bound] = {"clipping": Clipped(0.01, 2e-4), "penalty": Penalised(0.1, 1e-3)}
DEEP: dict[str, Bound] = {
    "c = 0.1": Clipped(0.1, 2e-4),
    "c = 0.01": Clipped(0.01, 2e-4),
    "c = 0.001": Clipped(0.001, 2e-5),
    "penalty": Penalised(0.1, 1e-3),
}
STEPS, DEEP_STEPS, LAYERS = 1000, 500, 12


def draw(asked: Asked) -> Drawn:
    """Six surfaces; the weights of two of the critics; gradients by layer of four deep ones."""
    figure = canvas(14, 6.2)
    axes = figure.subplots(2, 4)
    surfaces, weights = [], {}
    for column, name in enumerate(SETS):
        pairs, real = noisy(name)
        for row, (bound_name, bound) in enumerate(BOUNDS.items()):
            asked.tell(f"training a critic of {name} with {bound_name}")
            key = (asked.seed, "value surfaces", name, bound_name)
            critic = critic_between(pairs, Plan(bound, asked.steps(STEPS), key))
            values = surface(critic)
            _surface(axes[row, column], values, real[:500], f"{name}, {bound_name}")
            weights[bound_name] = torch.cat([p.flatten() for p in _weights(critic)])
            surfaces.append({"data": name, "bound": bound_name} | shape_of(values))
    layers = _deep(asked)
    most = BOUNDS["clipping"].most  # pyright: ignore
    piled = {name: at_the_edge(some, most) for name, some in weights.items()}
    _histogram(axes[0, 3], weights, most)
    _layers(axes[1, 3], layers)
    numbers = {"surfaces": surfaces, "weights_at_c": piled, "gradient_by_layer": layers}
    return Drawn(figure, numbers, _sentences(surfaces, piled, layers))


def noisy(name: str) -> tuple[Pairs, Tensor]:
    """Samples of a set beside other ones plus N(0, 1) noise, and the set itself."""
    data = open_data(name)
    real = data.take(torch.arange(data.spec.size)).x  # pyright: ignore

    def pairs(random: Random) -> tuple[Tensor, Tensor]:
        rows = random.integers(len(real), 2)
        return real[rows[:, 0]], real[rows[:, 1]] + random.normal(2)

    return pairs, real


def _deep(asked: Asked) -> dict[str, list[float]]:
    """Gradients by layer of critics of 12 layers on the Swiss roll."""
    found, (pairs, _) = {}, noisy("swissroll")
    for name, bound in DEEP.items():
        asked.tell(f"training a critic of {LAYERS} layers, {name}")
        key = (asked.seed, "deep", name)
        plan = Plan(bound, asked.steps(DEEP_STEPS), key, width=64, hidden=LAYERS - 1)
        critic = critic_between(pairs, plan)
        found[name] = by_layer(critic, *pairs(Random((*key, "measured"), 512)))
    return found


def _weights(critic: nn.Module) -> list[Tensor]:
    return [layer.weight for layer in critic.modules() if isinstance(layer, nn.Linear)]


def _surface(axes, values: np.ndarray, real: Tensor, title: str) -> None:
    axis = AXIS.numpy()
    axes.contour(axis, axis, values, levels=20, cmap="viridis", linewidths=0.9)
    axes.plot(*real.T.numpy(), ".", ms=1.5, color=COLOURS[1])
    dressed(axes, title).set_aspect("equal")
    axes.grid(visible=False)


def _histogram(axes, weights: dict[str, Tensor], most: float) -> None:
    for number, (name, some) in enumerate(weights.items()):
        scaled = (some / some.abs().quantile(0.999)).clamp(-1, 1).numpy()
        label = f"{name}, 1 is {float(some.abs().quantile(0.999)):.2g}"
        axes.hist(scaled, bins=60, histtype="step", color=COLOURS[number], lw=1.3, label=label)
    axes.set_yscale("log")
    dressed(axes, f"weights on {SETS[-1]}, c = {most:g}", "weight").set_ylim(0.5, 2e5)
    axes.legend(fontsize=7, loc="upper center")


def _layers(axes, layers: dict[str, list[float]]) -> None:
    for number, (name, norms) in enumerate(layers.items()):
        axes.plot(range(1, LAYERS + 1), norms, ".-", color=COLOURS[number], label=name)
    axes.set_yscale("log")
    dressed(axes, f"gradient by layer, {LAYERS} layers", "layer, 1: nearest the sample")
    axes.axhline(1, color=FAINT, lw=0.5)
    axes.legend(fontsize=7)


def _sentences(surfaces: list[dict], piled: dict, layers: dict) -> tuple[str, ...]:
    said = []
    for name in BOUNDS:
        some = [row for row in surfaces if row["bound"] == name]
        told = ", ".join(f"{r['directions']} on {r['data']}" for r in some)
        said.append(f"{name}: f rises in so few of 360 directions on 90 % of the square: {told}.")
    both = [[r["directions"] for r in surfaces if r["bound"] == name] for name in BOUNDS]
    plainer = sum(clipped < penalised for clipped, penalised in zip(*both, strict=True))
    said.append(
        f"On {plainer} of {len(SETS)} sets the level lines of the clipped critic are straighter"
        + ("." if plainer == len(SETS) else ": what was expected did not show on all.")
    )
    said.append(
        "Weights within 2 % of ±c: "
        + ", ".join(f"{share:.1%} with {name}" for name, share in piled.items())
        + "."
    )
    for name, norms in layers.items():
        change = (norms[-2] / norms[0]) if norms[0] else float("inf")
        word = "vanishes" if change > 100 else "explodes" if change < 0.01 else "keeps its order"
        said.append(
            f"{LAYERS} layers, {name}: the gradient {word} on its way from layer {LAYERS - 1} "
            f"({norms[-2]:.2g}) to the first ({norms[0]:.2g})."
        )
    return tuple(said)
