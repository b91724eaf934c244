"""How well a generator can make images that it was not trained on: z is optimised for each.

What a generator cannot reach, however z is chosen, it has dropped; a longer search may find less.

Source: see `metrics/images/searching.py`.
"""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import Tensor

from gansmith.metrics.given import Given
from gansmith.metrics.images.searching import SHORT, Search, reconstructed, squared_errors
from gansmith.metrics.interval import normal
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.parts import means_of_parts

IMAGES = 32
LEAST = 32
"""Errors of single images deviate by about half their mean: the mean is right to 10 % then."""
NUMBERS = 1 << 24


def reconstruction(given: Given) -> list[Measurement]:
    """The error on held-out images after a thorough search, beside what needs no search.

    "seconds_per_image" in the details is a clock: it differs between runs that agree in all else.
    """
    name = "Reconstruction error of held-out images, a pixel"
    return [_measured(given, "reconstruction", name, Search())]


def reconstruction_short(given: Given) -> list[Measurement]:
    """The same after the short search of Xiang and Li; not to be compared with the thorough one."""
    name = "Reconstruction error of held-out images after a short search, a pixel"
    return [_measured(given, "reconstruction_short", name, SHORT)]


def _measured(given: Given, key: str, name: str, search: Search) -> Measurement:
    assert given.generator is not None, "said in the table"
    rows = np.random.default_rng(given.seed).permutation(len(given.reference))[:IMAGES]
    x = given.reference.x[torch.from_numpy(rows)]
    started = time.perf_counter()
    _, errors = reconstructed(given.generator, given.z_dim, x, given.seed, search)
    seconds = (time.perf_counter() - started) / len(x)
    value, mean = (
        float(errors.mean()),
        squared_errors(given.train.x.mean(0, keepdim=True), x).mean(),
    )
    nearest = _nearest(x, given.generated.x).mean()
    details = {
        "mean_image": float(mean),
        "nearest_sample": float(nearest),
        "rows": rows.tolist(),
        "errors": errors.tolist(),
        "parts": means_of_parts(errors.tolist()),
        "seconds_per_image": seconds,
        **search._asdict(),
    }
    many = "1 beginning" if search.restarts == 1 else f"{search.restarts} beginnings"
    return given.measured(
        key,
        name,
        value,
        "lower",
        featured=False,
        n=len(x),
        n_reference=len(x),
        interval=normal(value, float(errors.std() / len(x) ** 0.5)) if len(x) > 1 else None,
        least=LEAST,
        notes=(
            f"The mean image scores {mean:.4g}, the nearest of the samples {nearest:.4g}.",
            f"From {many}, {search.steps} steps each.",
        ),
        details=details,
    )


def _nearest(x: Tensor, generated: Tensor) -> Tensor:
    """The error of the sample nearest to each image, (N,)."""
    least = torch.full((len(x),), torch.inf)
    for part in generated.split(max(1, NUMBERS // x[0].numel())):
        apart = torch.cdist(x.flatten(1), part.flatten(1)).square().amin(1) / x[0].numel()
        least = torch.minimum(least, apart)
    return least
