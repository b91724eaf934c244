"""A run's generator as a function of z alone, and what is known of its z."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from gansmith.batch import Points, UnpairedImages, blank
from gansmith.draws import Random
from gansmith.errors import ConfigError, RunError
from gansmith.latent.which import Which
from gansmith.method import Encodes, Inputs, LatentMethod, Networks
from gansmith.observers import provenance
from gansmith.trained import Run
from gansmith.training.sampling import CHUNK


@dataclass(frozen=True)
class LatentSpace:
    """z (N, z_dim) → images (N, C, H, W) in [-1, 1], differentiable in z; on the CPU."""

    run: Run
    method: LatentMethod
    nets: Networks
    step: int
    which: Which = field(default_factory=Which)
    others: Inputs = field(default_factory=dict)
    """What the generator is fed beside z, one row that stays the same."""

    def __call__(self, z: Tensor) -> Tensor:
        """Images of z, float32."""
        others = {name: one.expand(len(z), *one.shape[1:]) for name, one in self.others.items()}
        return self.method.generate(self.nets, {**others, "z": z}).float()

    @torch.no_grad()
    def images(self, z: Tensor) -> Tensor:
        """(..., z_dim) → (..., C, H, W), a chunk at a time.

        Raises:
            RunError: what the generator makes is no finite number.
        """
        rows = z.reshape(-1, z.shape[-1]).float()
        made = torch.cat([self(chunk) for chunk in rows.split(CHUNK)])
        if not made.isfinite().all():
            raise RunError(f"{self.run.path}: its images of step {self.step:,} are not finite.")
        return made.reshape(*z.shape[:-1], *made.shape[1:])

    @property
    def words(self) -> str:
        """Which generator it is, for captions: method, step, and class where there is one."""
        told = f"{self.run.config.method}, step {self.step:,}"
        return f"{told}, class {self.which.name(self.run.config.spec)}" if self.by_class else told

    @property
    def by_class(self) -> bool:
        """Whether the generator is told a class beside z."""
        return "y" in self.others

    @property
    def z_dim(self) -> int:
        """Length of z."""
        return self.method.z_dim

    @property
    def gaussian(self) -> bool:
        """Whether z is drawn from N(0, I); else each coordinate is from U[-1, 1)."""
        return self.method.prior == "normal"

    @property
    def deviation(self) -> float:
        """Standard deviation of z along any direction: 1, or 1/√3 of U[-1, 1)."""
        return 1.0 if self.gaussian else 3**-0.5

    @property
    def norm(self) -> float:
        """The root of E |z|²: √z_dim of N(0, I), √(z_dim / 3) of U[-1, 1)."""
        return self.deviation * math.sqrt(self.z_dim)

    @property
    def encodes(self) -> bool:
        """Whether the method has an encoder."""
        return isinstance(self.method, Encodes)

    def drawn(self, rows: Sequence[int], seed: int = 0) -> Tensor:
        """The z of samples by number, (len(rows), z_dim): those of `gansmith sample --seed`."""
        chunks = {row // CHUNK * CHUNK for row in rows}
        known = {start: _inputs(self, start, seed)["z"] for start in chunks}
        return torch.stack([known[row // CHUNK * CHUNK][row % CHUNK] for row in rows])

    @torch.no_grad()
    def encode(self, x: Tensor) -> Tensor:
        """Codes (N, z_dim) of images (N, C, H, W) in [-1, 1].

        Raises:
            ConfigError: the method has no encoder.
        """
        if not isinstance(self.method, Encodes):
            raise ConfigError(
                f"{self.run.config.method} has no encoder that would give the code of an image. "
                "gansmith latent invert searches one, and --from FILE.npy takes what it found."
            )
        parts = [self.method.encode(self.nets, chunk) for chunk in x.split(CHUNK)]
        return torch.cat(parts).float()

    def metadata(self, seed: int) -> dict[str, str]:
        """What every picture says of itself: that it was generated, and by what."""
        return provenance(self.run.config.method, self.run.path.name, self.step, seed)


def open_space(run: Run, which: Which | None = None) -> LatentSpace:
    """The latent space of a run's checkpoint.

    Args:
        run: of a method that turns noise z into images.
        which: weights, and class.

    Raises:
        ConfigError: the method has no z, makes no images, or takes no class.
        RunError: there is no such whole checkpoint.
    """
    which, spec, name = which or Which(), run.config.spec, run.config.method
    method, state = run.restored(which.checkpoint)
    if not isinstance(method, LatentMethod):
        raise ConfigError(
            f"{name} has no latent vector z: its samples do not come from noise. Take a run of a "
            "method that has one, such as dcgan or vae."
        )
    if spec.batch in (Points, UnpairedImages):
        raise ConfigError(
            f"{run.path} makes {spec.batch.__name__.lower()}, and the latent space is shown in "
            "images. Take a run on images."
        )
    nets = (state.nets if which.raw_weights else state.averaged).requires_grad_(False).eval()
    space = LatentSpace(run, method, nets, state.step, which)
    inputs = _inputs(space, 0, 0)
    others = {key: value[:1] for key, value in inputs.items() if key != "z"}
    if which.condition is not None and "y" not in others:
        raise ConfigError(f"--condition {which.condition}: {name} does not generate by class.")
    return LatentSpace(run, method, nets, state.step, which, others)


def _inputs(space: LatentSpace, start: int, seed: int) -> Inputs:
    """What 64 samples are made from, as when they are drawn, but all of one class."""
    spec = space.run.config.spec
    batch = blank(spec, CHUNK, first=start, wanted=space.which.label(spec))
    random = Random((seed, "samples", start), CHUNK)
    return space.method.inputs(batch, space.method.draws(batch, random))
