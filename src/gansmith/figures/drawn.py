"""What a figure gives, and how it is written: PNG, SVG and its numbers as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gansmith.plots.axes import COLOURS, FAINT, INK
from gansmith.whole_file import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "FAINT", "INK", "Drawn", "canvas", "dressed", "write"]


class Drawn(NamedTuple):
    """A figure of a lecture."""

    picture: Figure
    numbers: Mapping[str, Any]
    """All that is drawn or said, as JSON holds it."""
    see: Sequence[str]
    """What to see in it, in sentences; they speak of the numbers that came out."""


def canvas(width: float = 9.0, height: float = 4.5) -> Figure:
    """An empty picture, inches; at 120 dots an inch."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=120, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def dressed(axes: Axes, title: str = "", x: str = "", y: str = "") -> Axes:
    """Axes with a title on the left, named, a quiet frame and a pale grid."""
    axes.set_title(title, loc="left", color=INK, fontsize=10)
    axes.set_xlabel(x, color=INK, fontsize=9)
    axes.set_ylabel(y, color=INK, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(colors=INK, labelsize=8)
    axes.grid(color="#E4E4E4", linewidth=0.8)
    axes.set_axisbelow(True)
    return axes


def write(drawn: Drawn, folder: Path, name: str) -> dict[str, Path]:
    """FOLDER/NAME.png, .svg and .json; none holds a clock."""
    paths = {kind: folder / f"{name}.{kind}" for kind in ("png", "svg", "json")}
    for kind in ("png", "svg"):
        content = BytesIO()
        about = {"Date": None} if kind == "svg" else None
        drawn.picture.savefig(content, format=kind, metadata=about)
        write_whole(paths[kind], content.getvalue())
    numbers = {"figure": name, "see": list(drawn.see), **drawn.numbers}
    write_whole(paths["json"], (json.dumps(numbers, indent=2, allow_nan=False) + "\n").encode())
    return paths
