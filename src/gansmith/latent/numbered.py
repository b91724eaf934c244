"""Samples with their numbers, to choose exemplars from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from gansmith.errors import ConfigError
from gansmith.latent.latents import Latents
from gansmith.latent.pictures import Sheet, beside, captioned, stacked, titled
from gansmith.latent.space import LatentSpace
from gansmith.plots.image_grid import save_png

COLUMNS, MOST = 8, 1024


@dataclass(frozen=True)
class NumberedSheet:
    """The first so many latent vectors as images, a number above each."""

    space: LatentSpace
    origin: Latents
    count: int
    seed: int

    @property
    def caption(self) -> str:
        """What the picture shows."""
        return (
            f"The first {self.count} of the {self.origin.words}, with the numbers by which "
            "gansmith latent takes them, such as --a 3,17,42. "
            f"{self.space.words}."
        )

    def as_json(self) -> dict[str, Any]:
        """How many."""
        return {"n": self.count}

    def write(self, out: Path) -> dict[str, Path]:
        """The picture.

        Raises:
            ConfigError: too many for a picture, or more than there are.
        """
        if self.count > MOST:
            raise ConfigError(f"--sheet {self.count}: give at most {MOST}.")
        images = self.space.images(self.origin(range(self.count), "--sheet"))
        tiles = [titled(Sheet(image[None], 1).picture(), str(i)) for i, image in enumerate(images)]
        rows = [beside(tiles[i : i + COLUMNS], 4) for i in range(0, len(tiles), COLUMNS)]
        made: Image.Image = stacked(rows, 4)
        metadata = {**self.space.metadata(self.seed), "Title": self.caption}
        save_png(captioned(made, self.caption), out, metadata)
        return {"picture": out}
