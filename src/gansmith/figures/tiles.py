"""Images in a figure: grids of them, and single ones at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gansmith.figures.drawn import INK
from gansmith.plots.image_grid import image_grid, to_uint8

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from torch import Tensor


def show_grid(axes: Axes, x: Tensor, columns: int = 8, title: str = "", scale: int = 1) -> Axes:
    """Images (N, C, H, W) in [-1, 1], row by row, in place of axes; `scale` dots a pixel."""
    axes.imshow(_colours(np.asarray(image_grid(x.numpy(), columns, scale))))
    axes.set_title(title, loc="left", color=INK, fontsize=9)
    axes.set_axis_off()
    return axes


def show_at(
    axes: Axes, x: Tensor, place: tuple[float, float], colour: str, zoom: float = 1.0
) -> None:
    """One image (C, H, W) in [-1, 1] at a place in the axes' own units, in a coloured frame."""
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    picture = OffsetImage(_colours(to_uint8(x[None].numpy())[0]), zoom=zoom)
    frame = {"edgecolor": colour, "linewidth": 1.2}
    axes.add_artist(AnnotationBbox(picture, place, pad=0.1, bboxprops=frame))


def _colours(pixels: np.ndarray) -> np.ndarray:
    """(H, W), (H, W, 1) or (H, W, 3) → (H, W, 3)."""
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    return pixels.repeat(3, axis=2) if pixels.shape[2] == 1 else pixels
