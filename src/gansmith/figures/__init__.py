"""The figures of the lectures, each by one command: this table is the only place that names them.

A figure is a function of what is `Asked` to what is `Drawn`: a picture, its numbers, and what to
see in it. Those that need networks train them, as runs in the figure's folder.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from gansmith.errors import ConfigError, nearest

if TYPE_CHECKING:
    from gansmith.figures.asked import Asked
    from gansmith.figures.drawn import Drawn


class Entry(NamedTuple):
    """Where a figure is, and what it shows."""

    target: str
    """MODULE:FUNCTION, which takes what is `Asked` and gives what is `Drawn`."""
    about: str
    minutes: float = 0.0
    """That it trains on two cores, about; 0: it draws at once."""
    data: str = ""
    """The images that it shows unless `--data` says otherwise; "": it takes none. Of several, with
    commas between them, the first that is on this machine."""
    method: str = ""
    """The method that it trains unless `--method` says otherwise; "": it trains its own."""


FIGURES: dict[str, Entry] = {
    "js-vs-wasserstein": Entry(
        "gansmith.figures.parallel_lines:draw",
        "two parallel lines: the Jensen-Shannon divergence does not see how far apart they are",
    ),
    "ae-vs-vae": Entry(
        "gansmith.figures.ae_vs_vae:draw",
        "codes of autoencoder and VAE by class, the VAE's manifold, decoded random codes of both",
        minutes=1.5,
        data="mnist",
    ),
    "checkerboard": Entry(
        "gansmith.figures.checkerboard:draw",
        "the uneven overlap of transposed convolutions, and what training makes of its pattern",
        minutes=4,
        data="mnist",
    ),
    "density": Entry(
        "gansmith.figures.density:draw",
        "an image as a point under the density of the data, generated images, and noise far off",
        minutes=1.5,
        data="mnist",
    ),
    "gan-approaches-data": Entry(
        "gansmith.figures.gan_approaches_data:draw",
        "a generator in one dimension at four moments: p, q, D and where z goes",
        minutes=0.7,
    ),
    "progress": Entry(
        "gansmith.figures.progress:draw",
        "one data set through the methods of one year after the other, as a strip with distances",
        minutes=5,
        data="sprites,emoji-google,mnist",
    ),
    "robustness": Entry(
        "gansmith.figures.robustness:draw",
        "DCGAN, WGAN and WGAN-GP with and without batch norm, and with perceptrons as generator",
        minutes=5,
        data="mnist",
    ),
    "augmentation": Entry(
        "gansmith.figures.augmentation:draw",
        "a classifier with few labels: with generated images, shifted ones, and neither",
        minutes=8,
        data="mnist",
        method="cgan",
    ),
    "earth-mover": Entry(
        "gansmith.figures.earth_mover:draw",
        "transport plans: the earth that is moved, and what the cheapest and another plan cost",
    ),
    "optimal-discriminator": Entry(
        "gansmith.figures.optimal_discriminator:draw",
        "a trained discriminator beside D* = p/(p + q), and its value beside 2 JS - log 4",
        minutes=1,
    ),
    "duality": Entry(
        "gansmith.figures.duality:draw",
        "what penalised and clipped critics estimate, beside the exact earth mover's distance",
        minutes=1,
    ),
    "saturation": Entry(
        "gansmith.figures.saturation:draw",
        "the gradient that reaches a generator by either loss as its discriminator grows strong",
        minutes=1,
    ),
    "value-surfaces": Entry(
        "gansmith.figures.value_surfaces:draw",
        "clipped and penalised critics: value surfaces, weights, gradients by layer",
        minutes=1,
    ),
    "decision-boundary": Entry(
        "gansmith.figures.decision_boundary:draw",
        "samples beyond the boundary: cross entropy lets them go, least squares pull",
        minutes=0.1,
    ),
}


def find(name: str) -> tuple[Entry, Callable[[Asked], Drawn]]:
    """A figure's entry and its function.

    Raises:
        ConfigError: there is none of this name.
    """
    if name not in FIGURES:
        raise ConfigError(f"There is no figure {name!r}. {nearest(name, FIGURES)}")
    entry = FIGURES[name]
    module, _, function = entry.target.partition(":")
    return entry, getattr(importlib.import_module(module), function)
