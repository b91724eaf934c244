"""What tests of layouts share: small even pictures, and what a data set makes of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from gansmith.batch import DataSet

SIDE = 4


@pytest.fixture
def paint() -> Callable[..., Path]:
    """Saves an even picture of this grey or colour, making its folder."""

    def save(path: Path, colour: int | tuple[int, int, int] = 0, size=(SIDE, SIDE)) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L" if isinstance(colour, int) else "RGB", size, colour).save(path)
        return path

    return save


def pixels_of(x: torch.Tensor) -> torch.Tensor:
    """[-1, 1] → 0 ... 255."""
    return ((x + 1) * 127.5).round().long()


@pytest.fixture
def greys() -> Callable[[DataSet], list[int]]:
    """The grey of each training picture of an even set, in its order."""

    def of(data: DataSet) -> list[int]:
        return pixels_of(data.take(torch.arange(data.spec.size)).x)[:, 0, 0, 0].tolist()

    return of


@pytest.fixture
def pixels() -> Callable[[torch.Tensor], torch.Tensor]:
    """[-1, 1] → 0 ... 255."""
    return pixels_of
