"""Image files as a run's data was made of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gansmith.config import RunConfig
from gansmith.data.convert import with_channels
from gansmith.data.decode import UnreadableError
from gansmith.errors import DataError
from gansmith.evaluation.pictures import conversion_of


def conformed(paths: Sequence[Path], config: RunConfig) -> Tensor:
    """Image files made into what the run's data was made into: (N, C, H, W) in [-1, 1].

    Raises:
        DataError: a file that is no readable image.
    """
    channels, conversion = config.spec.shape[0], conversion_of(config)
    images = []
    for path in paths:
        try:
            pixels = conversion(path.read_bytes())
        except (UnreadableError, OSError) as error:
            raise DataError(f"{path} cannot be read as an image: {error}.") from error
        planes = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
        images.append(with_channels(planes[None], channels))
    return torch.from_numpy(np.concatenate(images)).float() / 127.5 - 1
