"""What the cells of a notebook show: pictures that are small enough to be kept in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gansmith.evaluation.finite import finite
from gansmith.evaluation.table import row
from gansmith.notebook.escaped import escaped
from gansmith.pages.render import data_uri
from gansmith.plots.animation import animate, thinned
from gansmith.plots.image_grid import image_grid
from gansmith.plots.losses import plot_losses

if TYPE_CHECKING:
    from gansmith.evaluation.evaluation import Evaluation
    from gansmith.trained import Run

MOST_BYTES = 180_000
"""Of a picture; a larger one is stored as JPEG."""
MOST_FILM = 1_200_000
"""Bytes of the animation."""
FILMS = (
    *((60, 640), (45, 640), (32, 640), (45, 420), (32, 420), (24, 420)),
    *((24, 320), (16, 320), (12, 280), (8, 192)),
)
"""(frames, longer side in pixels) that are tried in turn; the last is taken whatever it is."""
QUALITIES = (95, 90, 80, 65)
STRIP = 26
MEASURED = "gansmith"
"""Where the numbers of a table stand in its metadata."""


def grid(x: Tensor) -> Any:
    """Images (N, C, H, W) in [-1, 1], eight in a row."""
    return small(image_grid(x.numpy()))


def beside(parts: Mapping[str, Tensor]) -> Any:
    """Several grids side by side, each (N, C, H, W) below its title."""
    grids = [_titled(image_grid(x.numpy()), title) for title, x in parts.items()]
    gap = 16
    width = sum(one.width for one in grids) + gap * (len(grids) - 1)
    whole = Image.new("RGB", (width, max(one.height for one in grids)), "white")
    left = 0
    for one in grids:
        whole.paste(one, (left, 0))
        left += one.width + gap
    return small(whole)


def _titled(picture: Image.Image, title: str) -> Image.Image:
    whole = Image.new("RGB", (picture.width, picture.height + STRIP), "white")
    whole.paste(picture, (0, STRIP))
    ImageDraw.Draw(whole).text((2, 4), title, "#303030", ImageFont.load_default(15))
    return whole


def small(picture: Image.Image, most: int = MOST_BYTES) -> Any:
    """A picture for display within `most` bytes: PNG, else JPEG of the best quality that fits."""
    from IPython.display import Image as Shown

    content, kind = _encoded(picture, "PNG", optimize=True), "png"
    for quality in QUALITIES:
        if len(content) <= most:
            break
        content, kind = _encoded(picture, "JPEG", quality=quality), "jpeg"
    return Shown(data=content, format=kind)


def _encoded(picture: Image.Image, kind: str, **how: Any) -> bytes:
    content = BytesIO()
    picture.save(content, kind, **how)
    return content.getvalue()


def film(run: Run, most: int = MOST_FILM) -> Any:
    """The samples of each stage of training as a GIF that is part of the notebook."""
    from IPython.display import HTML

    frames = sorted(run.directory.samples.glob("*.png"), key=lambda path: int(path.stem))
    if not frames:
        return HTML("No samples were drawn while this run was trained.")
    words = f"samples from step {int(frames[0].stem):,} to step {int(frames[-1].stem):,}"
    return HTML(f'<img alt="{words}" src="{data_uri(film_bytes(frames, most), ".gif")}">')


def film_bytes(frames: list[Path], most: int) -> bytes:
    """A GIF of at most `most` bytes: with fewer frames first, then smaller."""
    with Image.open(frames[-1]) as last:
        longest = max(last.size)
    content, rate = b"", 0.0
    for number, side in FILMS:
        pixels = min(number, len(frames)) * min(side, longest) ** 2
        if rate * pixels > 1.3 * most and (number, side) != FILMS[-1]:
            continue  # far too large: not worth the time
        content = _film([frames[index] for index in thinned(len(frames), number)], side)
        if len(content) <= most:
            break
        rate = len(content) / pixels
    return content


def _film(frames: list[Path], side: int) -> bytes:
    captions = [f"step {int(frame.stem):,}" for frame in frames]
    with TemporaryDirectory() as folder:
        for frame in frames:
            with Image.open(frame) as picture:
                picture.thumbnail((side, side), Image.Resampling.LANCZOS)
                picture.save(Path(folder, frame.name), compress_level=1)
        shrunk = [Path(folder, frame.name) for frame in frames]
        out = animate(shrunk, Path(folder, "film.gif"), captions)
        assert out is not None, "there are frames"
        return out.read_bytes()


def losses(series: Mapping[str, tuple[np.ndarray, np.ndarray]], title: str) -> Any:
    """All curves, (steps, values) by name, in one picture: raw and smoothed."""
    with TemporaryDirectory() as folder:
        out = Path(folder, "losses.png")
        plot_losses(series, out, title, also_svg=False)
        with Image.open(out) as picture:
            return small(picture.convert("RGB"))


def table(evaluation: Evaluation) -> Any:
    """What was measured, a row a number, then what could not be and why.

    Its metadata hold the numbers, from which the report in words is written.
    """
    from IPython.display import Markdown

    heads = ("measure", "", "value", "95 % interval", "n", "against", "how far to trust it")
    lines = [heads, ("---",) * len(heads)]
    for one in evaluation.measurements:
        name, better, value, interval, against = row(one)
        lines.append((name, better, value, interval, f"{one.n:,}", against, one.trust))
    rows = ["| " + " | ".join(map(escaped, line)) + " |" for line in lines]
    reasons = [escaped(f"{name}: {why}") for name, why in evaluation.left_out.items()]
    left_out = [f"- left out: {reason}" for reason in reasons]
    numbers = [finite(replace(one, details={}).as_json()) for one in evaluation.measurements]
    return Markdown("\n".join(rows) + "\n\n" + "\n".join(left_out), metadata={MEASURED: numbers})
