"""The z of given images: searched down the gradient, from several beginnings.

Source: see `metrics/images/searching.py`, whose search this is. A generator is no bijection:
the z that is found need not be near the prior, and an image may have none that makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gansmith.errors import ConfigError
from gansmith.latent.pictures import Labels, Sheet
from gansmith.latent.space import LatentSpace
from gansmith.metrics.images.searching import Search, reconstructed
from gansmith.whole_file import write_whole

COMPARED = 512
"""Samples among which the nearest is shown: what is had without a search."""


@dataclass(frozen=True)
class Inversion:
    """Images, and what the generator makes in their place."""

    space: LatentSpace
    x: Tensor
    """(N, C, H, W) in [-1, 1], as the run's data is."""
    names: tuple[str, ...]
    z: Tensor
    """(N, z_dim)."""
    made: dict[str, Tensor]
    """(N, C, H, W) each: "found" of z, "nearest sample", and "encoder" where there is one."""
    codes: Tensor | None
    """(N, z_dim) of the encoder."""
    search: Search
    seed: int

    @property
    def errors(self) -> dict[str, Tensor]:
        """Mean squared error a pixel, of range [-1, 1]: (N,) each."""
        return {name: apart(one, self.x) for name, one in self.made.items()}

    @property
    def caption(self) -> str:
        """What the picture shows."""
        coded = " the encoder's reconstruction;" if self.codes is not None else ""
        tries = self.search.restarts
        searched = f"the best of {tries} searches" if tries > 1 else "by one search"
        return (
            f"Given images; what the generator makes of the z found for each, {searched} of "
            f"{self.search.steps} steps;{coded} the nearest of "
            f"{COMPARED} samples. Above each column the mean squared error a pixel of what was "
            f"found, of range −1 to 1. |z| is {float(self.z.norm(dim=1).mean()):.2f} on average, "
            f"{self.space.norm:.2f} under the prior. {self.space.words}."
        )

    def as_json(self) -> dict[str, Any]:
        """Errors and |z| of each image."""
        errors = {name.replace(" ", "_"): one.tolist() for name, one in self.errors.items()}
        images = [
            {"name": name, "norm": float(z.norm()), "error": {k: v[i] for k, v in errors.items()}}
            for i, (name, z) in enumerate(zip(self.names, self.z, strict=True))
        ]
        means = {name: float(np.mean(one)) for name, one in errors.items()}
        return {
            "images": images,
            "mean_error": means,
            "prior_norm": self.space.norm,
            **self.search._asdict(),
        }

    def write(self, out: Path) -> dict[str, Path]:
        """The picture as `out`; beside it z, and the codes of the encoder, as .npy."""
        rows = {"given": self.x, **self.made}
        errors = [f"{error:.3f}" for error in self.errors["found"].tolist()]
        labels = Labels(list(rows), errors)
        sheet = Sheet(torch.cat(list(rows.values())), len(self.x), labels)
        description = {"Description": "Row 1: given images. All others were generated."}
        sheet.write(out, self.caption, self.space.metadata(self.seed) | description)
        files = {"picture": out, "z": out.with_name(f"{out.stem}-z.npy")}
        write_whole(files["z"], array_bytes(self.z))
        if self.codes is not None:
            files["codes"] = out.with_name(f"{out.stem}-codes.npy")
            write_whole(files["codes"], array_bytes(self.codes))
        return files


def invert(
    space: LatentSpace,
    x: Tensor,
    *,
    names: Sequence[str] = (),
    search: Search | None = None,
    seed: int = 0,
) -> Inversion:
    """The z whose image is nearest to each image.

    Args:
        space: of a run.
        x: (N, C, H, W) in [-1, 1], of the shape of the run's data; see `conformed`.
        names: of the images; None given: their numbers.
        search: how z is optimised.
        seed: of its beginnings.

    Raises:
        ConfigError: images of another shape, or a search of no steps.
    """
    shape, search = space.run.config.spec.shape, search or Search()
    if x.ndim != 4 or tuple(x.shape[1:]) != shape or not len(x):
        raise ConfigError(f"Images of shape {tuple(x.shape)}: this run takes (N, *{shape}).")
    if search.restarts < 1 or search.steps < 1:
        raise ConfigError(
            f"--restarts {search.restarts} --steps {search.steps}: give at least 1 of each."
        )
    z, _ = reconstructed(space, space.z_dim, x, seed, search)
    codes = space.encode(x) if space.encodes else None
    made = {"found": space.images(z)}
    if codes is not None:
        made["encoder"] = space.images(codes)
    made["nearest sample"] = _nearest(space.images(space.drawn(range(COMPARED), seed)), x)
    named = tuple(names) or tuple(map(str, range(len(x))))
    return Inversion(space, x, named, z, made, codes, search, seed)


def apart(made: Tensor, x: Tensor) -> Tensor:
    """The mean squared error a pixel, (N,)."""
    return (made - x).square().flatten(1).mean(1)


def array_bytes(z: Tensor) -> bytes:
    """A .npy file of float32."""
    content = BytesIO()
    np.save(content, z.float().numpy(), allow_pickle=False)
    return content.getvalue()


def _nearest(drawn: Tensor, x: Tensor) -> Tensor:
    """The nearest of the drawn images to each."""
    return drawn[torch.cdist(x.flatten(1), drawn.flatten(1)).argmin(1)]
