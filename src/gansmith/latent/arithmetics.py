"""Sums of concepts: the mean z of A, less that of B, more that of C.

Source: Radford et al. 2015, arXiv:1511.06434, section 6.3.2: z is averaged over three exemplars of
a concept, and around the result uniform noise of ±0.25 shows its neighbourhood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gansmith.draws import Random
from gansmith.errors import ConfigError
from gansmith.latent import arithmetic_picture
from gansmith.latent.exemplars import Concept, few
from gansmith.latent.latents import Latents, latents
from gansmith.latent.pictures import captioned
from gansmith.latent.space import LatentSpace
from gansmith.plots.image_grid import save_png

NOISE = 0.25
SIDE, CENTRE = 3, 4


@dataclass(frozen=True)
class Arithmetic:
    """A - B + C in a latent space."""

    space: LatentSpace
    concepts: tuple[Concept, Concept, Concept]
    exemplars: tuple[Tensor, Tensor, Tensor]
    """z of each concept, (k, z_dim)."""
    means: Tensor
    """(3, z_dim), as they are shown."""
    result: Tensor
    """(z_dim,)."""
    around: Tensor
    """(9, z_dim): the result in the middle of its neighbourhood."""
    images: Tensor
    """(9, C, H, W) of `around`, in [-1, 1]."""
    origin: Latents
    noise: float
    renormalised: bool
    seed: int
    seen: tuple[tuple[str, float], ...] = ()
    """What a classifier takes the nine for, and how sure it is; none where none was asked."""

    @property
    def warnings(self) -> list[str]:
        """What to know before one believes it."""
        return few(self.concepts)

    @property
    def norms(self) -> dict[str, Any]:
        """|z|: what averaging and adding do to it, beside what the prior gives."""
        return {
            "prior": self.space.norm,
            "exemplars": [float(one.norm(dim=1).mean()) for one in self.exemplars],
            "means": self.means.norm(dim=1).tolist(),
            "result": float(self.result.norm()),
        }

    @property
    def caption(self) -> str:
        """What the picture shows."""
        return arithmetic_picture.caption(self)

    def as_json(self) -> dict[str, Any]:
        """Numbers of exemplars, norms, what the classifier says."""
        keys = ("a", "b", "c")
        concepts = {
            key: {"name": one.name, "rows": list(one.rows), "chosen": one.by}
            for key, one in zip(keys, self.concepts, strict=True)
        }
        seen = [{"class": name, "probability": p} for name, p in self.seen]
        return {
            **concepts,
            "norms": self.norms,
            "renormalised": self.renormalised,
            "noise": self.noise,
            "result_seen_as": seen[CENTRE] if seen else None,
            "around_seen_as": seen,
            "warnings": self.warnings,
        }

    def write(self, out: Path) -> dict[str, Path]:
        """The picture."""
        metadata = {**self.space.metadata(self.seed), "Title": self.caption}
        save_png(captioned(arithmetic_picture.picture(self), self.caption), out, metadata)
        return {"picture": out}


def arithmetic(
    space: LatentSpace,
    concepts: Sequence[Concept | Sequence[int]],
    *,
    origin: Latents | None = None,
    noise: float = NOISE,
    renormalise: bool = False,
    seed: int = 0,
) -> Arithmetic:
    """The mean z of A, less that of B, more that of C.

    Args:
        space: of a run.
        concepts: A, B and C: numbers of latent vectors, three or more of each.
        origin: where they are taken from; None for samples of `seed`.
        noise: half the width of the uniform noise around the result.
        renormalise: scale means and result to the norm that the prior gives; the paper does not.
        seed: of the samples and of the noise.

    Raises:
        ConfigError: not three concepts, no numbers, one that there is not, or noise below 0.
    """
    if len(concepts) != 3:
        raise ConfigError(f"{len(concepts)} concepts: give three, for A - B + C.")
    a, b, c = (_concept(one, f"--{key}") for key, one in zip("abc", concepts, strict=True))
    if not 0 <= noise < float("inf"):
        raise ConfigError(f"--noise {noise}: give 0 or more.")
    origin = origin or latents(space, seed)
    taken = [origin(one.rows, f"--{key}") for key, one in zip("abc", (a, b, c), strict=True)]
    means = torch.stack([one.mean(0) for one in taken])
    result = means[0] - means[1] + means[2]
    if renormalise:
        means, result = scaled(means, space.norm), scaled(result[None], space.norm)[0]
    shifts = Random((seed, "neighbourhood"), SIDE**2).uniform(space.z_dim, low=-noise, high=noise)
    shifts[CENTRE] = 0
    around = result + shifts
    return Arithmetic(
        space, (a, b, c), (taken[0], taken[1], taken[2]), means, result, around,
        space.images(around), origin, noise, renormalise, seed,
    )  # fmt: skip


def scaled(z: Tensor, norm: float) -> Tensor:
    """(N, z_dim) with this norm; a zero vector stays."""
    return z * (norm / z.norm(dim=1, keepdim=True).clamp_min(1e-12))


def _concept(given: Concept | Sequence[int], flag: str) -> Concept:
    if not isinstance(given, Concept):
        given = Concept(", ".join(map(str, given)), tuple(given))
    if not given.rows:
        raise ConfigError(f"{flag}: give numbers of samples, three or more, such as 3,17,42.")
    return given
