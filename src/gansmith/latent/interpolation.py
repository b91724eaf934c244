"""Images on the way from one z to another: a strip and a film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gansmith.errors import ConfigError
from gansmith.latent.films import there_and_back
from gansmith.latent.latents import Latents, latents
from gansmith.latent.paths import PathKind, route
from gansmith.latent.pictures import Labels, Sheet
from gansmith.latent.space import LatentSpace

FRAMES = 24
"""Of the film, between two z."""


@dataclass(frozen=True)
class Interpolation:
    """Paths through the latent space, a row each."""

    space: LatentSpace
    z: Tensor
    """(rows, points, z_dim)."""
    images: Tensor
    """(rows, points, C, H, W) in [-1, 1]."""
    between: tuple[tuple[int, ...], ...]
    """The numbers that each row goes through."""
    origin: Latents
    path: PathKind
    steps: int
    seed: int

    @property
    def caption(self) -> str:
        """What the picture shows."""
        how = "along the sphere (slerp)" if self.path == "slerp" else "along a straight line (lerp)"
        return (
            f"Interpolation between {self.origin.words}, {how}: each row goes from one z to the "
            f"next in {self.steps - 1} equal steps. {self.space.words}."
        )

    def as_json(self) -> dict[str, Any]:
        """The numbers: of each row, how far the image moves at each step (RMS of pixels)."""
        moved = (self.images[:, 1:] - self.images[:, :-1]).flatten(2).square().mean(2).sqrt()
        return {
            "between": [list(row) for row in self.between],
            "path": self.path,
            "steps": self.steps,
            "norms": self.z.norm(dim=2).tolist(),
            "moved": moved.tolist(),
        }

    def write(self, out: Path) -> dict[str, Path]:
        """The strip as `out`, the film beside it."""
        count, points = self.images.shape[:2]
        top = ["" if i % (self.steps - 1) else self._number(i) for i in range(points)]
        left = [" → ".join(map(str, row)) for row in self.between]
        sheet = Sheet(self.images.flatten(0, 1), points, Labels(left, top if count == 1 else ()))
        metadata = self.space.metadata(self.seed)
        sheet.write(out, self.caption, metadata)
        ends = torch.stack([row[:: self.steps - 1] for row in self.z])
        fine = torch.stack([route(row, FRAMES + 1, self.path) for row in ends], 1)
        frames = self.space.images(fine)
        legs = [f"from z {i // FRAMES + 1} to {i // FRAMES + 2}: t = {i % FRAMES / FRAMES:.2f}"
                for i in range(len(fine) - 1)]  # fmt: skip
        film = there_and_back(frames, [*legs, f"z {ends.shape[1]}"], out.with_suffix(".gif"))
        return {"picture": out, "film": film}

    def _number(self, point: int) -> str:
        return str(self.between[0][point // (self.steps - 1)])


def interpolate(
    space: LatentSpace,
    between: Sequence[Sequence[int]],
    *,
    origin: Latents | None = None,
    steps: int = 8,
    path: PathKind | None = None,
    seed: int = 0,
) -> Interpolation:
    """Images along paths between latent vectors.

    Args:
        space: of a run.
        between: rows of numbers of latent vectors, two or more in each, equally many.
        origin: where they are taken from; None for samples of `seed`.
        steps: images from one to the next, both counted.
        path: None for "slerp" where z is Gaussian; "lerp" where it is uniform, and for codes of an
            encoder.
        seed: of the samples.

    Raises:
        ConfigError: rows of fewer than two or of different lengths, too few steps, no such number.
    """
    if not between or {len(row) for row in between} != {len(between[0])} or len(between[0]) < 2:
        given = " ".join(",".join(map(str, row)) for row in between)
        raise ConfigError(
            f"--between {given}: give two numbers or more for each row, equally many in each, such "
            "as --between 0,1,2 3,4,5."
        )
    if steps < 2:
        raise ConfigError(f"--steps {steps}: give at least 2, which are the ends alone.")
    origin = origin or latents(space, seed)
    path = path or ("slerp" if origin.gaussian else "lerp")
    z = torch.stack([route(origin(row, "--between"), steps, path) for row in between])
    rows = tuple(tuple(row) for row in between)
    return Interpolation(space, z, space.images(z), rows, origin, path, steps, seed)
