"""A walk from one z along the directions to which the generator responds most; see `response`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gansmith.latent.along import Along, checked, ticks, walked
from gansmith.latent.films import there_and_back
from gansmith.latent.inversion import array_bytes
from gansmith.latent.latents import Latents, latents
from gansmith.latent.pictures import Labels, Sheet
from gansmith.latent.response import principal_directions
from gansmith.latent.space import LatentSpace
from gansmith.whole_file import write_whole

FRAMES = 33
"""Of the film, from one end to the other."""


@dataclass(frozen=True)
class Walk:
    """Images along the directions to which a generator responds most."""

    space: LatentSpace
    directions: Tensor
    """(z_dim, z_dim), a row each, the strongest first."""
    shares: Tensor
    """(z_dim,) of the mean squared response."""
    scales: Tensor
    """(shown,) standard deviation of z along each shown direction."""
    z: Tensor
    """(shown, steps, z_dim)."""
    images: Tensor
    """(shown, steps, C, H, W) in [-1, 1]."""
    start: int
    along: Along
    """With as many z as there were."""
    origin: Latents
    seed: int

    @property
    def caption(self) -> str:
        """What the picture shows."""
        reach = f"{self.along.reach:g}"
        return (
            f"Each row moves z of number {self.start} of the {self.origin.words} along one "
            f"direction, from −{reach} to +{reach} standard deviations of z; the middle is "
            "the image itself. Left: the share of the response of all pixels, averaged "
            f"over {self.along.at} z, that lies along it; evenly spread it would be "
            f"{1 / len(self.shares):.1%}. {self.space.words}."
        )

    def as_json(self) -> dict[str, Any]:
        """The shares of all directions, and how far was walked."""
        half = int((self.shares.cumsum(0) < 0.5).sum()) + 1
        return {
            "shares": self.shares.tolist(),
            "directions_for_half": half,
            "scales": self.scales.tolist(),
            "start": self.start,
            **self.along._asdict(),
        }

    def write(self, out: Path) -> dict[str, Path]:
        """The grid as `out`; beside it the film, and all directions as .npy, a row each."""
        shown, steps = self.images.shape[:2]
        left = [f"{i + 1}: {share:.1%}" for i, share in enumerate(self.shares[:shown].tolist())]
        places = ticks(self.along, steps).tolist()
        top = [f"{tick:+.3g}".replace("-", "−") if tick else "0" for tick in places]
        sheet = Sheet(self.images.flatten(0, 1), steps, Labels(left, top))
        sheet.write(out, self.caption, self.space.metadata(self.seed))
        files = {"picture": out, "film": out.with_suffix(".gif"),
                 "directions": out.with_name(f"{out.stem}-directions.npy")}  # fmt: skip
        fine = ticks(self.along, FRAMES)
        z = walked(self.z[0, steps // 2], self.directions[:shown], self.scales, fine)
        words = [f"directions 1 to {shown}, at {tick:+.1f}" for tick in fine.tolist()]
        there_and_back(self.space.images(z.transpose(0, 1)), words, files["film"])
        write_whole(files["directions"], array_bytes(self.directions))
        return files


def walk(
    space: LatentSpace,
    along: Along | None = None,
    *,
    start: int = 0,
    origin: Latents | None = None,
    seed: int = 0,
) -> Walk:
    """A walk from one z along the directions to which the generator responds most.

    Args:
        space: of a run.
        along: how far, and along how many.
        start: number of the z that is moved.
        origin: where it and the z that the response is averaged over are taken from; None for
            samples of `seed`.
        seed: of the samples.

    Raises:
        ConfigError: no such number, or a number of directions, steps or z that cannot be.
    """
    along = checked(along or Along(), space.z_dim)
    origin = origin or latents(space, seed)
    beginning = origin([start], "--start")[0]
    along = along._replace(at=min(along.at, origin.count or along.at))
    z = origin(range(along.at))
    found, shares = principal_directions(space, z)
    shown = found[: along.directions]
    scales = torch.full((len(shown),), space.deviation)
    if origin.count is not None and len(z) > 1:  # not of the prior: how far it spreads is measured
        scales = (z @ shown.T).std(0)
    points = walked(beginning, shown, scales, ticks(along, along.steps))
    images = space.images(points)
    return Walk(space, found, shares, scales, points, images, start, along, origin, seed)
