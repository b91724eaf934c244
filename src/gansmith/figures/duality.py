"""Kantorovich-Rubinstein duality: what a critic's estimate E f(x) - E f(y) is beside W₁.

W₁ = max E f(x) - E f(y) over f of slope 1 at most. Source: Arjovsky et al. 2017,
arXiv:1701.07875, section 3; Gulrajani et al. 2017, arXiv:1704.00028. Two closed forms beside the
measurements: the penalty λ (‖∇f‖ - 1)² lets the slope between two points that lie W apart rest at
1 + W / 2λ, so that the estimate is as many times too large; and weights within [-c, c] allow a
slope of at most c (h c)^L along an axis, in a critic with L hidden layers of h units.
"""

from __future__ import annotations

from functools import partial
from math import cos, pi, sin

import torch
from torch import Tensor

from gansmith.draws import Random
from gansmith.figures.asked import Asked
from gansmith.figures.critics import Bound, Clipped, Pairs, Penalised, Plan, critic_between, slopes
from gansmith.figures.drawn import COLOURS, FAINT, Drawn, canvas, dressed
from gansmith.metrics.distributions.transport import wasserstein

DISTANCES = (0.0, 1.0, 2.0, 4.0)
SAMPLES, WIDTH, HIDDEN = 256, 64, 3
BOUNDS: dict[str, tuple[Bound, int]] = {
    "penalty, λ = 10": (Penalised(10.0), 600),
    "penalty, λ = 0.1": (Penalised(0.1), 600),
    "clipping, c = 0.03": (Clipped(0.03), 1500),
    "clipping, c = 0.01": (Clipped(0.01), 1500),
}


def draw(asked: Asked) -> Drawn:
    """Estimates over exact W₁, their ratio, and the largest slope of each critic."""
    rows = []
    for distance in DISTANCES:
        x, y = sets(distance, asked.seed)
        exact = wasserstein(x.numpy(), y.numpy())
        asked.tell(f"training {len(BOUNDS)} critics of two sets with W₁ = {exact:.3f}")
        for name, (bound, steps) in BOUNDS.items():
            key = (asked.seed, "duality", str(distance), name)
            plan = Plan(bound, asked.steps(steps), key, SAMPLES, WIDTH, HIDDEN)
            rows.append({"bound": name, "exact": exact} | estimated(x, y, plan))
    figure = canvas(11, 4.2)
    axes = figure.subplots(1, 3)
    _panel(axes[0], rows, "estimate", "estimate E f(x) - E f(y)")
    _panel(axes[1], rows, "ratio", "estimate / W₁")
    _panel(axes[2], rows, "largest_slope", "largest ‖∇f‖")
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), fontsize=8)
    theories = {name: theory(bound, 1.0) for name, (bound, _) in BOUNDS.items()}
    numbers = {"samples": SAMPLES, "rows": rows, "ratios_by_theory_at_1": theories}
    return Drawn(figure, numbers, _sentences(rows))


def sets(distance: float, seed: int) -> tuple[Tensor, Tensor]:
    """A ring of 8 heaps and one heap that is moved by `distance` along the first axis."""
    random = Random((seed, "duality", "sets"), SAMPLES)
    angles = [k * pi / 4 for k in range(8)]
    centres = torch.tensor([[cos(angle), sin(angle)] for angle in angles])
    ring = centres[random.integers(8)] + 0.05 * random.normal(2)
    return ring, 0.3 * random.normal(2) + torch.tensor([distance, 0.0])


def between(x: Tensor, y: Tensor) -> Pairs:
    """All of both sets at each step, x in another order each time: lines run everywhere."""

    def pairs(random: Random) -> tuple[Tensor, Tensor]:
        order = random.uniform().argsort()
        return x[order[: len(x)]], y

    return pairs


def estimated(x: Tensor, y: Tensor, plan: Plan) -> dict[str, float]:
    """E f(x) - E f(y) of a trained critic, beside W₁ and its largest slope.

    The slope is looked for on lines between random pairs of the two sets.
    """
    critic = critic_between(between(x, y), plan)
    exact = wasserstein(x.numpy(), y.numpy())
    estimate = float(critic(x).double().mean() - critic(y).double().mean())
    random = Random((*plan.key, "slopes"), 8 * len(x))
    start, end = x[random.integers(len(x))], y[random.integers(len(y))]
    steepest = float(slopes(critic, torch.lerp(start, end, random.uniform(1))).max())
    return {
        "estimate": estimate,
        "ratio": estimate / exact,
        "ratio_by_theory": theory(plan.bound, exact, plan.width, plan.hidden),
        "largest_slope": steepest,
        "ratio_over_slope": estimate / exact / steepest if steepest else 0.0,
    }


def theory(bound: Bound, exact: float, width: int = WIDTH, hidden: int = HIDDEN) -> float:
    """Estimate over W₁ of two single points `exact` apart on an axis; clipped: the most it can be.

    1 + W / 2λ is the slope s that maximises s W - λ (s - 1)².
    """
    if isinstance(bound, Clipped):
        return bound.most * (width * bound.most) ** hidden
    assert isinstance(bound, Penalised)
    return 1 + exact / (2 * bound.weight)


def _sentences(rows: list[dict]) -> tuple[str, ...]:
    return (
        f"E f(x) - E f(y) of critics between two sets of {SAMPLES} points, beside W₁ by optimal "
        "assignment. Dotted: what theory gives for two single points.",
        *map(partial(_sentence, rows), BOUNDS),
    )


def _sentence(rows: list[dict], name: str) -> str:
    some = [row for row in rows if row["bound"] == name]
    ratios, slopes_ = ([row[key] for row in some] for key in ("ratio", "largest_slope"))
    over = max(row["ratio_over_slope"] for row in some)
    theories = _span([row["ratio_by_theory"] for row in some])
    most = "at most " if isinstance(BOUNDS[name][0], Clipped) else ""
    return (
        f"{name}: {_span(ratios)} times W₁ (two points: {most}{theories}), slopes up to "
        f"{_span(slopes_)}; divided by its largest slope it is at most {over:.2f} times W₁"
        + (", a lower bound as it should be." if over <= 1 else ": a steeper place was missed.")
    )


def _span(values: list[float]) -> str:
    low, high = f"{min(values):.3g}", f"{max(values):.3g}"
    return low if low == high else f"{low} to {high}"


def _panel(axes, rows: list[dict], key: str, title: str) -> None:
    for number, name in enumerate(BOUNDS):
        some = [row for row in rows if row["bound"] == name]
        x = [row["exact"] for row in some]
        axes.plot(x, [row[key] for row in some], "o-", ms=4, color=COLOURS[number], label=name)
        if key != "largest_slope":
            scale = [row["exact"] if key == "estimate" else 1.0 for row in some]
            by_theory = [row["ratio_by_theory"] * s for row, s in zip(some, scale, strict=True)]
            axes.plot(x, by_theory, color=FAINT, lw=0.8, ls=":", zorder=0)
    if key == "estimate":
        every = sorted({row["exact"] for row in rows})
        axes.plot(every, every, color=FAINT, lw=1.2, label="W₁")
    else:
        axes.axhline(1, color=FAINT, lw=1.2)
    axes.set_yscale("log")
    dressed(axes, title, "W₁, exact")
