"""Films of images that change: forwards and backwards, for ever."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from gansmith.plots.animation import animate
from gansmith.plots.image_grid import image_grid, save_png

MILLISECONDS = 80
SIDE = 112
"""Pixels up to which small images are enlarged; a film shows few of them."""


def there_and_back(frames: Tensor, captions: Sequence[str], out: Path) -> Path:
    """A looping GIF of frames (T, rows, C, H, W), forwards and backwards; a frame is a row."""
    order = [*range(len(frames)), *range(len(frames) - 2, 0, -1)]
    scale = max(1, SIDE // max(frames.shape[-2:]))
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number:06d}.png" for number in range(len(frames))]
        for path, frame in zip(paths, frames, strict=True):
            picture = image_grid(frame.float().numpy(), max(4, len(frame)), scale)
            save_png(picture, path, {}, 1)
        shown = [paths[number] for number in order]
        animate(shown, out, [captions[number] for number in order], len(order), MILLISECONDS)
    return out
