"""Samples written for people and programs: a grid, single pictures or an array."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gansmith.api import Run
from gansmith.batch import Points
from gansmith.errors import ConfigError, RunError
from gansmith.observers import provenance
from gansmith.plots.image_grid import image_grid, save_each, save_png
from gansmith.plots.points import points_picture


def write_samples(run: Run, number: int, seed: int, out: Path, raw_weights: bool = False) -> Path:
    """Draw samples and write them where `out` says.

    Args:
        run: a trained run.
        number: how many samples.
        seed: what they follow from.
        out: FILE.png for one picture, FILE.npy for the array (floats, N first), else a directory
            for one PNG an image.
        raw_weights: use the weights themselves, not their running average.

    Raises:
        ConfigError: points in a directory, or another ending.
        RunError: `out` cannot be written.
    """
    points = run.config.spec.batch is Points
    suffix = out.suffix.lower()
    if suffix not in ("", ".png", ".npy") or (points and not suffix):
        kinds = ".png or .npy file" if points else ".png file, a .npy file or a directory"
        raise ConfigError(f"--out {out}: give a {kinds}.")
    drawn = run.sample(number, seed, raw_weights).numpy()
    metadata = provenance(run.config.method, run.path.name, run.step, seed)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".npy":
            np.save(out, drawn)
        elif suffix == ".png":
            save_png(points_picture(drawn, None) if points else image_grid(drawn), out, metadata)
        else:
            save_each(drawn, out, metadata)
    except OSError as error:
        raise RunError(f"{out} cannot be written: {error}. Give another --out.") from error
    return out
