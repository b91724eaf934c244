"""Two parallel lines: why the earth mover's distance gives a gradient where JS gives none.

Source: Arjovsky et al. 2017, arXiv:1701.07875, example 1 and figure 1: (0, U) and (θ, U) with U
uniform on [0, 1]. JS = log 2 for every θ but 0, KL is infinite there, W = |θ|. Here both are
measured on samples, beside these closed forms.
"""

from __future__ import annotations

import math

import numpy as np

from gansmith.draws import seed_of
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, FAINT, Drawn, canvas, dressed
from gansmith.metrics.distributions.divergences import jensen_shannon
from gansmith.metrics.distributions.transport import wasserstein

SAMPLES = 400
PLACES = np.linspace(-1.0, 1.0, 21)


def draw(asked: Asked) -> Drawn:
    """W and JS of samples of the two lines over θ, and the lines themselves."""
    random = np.random.default_rng(seed_of("parallel lines", asked.seed))
    heights = random.random((2, SAMPLES))
    rows = [_row(theta, heights) for theta in PLACES]
    figure = canvas(10, 3.8)
    left, middle, right = figure.subplots(1, 3)
    for number, (name, theta) in enumerate([("real", 0.0), ("generated, θ = 0.5", 0.5)]):
        x = np.full(SAMPLES, theta)
        left.plot(x, heights[number], ".", ms=3, color=COLOURS[number], label=name)
    dressed(left, "two lines", "x", "y").set_xlim(-1, 1)
    left.set_xticks([-1, -0.5, 0, 0.5, 1])
    left.set_ylim(-0.05, 1.25)
    left.legend(fontsize=8, loc="upper left")
    _curve(middle, rows, "wasserstein", np.abs(PLACES), "earth mover's distance W₁", "W₁ = |θ|")
    level = np.where(np.isclose(PLACES, 0), np.nan, math.log(2))  # a gap: it jumps
    _curve(right, rows, "jensen_shannon", level, "Jensen-Shannon divergence", "log 2 but at θ = 0")
    far = [row for row in rows if abs(row["theta"]) > 0.05]
    spread = max(r["jensen_shannon"] for r in far) - min(r["jensen_shannon"] for r in far)
    error = max(abs(row["wasserstein"] - abs(row["theta"])) for row in rows)
    return Drawn(
        figure,
        {"samples": SAMPLES, "rows": rows},
        (
            "A generator of one parameter θ makes the line x = θ; the data lie on x = 0.",
            f"JS is {far[0]['jensen_shannon']:.4f} (log 2 = {math.log(2):.4f}) however near the "
            f"lines are (it varies by {spread:.1g}): its slope in θ is 0, and a generator that "
            "descends it is told nothing.",
            "W falls evenly to 0 as the lines come together: its slope says which way to go. On "
            f"{SAMPLES} samples it is off by at most {error:.3f}.",
        ),
    )


def _row(theta: float, heights: np.ndarray) -> dict[str, float]:
    """Both measures of samples of the two lines; the cells of the histogram part them."""
    real, made = np.zeros(SAMPLES), np.full(SAMPLES, theta)
    lines = [np.stack([x, y], 1) for x, y in zip((real, made), heights, strict=True)]
    p, q = (_shares(x) for x in (real, made))
    return {
        "theta": float(theta),
        "wasserstein": float(wasserstein(lines[0], lines[1])),
        "jensen_shannon": float(jensen_shannon(p, q)),
    }


def _shares(x: np.ndarray) -> np.ndarray:
    """The share of samples in each of 201 cells of x: nothing is lost, y is uniform on both."""
    return np.histogram(x, bins=201, range=(-1.005, 1.005))[0] / len(x)


def _curve(axes, rows, key: str, exact: np.ndarray, title: str, name: str) -> None:
    dressed(axes, title, "θ").set_ylim(-0.05, 1.1)
    axes.plot(PLACES, exact, color=FAINT, lw=1, label=name)
    axes.plot(PLACES, [row[key] for row in rows], "o", ms=3.5, color=COLOURS[1], label="samples")
    axes.legend(fontsize=8)
