"""Reading takes little more memory than the pictures do, and what would not fit is refused."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest

from gansmith.data import memory, open_data
from gansmith.data.convert import convert, with_channels
from gansmith.data.decode import Conversion
from gansmith.data.form import Form
from gansmith.data.source import Source
from gansmith.errors import DataError

SIDE, COUNT = 64, 1500


@dataclass(frozen=True, kw_only=True)
class Made(Source):
    """Even pictures, made when they are read; grey before `colour`, in colour from there on."""

    colour: int

    def read(self, number: int) -> np.ndarray:
        shape = (SIDE, SIDE) if number < self.colour else (SIDE, SIDE, 3)
        return np.full(shape, number % 251, np.uint8)


def made(colour: int) -> Made:
    return Made(
        origin="here", layout="made", colour=colour, names=tuple(str(n) for n in range(COUNT))
    )


@pytest.mark.parametrize(
    ("colour", "channels", "most"),
    [(COUNT, 1, 1.0), (0, 3, 1 + 1 / 3), (COUNT - 1, 3, 1 + 1 / 3)],
    ids=["grey", "colour", "late-colour"],
)
def test_little_more_is_held_than_the_array(colour, channels, most):
    source, conversion = made(colour), Conversion(height=SIDE, width=SIDE)
    tracemalloc.start()
    try:
        images = convert(source, conversion).images
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert images.shape == (COUNT, channels, SIDE, SIDE)
    assert (images == (np.arange(COUNT) % 251)[:, None, None, None]).all()
    few = 2 * 256 * channels * SIDE * SIDE  # those that are decoded at once, and room to spare
    assert images.nbytes < peak < most * images.nbytes + few
    assert most * images.nbytes + few < 2 * images.nbytes, "holding all twice would be noticed"


def test_pictures_that_do_not_fit_are_refused_before_they_are_read(paint, tmp_path, monkeypatch):
    for number in range(10):
        paint(tmp_path / f"{number}.png", (number, 0, 0))
    needed = 10 * 3 * 32 * 32
    monkeypatch.setattr(memory, "available_memory", lambda: 2 * needed)
    assert open_data(str(tmp_path), Form(size=32)).spec.size == 10
    monkeypatch.setattr(memory, "available_memory", lambda: 2 * needed - 1)
    with pytest.raises(DataError, match=r"gansmith data prepare.*smaller --size"):
        open_data(str(tmp_path), Form(size=32))
    monkeypatch.setattr(memory, "available_memory", lambda: None)
    assert open_data(str(tmp_path), Form(size=32)).spec.size == 10


def test_compressed_arrays_that_do_not_fit_are_refused_before_they_are_read(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "a.npz", images=np.zeros((100, 64, 64), np.uint8))
    assert (tmp_path / "a.npz").stat().st_size < 10_000
    monkeypatch.setattr(memory, "available_memory", lambda: 500_000)
    with pytest.raises(DataError, match=r"would take 0\.0 GB of memory"):
        open_data(str(tmp_path / "a.npz"), Form(size=4))


def test_what_the_system_tells(monkeypatch, tmp_path):
    told = memory.available_memory()
    assert told is None or 10**7 < told < 10**15
    monkeypatch.setattr(memory, "_of_the_machine", lambda: 300)
    monkeypatch.setattr(memory, "_of_the_container", lambda: 200)
    assert memory.available_memory() == 200
    monkeypatch.setattr(memory, "_of_the_container", lambda: None)
    assert memory.available_memory() == 300
    monkeypatch.setattr(memory, "_of_the_machine", lambda: None)
    assert memory.available_memory() is None


def test_channels():
    grey = np.arange(8, dtype=np.uint8).reshape(2, 1, 2, 2)
    colour = with_channels(grey, 3)
    assert colour.shape == (2, 3, 2, 2) and (colour == grey).all()
    assert (with_channels(colour, 1) == grey).all() and with_channels(grey, 1) is grey
    # Brightness as ITU-R 601 weighs it: 0.299 R + 0.587 G + 0.114 B.
    mixed = np.array([200, 100, 50], np.uint8).reshape(1, 3, 1, 1)
    assert abs(with_channels(mixed, 1).item() - 124.2) < 1
