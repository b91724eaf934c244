"""Samples on the right side of the boundary but far from the data, seen by two losses.

Source: Mao et al. 2016, arXiv:1611.04076, figure 1. Two discriminators are trained on the same
points; then samples are put on the side that they call real, further and further away. By cross
entropy a sample moves with (1 - D) ‖∇l‖, which dies away; by least squares with |s - 1| ‖∇s‖.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from gansmith.draws import Random
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, INK, Drawn, canvas, dressed
from gansmith.figures.judges import (
    BANDS,
    JUDGES,
    POINTS,
    Judge,
    by_distance,
    cosine,
    points,
    pull,
    trained,
)

STEPS, FAR = 600, 60
SQUARE = (-4.0, 9.0)


def draw(asked: Asked) -> Drawn:
    """Both boundaries with the pull on far samples, and the pull over the distance."""
    real, fake = points(asked.seed)
    figure = canvas(11.5, 4)
    axes = figure.subplots(1, 3)
    rows, pulls = {}, {}
    for panel, (name, judge) in zip(axes, JUDGES.items(), strict=False):
        asked.tell(f"training a discriminator by {name}")
        score = trained(judge, real, fake, asked.steps(STEPS), asked.seed)
        line = _boundary(panel, score, judge, name)
        far = _far(line, score, judge, asked.seed)
        pulls[name] = pull(score, judge, far)
        _map(panel, real, fake, far, pulls[name])
        away = torch.cdist(far, line).min(1).values
        toward = cosine(pulls[name], real.mean(0) - far)
        rows[name] = by_distance(away, pulls[name].norm(dim=1), toward)
    _curves(axes[2], rows)
    return Drawn(figure, {"points": POINTS, "bands": rows}, _sentences(rows))


def _grid() -> tuple[Tensor, Tensor]:
    """(160,) of an axis, and (160², 2) of the square."""
    axis = torch.linspace(*SQUARE, 160)
    return axis, torch.cartesian_prod(axis, axis)


def _far(line: Tensor, score: nn.Module, judge: Judge, seed: int) -> Tensor:
    """Samples that are called real, some close to the boundary and some far from all data."""
    random = Random((seed, "decision boundary", "far"), 40 * FAR)
    some = random.uniform(2, low=SQUARE[0] + 1, high=SQUARE[1] - 1)
    inside = score(some)[:, 0] > judge.boundary
    return some[inside & (torch.cdist(some, line).min(1).values < BANDS[-1])][:FAR]


def _boundary(axes, score: nn.Module, judge: Judge, name: str) -> Tensor:
    """Draws the line where the judge is undecided, (M, 2)."""
    axis, grid = _grid()
    values = score(grid)[:, 0].reshape(160, 160).T.numpy()
    axes.contourf(axis, axis, values > judge.boundary, levels=[0.5, 1.5], colors=["#EAF3FA"])
    lines = axes.contour(axis, axis, values, levels=[judge.boundary], colors=[INK])
    dressed(axes, f"{name}: shaded is called real").set_aspect("equal")
    parts = [segment for segments in lines.allsegs for segment in segments]
    return torch.tensor(np.concatenate(parts), dtype=torch.float32)


def _map(axes, real: Tensor, fake: Tensor, far: Tensor, arrows: Tensor) -> None:
    for some, colour, name in [(real, 0, "real"), (fake, 1, "generated, trained on")]:
        axes.plot(*some.T.numpy(), ".", ms=3, color=COLOURS[colour], alpha=0.6, label=name)
    axes.plot(*far.T.numpy(), "x", ms=4, color=COLOURS[3], label="generated, later")
    longest = float(arrows.norm(dim=1).max()) / 4 or 1.0  # four units long in either map
    tips = (arrows / longest).T.numpy()
    axes.quiver(*far.T.numpy(), *tips, angles="xy", scale_units="xy", scale=1, width=0.005)
    axes.set_xlim(*SQUARE)
    axes.set_ylim(*SQUARE)
    axes.legend(fontsize=7, loc="upper left")


def _curves(axes, rows: dict[str, list[dict[str, float]]]) -> None:
    for number, (name, some) in enumerate(rows.items()):
        x = [(row["from"] + row["to"]) / 2 for row in some]
        axes.plot(x, [row["pull"] for row in some], "o-", color=COLOURS[1 + number], label=name)
    axes.set_yscale("log")
    dressed(axes, "pull on a sample (median)", "distance from the boundary").legend(fontsize=8)


def _sentences(rows: dict[str, list[dict[str, float]]]) -> tuple[str, ...]:
    said = [
        "Crosses lie on the side that is called real; the arrows are minus the gradient, "
        "in each map scaled so that the longest has four units."
    ]
    for name, some in rows.items():
        near, far = some[0], some[-1]
        least = min(some, key=lambda row: row["pull"])
        change = far["pull"] / near["pull"]
        turned = f"{1 / change:.3g} times weaker" if change < 1 else f"{change:.3g} times stronger"
        said.append(
            f"{name}: {far['from']:g} to {far['to']:g} from the boundary the pull is "
            f"{far['pull']:.3g}, {turned} than beside it ({near['pull']:.3g}); it points to the "
            f"data with a mean cosine of {far['cosine_to_data']:.2f} ({far['samples']:.0f} of the "
            f"samples). It is least from {least['from']:g} to {least['to']:g}: {least['pull']:.3g}."
        )
    ratio = rows["least squares"][-1]["pull"] / rows["cross entropy"][-1]["pull"]
    said.append(
        f"Least squares pull {ratio:.3g} times as hard there"
        + ("." if ratio > 10 else ": the difference that was expected did not show.")
    )
    return tuple(said)
