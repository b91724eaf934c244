"""Axes of curves: their colours, frame and scale, with room for the legend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from gansmith.plots.curves import Curve, robust_limits, symlog_threshold
from gansmith.plots.marks import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Blue and vermilion first: told apart with any kind of colour vision (Okabe and Ito 2008)."""
INK, FAINT = "#333333", "#777777"
ROUND = (1, 2, 2.5, 5, 10)
LEGEND_COLUMNS, LEGEND_ROW = 3, 0.38
"""Names in a row of the legend, and inches that a row takes."""


def dress(axes: Axes, quantity: str) -> None:
    """Names of the axes, quiet frame and grid."""
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    axes.set_ylabel(quantity, color=INK)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1, steps=ROUND))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    axes.margins(x=0.02)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(colors=INK, labelsize=9)
    axes.grid(color="#E4E4E4", linewidth=0.8)
    axes.set_axisbelow(True)


def set_scale(
    axes: Axes, curves: Mapping[str, Curve], quantity: str, inches: float
) -> tuple[float, float]:
    """Choose scale and limits, with room for the legend on top; returns the limits of the data.

    `inches` is the height of the axes.
    """
    threshold = symlog_threshold(list(curves.values()))
    if threshold is not None:
        axes.set_yscale("symlog", linthresh=threshold)
        scaled = f"{quantity} (log scale beyond ±{number(threshold)})".strip()
        axes.set_ylabel(scaled, color=INK)
    scale = axes.yaxis.get_transform()
    low, high = robust_limits([scale.transform(raw.values) for raw in curves.values()])
    room = 0.04 * (high - low)
    rows = -(-len(curves) // LEGEND_COLUMNS)
    top = low - room + (high - low + 2 * room) / (1 - LEGEND_ROW * rows / inches)
    axes.set_ylim(*scale.inverted().transform(np.array([low - room, top])))
    low, high = map(float, scale.inverted().transform(np.array([low, high])))
    if threshold is not None or not 1e-3 < max(-low, high) < 1e6:
        axes.yaxis.set_major_formatter(lambda value, _: number(value))
    return low, high
