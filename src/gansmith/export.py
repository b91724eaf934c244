"""Samples written for people and programs: a grid, single pictures or an array."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL.Image import Image
from torch import Tensor

from gansmith.api import Run
from gansmith.batch import Points
from gansmith.errors import ConfigError, RunError
from gansmith.observers import provenance
from gansmith.plots.image_grid import image_grid, in_rows, save_each, save_png
from gansmith.plots.points import points_picture
from gansmith.training.conditions import Conditions

USUAL = 64
"""Samples that are drawn unless their number is given."""
MOST_IN_A_PICTURE = 10_000


@dataclass(frozen=True)
class Wanted:
    """Which samples."""

    number: int
    seed: int = 0
    raw_weights: bool = False
    """Of the weights themselves, not of their running average."""
    checkpoint: str = "latest"
    """"latest", "best" or a step."""
    classes: tuple[str, ...] = ()
    """Names; none for all."""

    def default_out(self, run: Run) -> Path:
        """The picture in the run's directory."""
        raw = "-raw" if self.raw_weights else ""
        which = "" if self.checkpoint == "latest" else f"-{self.checkpoint}"
        classes = "-".join(["", *(re.sub(r"\W+", "_", name) for name in self.classes)])[:80]
        return run.path / f"samples-{self.number}-seed-{self.seed}{raw}{which}{classes}.png"


def usual_number(by_class: Conditions | None) -> int:
    """How many samples are drawn where that is not said: some of each of several classes."""
    return USUAL if by_class is None or len(by_class.names) == 1 else by_class.number


def write_samples(run: Run, wanted: Wanted, out: Path | None = None) -> tuple[int, Path]:
    """Draw samples and write them where `out` says.

    Args:
        run: a trained run.
        wanted: which samples.
        out: FILE.png for one picture, FILE.npy for the array (float32, N first), else a directory
            for one PNG an image; None: a picture in the run's directory.

    Returns:
        (step of the checkpoint, path written).

    Raises:
        ConfigError: points in a directory, another ending, too many for a picture, or a directory
            that holds other files.
        RunError: `out` cannot be written.
    """
    out = out or wanted.default_out(run)
    suffix = "" if out.is_dir() else out.suffix.lower()
    _check(out, suffix, wanted.number, run.config.spec.batch is Points)
    by_class = run.conditions(wanted.classes)
    step, chunks = run.draw(
        wanted.number, wanted.seed, wanted.raw_weights, wanted.checkpoint, wanted.classes
    )
    metadata = provenance(run.config.method, run.path.name, step, wanted.seed)
    if by_class is not None:
        metadata["Comment"] = f"The classes, in turn: {'; '.join(by_class.names)}"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if suffix == ".npy":
            _write_array(out, chunks, (wanted.number, *run.config.spec.shape))
        elif suffix == ".png":
            save_png(_picture(torch.cat(list(chunks)).numpy(), by_class), out, metadata)
        else:
            start = 0
            for chunk in chunks:
                start += len(save_each(chunk.numpy(), out, metadata, start))
    except OSError as error:
        raise RunError(f"{out} cannot be written: {error}. Give another --out.") from error
    return step, out


def _picture(drawn: np.ndarray, by_class: Conditions | None) -> Image:
    """Points as a scatter plot, images as a grid, with a row for each of several classes."""
    if drawn.ndim == 2:
        return points_picture(drawn, None)
    if by_class is not None and len(by_class.names) > 1:
        return image_grid(*in_rows(drawn, len(by_class.names)))
    return image_grid(drawn, max(8, math.isqrt(len(drawn))))


def _check(out: Path, suffix: str, number: int, points: bool) -> None:
    """Refuse another ending, too many for a picture, and a directory with other files in it."""
    if suffix not in ("", ".png", ".npy") or (points and not suffix):
        kinds = ".png or .npy file" if points else ".png file, a .npy file or a directory"
        raise ConfigError(f"--out {out}: give a {kinds}.")
    if suffix == ".png" and number > MOST_IN_A_PICTURE:
        raise ConfigError(
            f"{number:,} samples are too many for one picture: give --out FILE.npy"
            f"{'' if points else ' or --out DIR'}, or at most {MOST_IN_A_PICTURE:,}."
        )
    mine = {f"{index:06d}.png" for index in range(number)}
    entries = out.iterdir() if out.is_dir() else ()
    other = sorted(path.name for path in entries if path.name not in mine)
    if other:
        raise ConfigError(f"--out {out} holds other files, such as {other[0]}: give a new one.")


def _write_array(out: Path, chunks: Iterator[Tensor], shape: tuple[int, ...]) -> None:
    """Write a .npy file chunk by chunk, beside its name until it is whole."""
    beside = out.with_name(f".{out.name}.{os.getpid()}.partial")
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    try:
        with beside.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, header)
            for chunk in chunks:
                file.write(chunk.numpy().astype("<f4").tobytes())
        os.replace(beside, out)
    finally:
        beside.unlink(missing_ok=True)
