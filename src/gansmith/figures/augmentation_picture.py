"""How the figure of augmentation is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from gansmith.figures.augmentation_words import COMPARED
from gansmith.figures.drawn import COLOURS, INK, canvas, dressed
from gansmith.figures.few_images import WAYS
from gansmith.figures.tiles import show_grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 8
"""Generated images of each class."""


def picture(facts: Mapping[str, Any], shown: Tensor) -> Figure:
    """The figure of its numbers.

    Args:
        facts: as the figure's JSON has them.
        shown: generated images (N, C, H, W) whose classes come in turn.
    """
    found, classes = facts["labels_a_class"], facts["classes"]
    figure = canvas(14, 4.8)
    curves, apart, grid = figure.subplots(1, 3, width_ratios=(1.2, 1.2, 1))
    counts, places = [*found], np.arange(len(found))
    for number, (way, words) in enumerate(WAYS.items()):
        _with_intervals(curves, places, [found[count]["accuracy"][way] for count in counts],
                        number - 1.5, words, line="-")  # fmt: skip
    for number, name in enumerate(COMPARED):
        _with_intervals(apart, places, [found[count]["differences"][name] for count in counts],
                        number - 1.5, name, line="")  # fmt: skip
    apart.axhline(0, color=INK, lw=0.8)
    for axes, title in ((curves, "held-out accuracy, %"), (apart, "difference, points")):
        dressed(axes, title, "labels of each class").set_xticks(places, [str(n) for n in counts])
        axes.legend(fontsize=7, frameon=False, loc="best")
    rows = min(classes, 10)
    order = torch.arange(rows).repeat_interleave(COLUMNS) + classes * torch.arange(COLUMNS).repeat(
        rows
    )
    title = f"{facts['method']}, {counts[len(counts) // 2]} labels: a row a class"
    show_grid(grid, shown[order], COLUMNS, title, 2)
    return figure


def _with_intervals(
    axes: Axes, places: np.ndarray, rows: list[dict], at: float, name: str, line: str
) -> None:
    """Means in percent with their intervals, a little beside those of the other ways."""
    mean = 100 * np.array([row["mean"] for row in rows])
    ends = 100 * np.array([row["interval"] for row in rows])
    colour = COLOURS[round(at + 1.5) % len(COLOURS)]
    axes.errorbar(places + 0.06 * at, mean, [mean - ends[:, 0], ends[:, 1] - mean], color=colour,
                  marker="o", ms=4, ls=line, lw=1.2, capsize=2, label=name)  # fmt: skip
