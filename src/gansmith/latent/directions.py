"""The directions of z to which the generator responds most, and a walk along each.

They are the eigenvectors of the mean of JᵀJ over z, with J the generator's Jacobian by pixels; the
eigenvalues are the squared responses. Source: Ramesh et al. 2018, arXiv:1812.01161, take the right
singular vectors of J at one z, which are these where the mean is over that one; Härkönen et al.
2020, arXiv:2004.02546, take principal components of features instead, over many z as here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gansmith.errors import ConfigError
from gansmith.latent.inversion import array_bytes
from gansmith.latent.latents import Latents, latents
from gansmith.latent.pictures import Labels, Sheet, there_and_back
from gansmith.latent.space import LatentSpace
from gansmith.whole_file import write_whole

CHUNK = 16
FRAMES = 33
"""Of the film, from one end to the other."""


def mean_response(generator: Callable[[Tensor], Tensor], z: Tensor) -> Tensor:
    """The mean of JᵀJ over z (N, D), with J the Jacobian of all pixels: (D, D) float64."""
    total = torch.zeros(z.shape[1], z.shape[1], dtype=torch.float64)
    for part in z.split(CHUNK):
        columns = []
        for unit in torch.eye(z.shape[1], dtype=z.dtype):
            _, slope = torch.func.jvp(generator, (part,), (unit.expand_as(part).contiguous(),))
            columns.append(slope.flatten(1).double())
        jacobian = torch.stack(columns, 2).flatten(0, 1)
        total += jacobian.T @ jacobian
    return total / len(z)


def principal_directions(generator: Callable[[Tensor], Tensor], z: Tensor) -> tuple[Tensor, Tensor]:
    """Directions and how much of the response each explains.

    Args:
        generator: z (N, D) → (N, ...), each sample by itself, differentiable forwards.
        z: (N, D), where the response is looked at.

    Returns:
        Unit vectors (D, D), a row each, the strongest first, the largest coordinate of each
        positive; shares of the mean squared response (D,), whose sum is 1.
    """
    values, vectors = torch.linalg.eigh(mean_response(generator, z))
    values, rows = values.flip(0).clamp_min(0), vectors.flip(1).T
    largest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    directions = (rows * largest.sign()).to(z.dtype)
    return directions, (values / values.sum().clamp_min(1e-300)).to(z.dtype)


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
    reach: float
    at: int
    origin: Latents
    seed: int

    @property
    def caption(self) -> str:
        """What the picture shows."""
        return (
            f"Each row moves z of number {self.start} of the {self.origin.words} along one "
            f"direction, from −{self.reach:g} to +{self.reach:g} standard deviations of z; the "
            "middle is the image itself. Left: the share of the response of all pixels, averaged "
            f"over {self.at} z, that lies along it; evenly spread it would be "
            f"{1 / len(self.shares):.1%}. {self.space.run.config.method}, step "
            f"{self.space.step:,}."
        )

    def as_json(self) -> dict[str, Any]:
        """The shares of all directions, and how far was walked."""
        half = int((self.shares.cumsum(0) < 0.5).sum()) + 1
        return {
            "shares": self.shares.tolist(),
            "directions_for_half": half,
            "shown": len(self.images),
            "scales": self.scales.tolist(),
            "start": self.start,
            "reach": self.reach,
            "at": self.at,
        }

    def write(self, out: Path) -> dict[str, Path]:
        """The grid as `out`; beside it the film, and all directions as .npy, a row each."""
        shown, steps = self.images.shape[:2]
        left = [f"{i + 1}: {share:.1%}" for i, share in enumerate(self.shares[:shown].tolist())]
        ticks = torch.linspace(-self.reach, self.reach, steps).tolist()
        top = [f"{tick:+.2g}".replace("-", "−") if tick else "0" for tick in ticks]
        sheet = Sheet(self.images.flatten(0, 1), steps, Labels(left, top))
        sheet.write(out, self.caption, self.space.metadata(self.seed))
        files = {"picture": out, "film": out.with_suffix(".gif"),
                 "directions": out.with_name(f"{out.stem}-directions.npy")}  # fmt: skip
        fine = torch.linspace(-self.reach, self.reach, FRAMES)
        z = walked(self.z[0, steps // 2], self.directions[:shown], self.scales, fine)
        words = [f"directions 1 to {shown}, at {tick:+.1f}" for tick in fine.tolist()]
        there_and_back(self.space.images(z.transpose(0, 1)), words, files["film"])
        write_whole(files["directions"], array_bytes(self.directions))
        return files


def walk(
    space: LatentSpace,
    *,
    start: int = 0,
    origin: Latents | None = None,
    directions: int = 6,
    steps: int = 9,
    reach: float = 3.0,
    at: int = 64,
    seed: int = 0,
) -> Walk:
    """A walk from one z along the directions to which the generator responds most.

    Args:
        space: of a run.
        start: number of the z that is moved.
        origin: where it and the z that the response is averaged over are taken from; None for
            samples of `seed`.
        directions: how many are walked along.
        steps: images along each, an odd number, so that the middle one is that of z itself.
        reach: how far each way, in standard deviations of z along the direction.
        at: how many z the response is averaged over.
        seed: of the samples.

    Raises:
        ConfigError: no such number, or a number of directions, steps or z that cannot be.
    """
    _check(space, directions, steps, reach, at)
    origin = origin or latents(space, seed)
    beginning = origin([start], "--start")[0]
    at = min(at, origin.count or at)
    z = origin(range(at))
    found, shares = principal_directions(space, z)
    shown = found[:directions]
    scales = torch.full((directions,), space.deviation)
    if origin.count is not None and at > 1:  # not of the prior: how far it spreads is measured
        scales = (z @ shown.T).std(0)
    points = walked(beginning, shown, scales, torch.linspace(-reach, reach, steps))
    return Walk(space, found, shares, scales, points, space.images(points), start, reach, at,
                origin, seed)  # fmt: skip


def walked(z: Tensor, directions: Tensor, scales: Tensor, ticks: Tensor) -> Tensor:
    """z (D,) moved along each direction (K, D) by each tick (T,) in its scale (K,): (K, T, D)."""
    return z + ticks[None, :, None] * (scales[:, None] * directions)[:, None]


def _check(space: LatentSpace, directions: int, steps: int, reach: float, at: int) -> None:
    if not 1 <= directions <= space.z_dim:
        raise ConfigError(f"--directions {directions}: z has {space.z_dim}; give 1 to that many.")
    if steps < 3 or steps % 2 == 0:
        raise ConfigError(f"--steps {steps}: give an odd number from 3 on.")
    if not 0 < reach < float("inf") or at < 1:
        raise ConfigError(f"--reach {reach} --at {at}: give a reach above 0 and at least 1 z.")
