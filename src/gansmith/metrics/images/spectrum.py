"""Energy at the frequencies of strides: the checkerboards of transposed convolutions.

A layer that enlarges by 2 leaves a pattern that repeats every 2 pixels; the layers before it, every
4 and 8. Each shows as a line in the power spectrum, at 1/2, 1/4 and 1/8 cycles a pixel, that stands
out of its neighbours; of real images none does, or no more than the data's own.

Source: Odena et al. 2016, "Deconvolution and checkerboard artifacts" (where they come from); Durall
et al. 2020, arXiv:2003.01826, equations 2 to 4 (the spectrum averaged over angles). Deviation: the
lines are measured along each axis, with a Hann window, which needs no side that 8 divides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from gansmith.metrics.given import Given
from gansmith.metrics.interval import bootstrap, holding, reflected
from gansmith.metrics.measurement import Measurement

STRIDES = (2, 4, 8)
NEIGHBOUR = 3
"""Neighbours lie so many widths 1 / side away: a line's own Hann window ends after two."""
ROUNDING = (2 / 255) ** 2 / 12
"""Variance that rounding to 256 levels leaves: what is weaker is nothing."""
NUMBERS = 1 << 21
LEAST = 200
"""Energies of single digits deviate by 0.4 of their mean, so the ratio's error is 3 to 4 %."""


def frequencies(side: int) -> np.ndarray:
    """(strides, 3) cycles a pixel: each line and its two neighbours.

    Lines whose neighbours would reach the mean of the image are left out.
    """
    apart = NEIGHBOUR / side
    lines = [1 / stride for stride in STRIDES if 1 / stride - apart >= apart]
    return np.array([[line, line - apart, line + apart] for line in lines]).reshape(-1, 3)


def energies(x: Tensor, at: np.ndarray, axis: int) -> np.ndarray:
    """Energy of each image at frequencies along an axis, a mean over its lines and channels.

    Args:
        x: (N, C, H, W).
        at: frequencies (..., 3) in cycles a pixel.
        axis: 2 for those down the image, 3 for those across.

    Returns:
        (N, *at.shape): |Σ w x exp(-2πi f t)|² / Σ w² with the Hann window w, of the image less its
        mean; σ² of white noise of variance σ².
    """
    side = x.shape[axis]
    window = np.sin(np.pi * (np.arange(side) + 0.5) / side) ** 2
    waves = window * np.exp(-2j * np.pi * at.reshape(-1, 1) * np.arange(side))
    waves /= np.sqrt(np.square(window).sum())
    found = []
    for part in x.movedim(axis, -1).split(max(1, NUMBERS // x[0].numel())):
        images = part.double().numpy()
        images = images - images.mean((1, 2, 3), keepdims=True)
        found.append(np.square(np.abs(images @ waves.T)).mean((1, 2)))
    return np.concatenate(found).reshape(len(x), *at.shape)


def prominence(found: np.ndarray) -> np.ndarray:
    """How far lines stand out: their mean energy over that of their neighbours.

    Args:
        found: (N, lines, 3) energies of images at each line and its neighbours.

    Returns:
        (lines,); the neighbours' energy is their geometric mean, right for a spectrum that falls
        evenly.
    """
    mean = found.mean(0) + ROUNDING
    return mean[:, 0] / np.sqrt(mean[:, 1] * mean[:, 2])


def radial(x: Tensor) -> np.ndarray:
    """The power spectrum averaged over images, channels and angles.

    Args:
        x: (N, C, H, W).

    Returns:
        One value for each ring of width 1 / (shorter side), from 0 to 1/2 cycles a pixel; σ² of
        white noise of variance σ².
    """
    height, width = x.shape[2:]
    power = np.zeros((height, width))
    for part in x.split(max(1, NUMBERS // x[0].numel())):
        power += np.square(np.abs(np.fft.fft2(part.double().numpy()))).mean(1).sum(0)
    power /= len(x) * height * width
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    ring = np.rint(radius * min(height, width)).astype(int)
    kept = ring <= min(height, width) // 2
    return np.bincount(ring[kept], power[kept]) / np.bincount(ring[kept])


def _both_axes(x: Tensor) -> np.ndarray:
    """(N, lines, 3): energies along both axes, averaged over those that have the line."""
    down, across = (energies(x, frequencies(x.shape[axis]), axis) for axis in (2, 3))
    lines = min(down.shape[1], across.shape[1])
    return (down[:, :lines] + across[:, :lines]) / 2


def checkerboard(given: Given) -> list[Measurement]:
    """How much further the strongest line stands out of generated images than of real ones.

    1 is what real images have; the largest of several lines is somewhat above it by chance. So the
    interval draws both sets anew and takes the strongest line of each draw, and is turned about the
    value, as logarithms, since draws add to the largest what drawing added to it before.
    """
    found, real = _both_axes(given.generated.x), _both_axes(given.reference.x)
    ratios = prominence(found) / prominence(real)
    worst = int(ratios.argmax())

    random, m = np.random.default_rng(given.seed), len(real)

    def largest(rows: np.ndarray) -> float:
        others = random.integers(0, m, m)
        return float(np.log(prominence(found[rows]) / prominence(real[others])).max())

    value = float(ratios[worst])
    ends = np.exp(reflected(np.log(value), *bootstrap(largest, len(found), random)))
    lines = [f"1/{stride}" for stride in STRIDES[: len(ratios)]]
    details: dict[str, Any] = {
        "ratios": dict(zip(lines, ratios.tolist(), strict=True)),
        "generated": dict(zip(lines, prominence(found).tolist(), strict=True)),
        "real": dict(zip(lines, prominence(real).tolist(), strict=True)),
        "spectrum_generated": radial(given.generated.x).tolist(),
        "spectrum_real": radial(given.reference.x).tolist(),
    }
    return [
        given.measured(
            "checkerboard",
            "Energy at the strides' frequencies",
            value,
            "neither",
            featured=False,
            interval=holding(value, tuple(ends.tolist()), 0.0, np.inf),
            least=LEAST,
            notes=(f"Strongest at {lines[worst]} cycles a pixel; 1 is what real images have.",),
            details=details,
        )
    ]
