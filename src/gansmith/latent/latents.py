"""Where latent vectors are taken from: the prior, a file, or the encoder's codes of real images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from torch import Tensor

from gansmith.batch import CaptionedImages, LabeledImages
from gansmith.errors import ConfigError
from gansmith.evaluation.evaluation import unchanged_data
from gansmith.latent.space import LatentSpace

HELD_OUT = "held-out"


@dataclass(frozen=True)
class Latents:
    """Latent vectors by number."""

    words: str
    """What they are, such as "samples of seed 0"."""
    gaussian: bool
    """Whether they lie about a sphere, as Gaussian z does."""
    take: Callable[[Sequence[int]], Tensor]
    """Numbers → (N, z_dim)."""
    count: int | None = None
    """How many there are; None where they are drawn without end."""
    labels: tuple[int, ...] | None = None
    """The true classes of images that were encoded."""

    def __call__(self, rows: Sequence[int], flag: str = "the numbers") -> Tensor:
        """(len(rows), z_dim).

        Raises:
            ConfigError: a number below 0, or one that there is not.
        """
        top = self.count
        for row in rows:
            if row < 0 or (top is not None and row >= top):
                among = "0 or more" if top is None else f"0 to {top - 1}"
                raise ConfigError(f"{flag}: there is no number {row} of the {self.words}. "
                                  f"Give {among}.")  # fmt: skip
        return self.take(rows)


def latents(space: LatentSpace, seed: int = 0, given: str | None = None) -> Latents:
    """Latent vectors of a space.

    Args:
        space: of a run.
        seed: of those that are drawn: number i is that of sample i.
        given: None for the prior; a .npy file (N, z_dim); or "held-out" for the codes that the
            method's encoder gives to the held-out images.

    Raises:
        ConfigError: a file of another kind, no encoder, or no held-out images.
    """
    if given is None:
        return Latents(
            f"samples of seed {seed}", space.gaussian, lambda rows: space.drawn(rows, seed)
        )
    if given == HELD_OUT:
        images = held_out(space)
        codes = space.encode(images.x)
        labels = tuple(images.y.tolist())
        words = "codes of held-out images"
        return Latents(words, False, lambda rows: codes[list(rows)], len(codes), labels)
    z = _from_file(Path(given), space.z_dim)
    name = Path(given).name
    return Latents(f"rows of {name}", space.gaussian, lambda rows: z[list(rows)], len(z))


def held_out(space: LatentSpace) -> LabeledImages | CaptionedImages:
    """The images that the run's data holds back from training.

    Raises:
        ConfigError: there are none.
        RunError: the data has changed.
    """
    batch = unchanged_data(space.run).held_out()
    if not isinstance(batch, LabeledImages | CaptionedImages):
        raise ConfigError(
            f"{space.run.config.data} holds no images back from training. Give image files."
        )
    return batch


def _from_file(path: Path, z_dim: int) -> Tensor:
    try:
        with path.open("rb") as file:
            z = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise ConfigError(
            f"--from {path}: no array of latent vectors, and not {HELD_OUT}: {error}. "
            "gansmith latent invert writes one."
        ) from error
    shaped = isinstance(z, np.ndarray) and z.ndim == 2 and z.shape[1] == z_dim and len(z) > 0
    if not shaped or z.dtype.kind != "f" or not np.isfinite(z).all():
        what = f"{z.dtype} {z.shape}" if isinstance(z, np.ndarray) else "several arrays"
        raise ConfigError(f"--from {path} holds {what}; this run takes finite floats (N, {z_dim}).")
    return torch.from_numpy(z.astype(np.float32))
