"""Earth that is moved: what a transport plan is, and that W₁ is the cost of the cheapest.

Source: Arjovsky et al. 2017, arXiv:1701.07875, section 2; Peyré and Cuturi 2019, arXiv:1803.00567,
remark 2.28: in one dimension the plan that keeps the order is optimal, and W₁ = ∫ |F - G|.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from gansmith.draws import seed_of
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, FAINT, Drawn, canvas, dressed
from gansmith.metrics.distributions.transport import cost, earth_movers

HERE = np.array([0, 0, 1, 4, 7, 6, 3, 2, 1, 0]) / 24
THERE = np.array([4, 5, 2, 1, 0, 0, 1, 2, 4, 5]) / 24
"""Shares of the earth in piles at 0, 1, ..., 9: before and after."""
SAMPLES = 40


def draw(asked: Asked) -> Drawn:
    """The cheapest plan and another one, for piles on a line and for points in the plane."""
    lengths = np.abs(np.subtract.outer(np.arange(10.0), np.arange(10.0)))
    plans = {"cheapest": in_order(HERE, THERE), "reversed": in_order(HERE, THERE[::-1])[:, ::-1]}
    costs = {name: float((plan * lengths).sum()) for name, plan in plans.items()}
    exact = float(np.abs(np.cumsum(HERE - THERE)).sum())
    solved = earth_movers(HERE, THERE, lengths)
    x, y = _points(asked.seed)
    between = cost(x, y)
    pairs = {"cheapest": linear_sum_assignment(between)[1], "any": np.arange(SAMPLES)}
    lines = {n: float(between[np.arange(SAMPLES), to].mean()) for n, to in pairs.items()}
    figure = canvas(10.5, 6)
    for row, ((name, plan), (other, to)) in zip(
        figure.subplots(2, 3), zip(plans.items(), pairs.items(), strict=True), strict=True
    ):
        _piles(row[0], plan, f"{name}: cost {costs[name]:.3f}")
        _matrix(row[1], plan)
        _lines(row[2], (x, y), to, f"{other} pairs: cost {lines[other]:.3f}")
    return Drawn(
        figure,
        {
            "piles": {"costs": costs, "by_distribution_functions": exact, "solved": solved},
            "points": {"samples": SAMPLES, "costs": lines},
            "plans": {name: plan.tolist() for name, plan in plans.items()},
        },
        _sentences(costs, exact, lines),
    )


def in_order(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """(N, M): the plan that fills the places of q from left to right with p from left to right."""
    ends_p, ends_q = np.cumsum(p), np.cumsum(q)
    upper = np.minimum.outer(ends_p, ends_q)
    lower = np.maximum.outer(ends_p - p, ends_q - q)
    return (upper - lower).clip(0)


def _points(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A heap and a ring around it, (SAMPLES, 2) each, in no order."""
    random = np.random.default_rng(seed_of("earth mover", seed))
    angle = random.uniform(0, 2 * np.pi, SAMPLES)
    ring = 1.5 * np.stack([np.cos(angle), np.sin(angle)], 1)
    return random.normal(0.0, 0.45, (SAMPLES, 2)), ring


def _sentences(costs: dict, exact: float, lines: dict) -> tuple[str, ...]:
    agree = abs(costs["cheapest"] - exact) < 1e-9
    return (
        "Left: earth above the line is carried to the places below it; its colour says where it "
        "came from. Middle: the same plan as a table, how much goes from each row to each column.",
        f"The plan that keeps the order costs {costs['cheapest']:.3f}; the area between the two "
        f"distribution functions is {exact:.3f}: "
        + ("the same, so none is cheaper." if agree else "they differ, and one is wrong."),
        f"The reversed plan makes the same piles and costs {costs['reversed']:.3f}, "
        f"{costs['reversed'] / costs['cheapest']:.2f} times as much. W₁ is the cost of the "
        "cheapest plan, not of any.",
        f"Right: pairs drawn at random cost {lines['any']:.3f} on the average, the best ones "
        f"{lines['cheapest']:.3f}: {lines['any'] / lines['cheapest']:.2f} times.",
    )


def _piles(axes, plan: np.ndarray, title: str) -> None:
    from matplotlib import colormaps

    shades = colormaps["viridis"](np.linspace(0, 1, len(plan)))
    places = np.arange(len(plan))
    axes.bar(places, plan.sum(1), color=shades, width=0.85)
    bottom = np.zeros(len(plan))
    for shade, moved in zip(shades, plan, strict=True):
        axes.bar(places, -moved, bottom=bottom, color=shade, width=0.85)
        bottom -= moved
    axes.axhline(0, color="white", lw=2)
    dressed(axes, title, "place", "after | before").set_yticks([])


def _matrix(axes, plan: np.ndarray) -> None:
    axes.imshow(plan, cmap="Greys", vmin=0)
    dressed(axes, "", "to", "from").grid(visible=False)


def _lines(axes, points: tuple[np.ndarray, np.ndarray], to: np.ndarray, title: str) -> None:
    x, y = points
    for start, end in zip(x, y[to], strict=True):
        axes.plot(*zip(start, end, strict=True), color=FAINT, lw=0.7, zorder=1)
    for number, (some, name) in enumerate([(y, "to"), (x, "from")]):
        axes.plot(*some.T, "o", ms=4, color=COLOURS[number], label=name)
    dressed(axes, title).set_aspect("equal")
    axes.legend(fontsize=8, loc="upper left")
