"""Paths from one z to another: straight, or along the sphere on which Gaussian z lies.

Source: Shoemake 1985, "Animating rotation with quaternion curves"; for latent spaces White 2016,
arXiv:1609.04468. Deviation: where two vectors differ in norm, the direction turns evenly and the
norm changes evenly; the paper's formula would do neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from gansmith.errors import ConfigError
from gansmith.latent.latents import Latents, latents
from gansmith.latent.pictures import Labels, Sheet, there_and_back
from gansmith.latent.space import LatentSpace

Path_ = Literal["slerp", "lerp"]
FRAMES = 24
"""Of the film, between two z."""
TINY = 1e-6
"""Angles below this, in radians, are taken for none."""


def lerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """(1 - t) a + t b: (D,), (D,), (T,) → (T, D)."""
    t = t[:, None].to(a.dtype)
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """The direction turns from a's to b's at an even pace, the norm goes evenly from |a| to |b|.

    (D,), (D,), (T,) → (T, D). Between vectors of one norm that is Shoemake's formula. Opposite
    vectors have no one great circle between them: a fixed one is taken. A zero vector has no
    direction: it takes that of the other.
    """
    x, y, s = a.double(), b.double(), t.double()[:, None]
    norm_x, norm_y = x.norm(), y.norm()
    start = x / norm_x if norm_x > 0 else y / norm_y.clamp_min(1e-300)
    end = y / norm_y if norm_y > 0 else start
    across = end - (end @ start) * start
    angle = torch.atan2(across.norm(), end @ start)
    if across.norm() < TINY:
        across = torch.eye(len(start), dtype=x.dtype)[start.abs().argmin()]
        across = across - (across @ start) * start
    across = across / across.norm().clamp_min(1e-300)
    turned = (angle * s).cos() * start + (angle * s).sin() * across
    return (turned * ((1 - s) * norm_x + s * norm_y)).to(a.dtype)


PATHS = {"lerp": lerp, "slerp": slerp}


def route(z: Tensor, steps: int, path: Path_) -> Tensor:
    """Through all z (K, D) in turn: ((K - 1)(steps - 1) + 1, D), each of the K once."""
    t = torch.linspace(0, 1, steps, dtype=torch.float64)
    legs = [PATHS[path](a, b, t)[:-1] for a, b in zip(z[:-1], z[1:], strict=True)]
    return torch.cat([*legs, z[-1:]])


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
    path: Path_
    steps: int
    seed: int

    @property
    def caption(self) -> str:
        """What the picture shows."""
        how = "along the sphere (slerp)" if self.path == "slerp" else "along a straight line (lerp)"
        return (
            f"Interpolation between {self.origin.words}, {how}: each row goes from one z to the "
            f"next in {self.steps - 1} equal steps. {self.space.run.config.method}, step "
            f"{self.space.step:,}."
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
    path: Path_ | None = None,
    seed: int = 0,
) -> Interpolation:
    """Images along paths between latent vectors.

    Args:
        space: of a run.
        between: rows of numbers of latent vectors, two or more in each, equally many.
        origin: where they are taken from; None for samples of `seed`.
        steps: images from one to the next, both counted.
        path: None for "slerp" where z is Gaussian and "lerp" where it is uniform.
        seed: of the samples.

    Raises:
        ConfigError: rows of fewer than two or of different lengths, too few steps, no such number.
    """
    if not between or {len(row) for row in between} != {len(between[0])} or len(between[0]) < 2:
        raise ConfigError("--between: give two numbers or more for each row, equally many in each.")
    if steps < 2:
        raise ConfigError(f"--steps {steps}: give at least 2, which are the ends alone.")
    origin = origin or latents(space, seed)
    path = path or ("slerp" if space.gaussian else "lerp")
    z = torch.stack([route(origin(row, "--between"), steps, path) for row in between])
    rows = tuple(tuple(row) for row in between)
    return Interpolation(space, z, space.images(z), rows, origin, path, steps, seed)
