"""All losses of a run in one picture."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gansmith.plots.axes import COLOURS, FAINT, INK, LEGEND_COLUMNS, dress, set_scale
from gansmith.plots.curves import Curve, curve, envelope, smoothed
from gansmith.plots.marks import apart, notes_on
from gansmith.whole_file import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT, HEIGHT_BELOW = 4.5, 2.2
"""Inches of the losses, and of each curve below them."""
FEW = 30
"""Up to this many values are marked one by one."""


def plot_losses(
    series: Mapping[str, tuple[np.ndarray, np.ndarray]],
    out: Path,
    title: str,
    also_svg: bool = True,
    below: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
) -> list[Path]:
    """Write the curves as the PNG file `out`, and as SVG beside it; returns the paths written.

    `series`: steps and values, 1-D and equally long, by name ("discriminator loss").
    Each curve is drawn smoothed (`curves.smoothed`) and bold over its raw values, pale; long raw
    curves by their envelope, so that no spike is lost. Scale: symmetric logarithmic only where the
    sizes differ by more than 50 (`curves.symlog_threshold`). Limits: `curves.robust_limits`;
    triangles at the edge, and a note, mark the values outside. Values that are not finite are gaps,
    marked by crosses at the foot and by a note. The legend has a strip of its own above the curves.
    Each of `below`, series too, is drawn alike on axes of its own under the losses.
    Raises ValueError where steps and values do not fit.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    below = below or {}
    heights = [HEIGHT, *[HEIGHT_BELOW] * len(below)]
    figure = Figure(figsize=(8, sum(heights)), dpi=150, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    every = figure.subplots(len(heights), squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    losses = {name: curve(*pair) for name, pair in series.items()}
    notes = _curves(every[0], losses, "loss", 0, HEIGHT)
    for index, (name, pair) in enumerate(below.items()):
        one, colour = {name: curve(*pair)}, len(losses) + index
        notes += _curves(every[1 + index], one, "", colour, HEIGHT_BELOW)
    every[-1].set_xlabel("step", color=INK)
    _explain(every[0], title, notes)
    for axes in every[1:]:
        _name(axes)
    return _save(figure, out, also_svg)


def _curves(
    axes: Axes, curves: Mapping[str, Curve], quantity: str, colour: int, inches: float
) -> list[str]:
    """Draw curves on axes so high, the first in this colour; returns the notes on them."""
    dress(axes, quantity)
    limits = set_scale(axes, curves, quantity, inches)
    notes: list[str] = []
    for index, (name, raw) in enumerate(curves.items()):
        notes += _draw(axes, name, raw, colour + index, limits)
    return notes


def _draw(axes: Axes, name: str, raw: Curve, index: int, limits: tuple[float, float]) -> list[str]:
    """Draw one curve, mark what cannot be shown, and return the notes that say so."""
    low, high = limits
    gid = re.sub(r"[^\w-]+", "-", name)
    colour = COLOURS[index % len(COLOURS)]
    dashes = ("-", "--", ":")[index // len(COLOURS) % 3]
    marker = "o" if len(raw.steps) <= FEW else ""
    thin, line = envelope(raw), smoothed(raw)
    pale, bold = {"alpha": 0.28, "lw": 0.7, "gid": f"{gid}-raw"}, {"lw": 2.0, "gid": gid}
    axes.plot(thin.steps, thin.values.clip(low, high), color=colour, **pale)
    bold |= {"zorder": 3, "ls": dashes, "marker": marker, "ms": 4.5, "label": name}
    axes.plot(line.steps, line.values.clip(low, high), color=colour, **bold)
    slack = 1e-9 * (abs(low) + abs(high))
    above, below, lost = raw.values > high + slack, raw.values < low - slack, np.isnan(raw.values)
    for where, level, shape in ((above, high, "^"), (below, low, "v"), (lost, low, "x")):
        steps = apart(raw.steps, where)
        axes.plot(steps, np.full(len(steps), level), shape, color=colour, ms=4, zorder=4)
    return notes_on(name, raw.values[above | below], int(lost.sum()))


def _explain(axes: Axes, title: str, notes: list[str]) -> None:
    """The title, the notes below it, and the legend."""
    unbroken = " · ".join(note.replace(" ", "\N{NO-BREAK SPACE}") for note in notes)
    lines = textwrap.wrap(unbroken, 115, break_on_hyphens=False)
    heading = axes.set_title(textwrap.fill(title, 90), loc="left", pad=8 + 11 * len(lines))
    heading.set(parse_math=False, color=INK, fontsize=12)
    axes.text(0, 1.015, "\n".join(lines), transform=axes.transAxes, fontsize=8, color=FAINT)
    _name(axes)


def _name(axes: Axes) -> None:
    """The legend in its strip, or that there is nothing to name."""
    drawn = [line for line in axes.lines if np.isfinite(line.get_ydata()).any()]
    if not drawn:
        axes.text(0.5, 0.5, "no values yet", transform=axes.transAxes, ha="center", color=FAINT)
    elif any(not str(line.get_label()).startswith("_") for line in drawn):
        axes.legend(loc="upper left", ncols=LEGEND_COLUMNS, borderaxespad=0.2, labelcolor=INK,
                    facecolor="white", edgecolor="none", framealpha=1)  # fmt: skip


def _save(figure: Figure, out: Path, also_svg: bool) -> list[Path]:
    """Write the figure in one or both formats; a picture of a run holds no clock."""
    kinds = {out: "png", **({out.with_suffix(".svg"): "svg"} if also_svg else {})}
    for path, kind in kinds.items():
        content = BytesIO()
        figure.savefig(content, format=kind, metadata={"Date": None} if kind == "svg" else None)
        write_whole(path, content.getvalue())
    return list(kinds)
