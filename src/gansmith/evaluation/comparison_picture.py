"""All compared runs in one picture: name, figure with its interval, and samples of each."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from gansmith.batch import Points
from gansmith.evaluation.comparison import Comparison, Group
from gansmith.evaluation.comparison_samples import picture_of_points, shrunk
from gansmith.evaluation.entrants import Entrant
from gansmith.evaluation.letters import families, lettered
from gansmith.evaluation.ranking import Place
from gansmith.metrics.judge import Judge
from gansmith.plots.axes import COLOURS, INK
from gansmith.plots.image_grid import image_grid
from gansmith.whole_file import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW, STRIP, POINTS_ROW = 70, 560, 240
"""Pixels: height of a run, width of its samples; height of a run of points."""
NAMES, BARS, TOP, FOOT = 300, 400, 60, 50
MOST_ROWS = 100
"""More runs do not fit into one picture; the best are drawn."""
DPI = 100


def write_picture(comparison: Comparison, out: Path) -> None:
    """Write the PNG file `out`, whole or not at all."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [_height(group) for group in comparison.groups]
    width, total = NAMES + BARS + STRIP + 40, sum(heights)
    figure = Figure(figsize=(width / DPI, total / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    top = total
    for group, height in zip(comparison.groups, heights, strict=True):
        _draw(figure, group, (top - height) / total, height / total)
        top -= height
    content = BytesIO()
    figure.savefig(content, format="png")
    write_whole(out, content.getvalue())


def _row(group: Group) -> int:
    return POINTS_ROW if group.field.judge.data.spec.batch is Points else ROW


def _height(group: Group) -> int:
    return TOP + FOOT + _row(group) * min(MOST_ROWS, len(group.places))


def _draw(figure: Figure, group: Group, bottom: float, height: float) -> None:
    """A group: names and intervals at the left, samples at the right."""
    places = group.places[:MOST_ROWS]
    pixels, width = _height(group), NAMES + BARS + STRIP + 40
    foot, rows = bottom + height * FOOT / pixels, height * (pixels - TOP - FOOT) / pixels
    axes = figure.add_axes((NAMES / width, foot, BARS / width, rows))
    for row, place in enumerate(places):
        _bar(axes, row, place)
    axes.set_yticks(range(len(places)), [_label(group, place) for place in places])
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.tick_params(colors=INK, labelsize=9, left=False)
    for label in axes.get_yticklabels():
        label.set(fontfamily=families(), parse_math=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#E4E4E4", linewidth=0.8)
    axes.set_axisbelow(True)
    names = [place.figure.name for place in places if place.figure]
    axes.set_xlabel(f"{names[0]}, 95 % interval" if names else "", color=INK, fontsize=9)
    if not names:
        axes.set(xticks=[], facecolor="none")
        axes.spines["bottom"].set_visible(False)
    strip = figure.add_axes(((NAMES + BARS + 20) / width, foot, STRIP / width, rows))
    strip.imshow(_strips(group, places), aspect="auto", interpolation="antialiased")
    strip.set_axis_off()
    more = f", the first {MOST_ROWS} of {len(group.places)} runs" if len(places) < len(
        group.places) else ""  # fmt: skip
    figure.text(
        20 / width, bottom + height * (1 - 34 / pixels), lettered(f"{group.data}{more}", 90),
        fontfamily=families(), fontsize=13, color=INK, parse_math=False,
    )  # fmt: skip


def _bar(axes, row: int, place: Place) -> None:
    one = place.figure
    if one is None or not np.isfinite(one.value):
        return
    if one.interval is not None:
        axes.plot(
            one.interval, (row, row), color=COLOURS[0], lw=9, alpha=0.45, solid_capstyle="butt"
        )
    axes.plot(one.value, row, "|", color=COLOURS[0], ms=18, mew=2)


def _label(group: Group, place: Place) -> str:
    name = lettered(group.field.entrants[place.index].name)
    return f"{place.words}   {name}" + (f"\n{place.figure.value:.4g}" if place.figure else "")


def _strips(group: Group, places: tuple[Place, ...]) -> np.ndarray:
    """The samples of each run, one below the other: (rows · height, STRIP, 3) uint8."""
    judge, height = group.field.judge, _row(group)
    strips = [_strip(group.field.entrants[place.index], judge, height) for place in places]
    return np.concatenate(strips)


def _strip(entrant: Entrant, judge: Judge, height: int) -> np.ndarray:
    ground = Image.new("RGB", (STRIP, height), "white")
    if judge.data.spec.batch is Points:
        if entrant.samples.shape[1:] == (2,):
            ground.paste(picture_of_points(entrant.samples, judge, height - 4), (0, 2))
        return np.asarray(ground)
    grid = image_grid(shrunk(entrant.samples[:8]), 8).convert("RGB")
    grid.thumbnail((STRIP, height - 4))
    ground.paste(grid, (0, (height - grid.height) // 2))
    return np.asarray(ground)
