"""Checkerboards of transposed convolutions: where they come from, and whether training ends them.

Source: Odena et al. 2016, "Deconvolution and checkerboard artifacts": a kernel whose side the
stride does not divide overlaps unevenly. How often is counted by ones through the package's own
layers. The energy at 1/2, 1/4 and 1/8 cycles a pixel is that of `gansmith evaluate` (see
`metrics/images/spectrum.py`), as how far such a line stands out beside real images: 1 is what they
have. All generators are seen as training sees them, with the statistics of the batch: the running
ones still hold a part of their start where training was short.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor, nn

from gansmith.config import stored_data
from gansmith.draws import seed_of
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, FAINT, Drawn, canvas, dressed
from gansmith.figures.judged import rounded
from gansmith.figures.tiles import show_grid
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.measuring import measure
from gansmith.networks.upsampling import doubling
from gansmith.training.state import build_networks

if TYPE_CHECKING:
    from gansmith.trained import Run

EARLY, LATE, NUMBER, SHOWN, SIDE, CUT = 40, 2500, 500, 16, 12, 3
Upsample = Literal["deconv", "resize"]
Kernel = Literal[3, 4, 5]
WAYS: dict[str, tuple[Upsample, Kernel]] = {
    "deconv 3x3": ("deconv", 3),
    "deconv 4x4": ("deconv", 4),
    "resize, conv 3x3": ("resize", 4),
}
MOMENTS = ("untrained", "early", "late")
SMALL: dict[str, Any] = {"width": 16, "hidden": 128}


@torch.no_grad()
def contributions(upsample: Upsample, kernel: Kernel, side: int = SIDE) -> Tensor:
    """How many products of weight and input each output pixel adds up: (side, side).

    Ones are enlarged by 2 by the package's layer with ones as weights; what the edge cuts is cut.
    """
    layers = doubling(1, 1, upsample, kernel, bias=False)
    for layer in layers:
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.ones_(layer.weight)
    made = nn.Sequential(*layers)(torch.ones(1, 1, side // 2 + CUT, side // 2 + CUT))
    return made[0, 0, CUT : CUT + side, CUT : CUT + side]


def draw(asked: Asked) -> Drawn:
    """Overlap, samples before and after training, and how far the strides' lines stand out."""
    figure = canvas(13, 8.2)
    axes = figure.subplots(3, 4, height_ratios=(1, 1, 1))
    found: dict[str, dict[str, Any]] = {}
    for column, (name, (upsample, kernel)) in enumerate(WAYS.items()):
        counts = contributions(upsample, kernel)
        runs = {
            moment: asked.trained(
                f"{name.split()[0].strip(',')}-{kernel}-{moment}",
                "dcgan",
                steps,
                data=asked.data,
                upsample=upsample,
                kernel=kernel,
                **SMALL,
            )
            for moment, steps in (("early", EARLY), ("late", LATE))
        }
        images = {"untrained": seen_in_training(runs["late"], asked.seed, NUMBER, begun=True)}
        for moment, run in runs.items():
            images[moment] = seen_in_training(run, asked.seed, NUMBER)
        rows = {moment: _lines(runs["late"], x) for moment, x in images.items()}
        found[name] = {"contributions": sorted({int(n) for n in counts.flatten().tolist()})} | rows
        _counted(axes[0, column], counts, name)
        for row, moment in ((1, "untrained"), (2, "late")):
            x = stretched(images[moment][:SHOWN])
            show_grid(axes[row, column], x, 4, f"{name}, {moment}", 2)
    _curves(axes[:, 3], found)
    numbers = {"data": asked.data, "early": asked.steps(EARLY), "late": asked.steps(LATE)}
    return Drawn(figure, {**numbers, "ways": found}, see(found))


@torch.no_grad()
def seen_in_training(run: Run, seed: int, number: int, begun: bool = False) -> Tensor:
    """Images of a run's generator, or of the one it began with, normalised over their own batch."""
    method, state = run.restored()
    nets = state.nets
    if begun:
        nets = build_networks(method, run.config.spec, run.config.training.seed)
    random = torch.Generator().manual_seed(seed_of("untrained", seed))
    z = torch.randn(number, run.config.fields["z_dim"], generator=random)
    return method.generate(nets.train(), {"z": z}).float()


def stretched(x: Tensor) -> Tensor:
    """Each image (C, H, W) with its own contrast brought to [-1, 1]: faint patterns are seen."""
    flat = x.flatten(1)
    low, high = (end(1).values[:, None, None, None] for end in (flat.min, flat.max))
    return (x - low) / (high - low).clamp_min(1e-12) * 2 - 1


def _lines(run: Run, x: Tensor) -> dict[str, Any]:
    """{"1/2": how far the line stands out beside real images, ..., "spectrum": by rings}."""
    data = stored_data(run.config)
    held_out = data.held_out() or data.take(torch.arange(min(NUMBER, data.spec.size)))
    real = Samples(held_out.x.float())  # type: ignore[union-attr]
    given = Given(Samples(x), real, "held-out", real)
    details = measure(given, ["checkerboard"]).measurements[0].details
    ratios = {line: rounded(value) for line, value in details["ratios"].items()}
    rings = {kind: [rounded(v) for v in details[f"spectrum_{kind}"]] for kind in KINDS}
    return {**ratios, "spectra": rings}


KINDS = ("generated", "real")


def _counted(axes, counts: Tensor, name: str) -> None:
    least, most = int(counts.min()), int(counts.max())
    said = f"{least}" if least == most else f"{least} to {most}"
    axes.imshow(counts.numpy(), cmap="viridis", vmin=0, vmax=9)
    axes.set_title(f"{name}: {said} products a pixel", loc="left", fontsize=9)
    axes.set_axis_off()


def _curves(axes, found: dict[str, dict[str, Any]]) -> None:
    """How far two lines stand out over training, and the spectra at the end."""
    for place, line in zip(axes, ("1/2", "1/4"), strict=False):
        for (name, rows), colour in zip(found.items(), COLOURS[1:], strict=False):
            values = [rows[moment].get(line) for moment in MOMENTS]
            place.plot(MOMENTS, values, "o-", color=colour, label=name)
        place.axhline(1, color=FAINT, lw=1, ls="--")
        place.set_yscale("log")
        dressed(place, f"line at {line} cycles a pixel, beside real")
    axes[0].legend(fontsize=7)
    dressed(axes[2], "spectra, late (dashed: real)", "ring, cycles an image")
    for (_, rows), colour in zip(found.items(), COLOURS[1:], strict=False):
        axes[2].plot(rows["late"]["spectra"]["generated"], color=colour)
        axes[2].plot(rows["late"]["spectra"]["real"], "--", color=COLOURS[0])
    axes[2].set_yscale("log")


def see(found: dict[str, dict[str, Any]]) -> list[str]:
    """What to see, from the lines' prominence at each moment."""
    uneven = [name for name, rows in found.items() if len(rows["contributions"]) > 1]
    at = {m: {name: rows[m]["1/2"] for name, rows in found.items()} for m in MOMENTS}
    worst = {moment: max(row, key=lambda name: row[name]) for moment, row in at.items()}
    odd, *_ = found
    fades = abs(math.log(at["late"][odd])) < abs(math.log(at["untrained"][odd])) / 2
    return [
        f"Products of weight and input that a pixel adds up: uneven with {' and '.join(uneven)} "
        f"({', '.join(map(str, found[odd]['contributions']))}), even with the others, away from "
        "the edges.",
        "The line at 1/2 cycles a pixel stands out, beside real images, of untrained generators "
        + _listed(at["untrained"])
        + (
            f": most with {worst['untrained']}, as the overlap says."
            if worst["untrained"] in uneven
            else f": most with {worst['untrained']}, which the overlap alone does not say."
        ),
        f"Early in training {_listed(at['early'])}; late {_listed(at['late'])}. "
        + (
            f"Training takes most of it away for {odd}."
            if fades
            else f"Training does not take it away for {odd}."
        )
        + " 1 is what real images have; an even overlap does not keep a network from learning it.",
    ]


def _listed(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in values.items())
