"""A cache of its own for each test, small sets, and recipes short enough for them."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.data.resident import ResidentImages, resident
from gansmith.metrics.features import classifier, rotation


@pytest.fixture(autouse=True)
def cache_home(tmp_path, monkeypatch):
    """Where the cache lies during a test."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    return tmp_path / "cache" / "gansmith"


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    for module, kind in ((classifier, "Classifier"), (rotation, "Rotation")):
        short = partial(getattr(module, kind), steps=25, batch_size=16)
        monkeypatch.setattr(module, kind, short)


def bars(count: int, shape: tuple[int, int, int], random: torch.Generator) -> ResidentImages:
    """Images that are bright above (class 0) or on the left (class 1), under noise."""
    y = torch.randint(2, (count,), generator=random)
    images = torch.randint(0, 100, (count, *shape), generator=random, dtype=torch.uint8)
    images[y == 0, :, : shape[1] // 2] += 150
    images[y == 1, :, :, : shape[2] // 2] += 150
    return ResidentImages(images, y)


@pytest.fixture
def make_set():
    """(shape, names of classes, whether samples are held out) → a set of 80 images."""

    def make(
        shape: tuple[int, int, int] = (1, 8, 8),
        class_names: tuple[str, ...] = ("above", "left"),
        held_out: bool = True,
        seed: int = 0,
    ) -> DataSet:
        random = torch.Generator().manual_seed(seed)
        train, test = bars(80, shape, random), bars(40, shape, random)
        spec = DataSpec(
            name="bars", batch=LabeledImages, shape=shape, size=80, class_names=class_names
        )
        return resident(spec, train, test if held_out else None)

    return make
