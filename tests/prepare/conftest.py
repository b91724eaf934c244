"""What tests of preparing share: small pictures of many kinds, and preparations of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gansmith.data.decode import Conversion
from gansmith.data.find import find
from gansmith.prepare.job import Job, make_job
from gansmith.prepare.prepare import prepare

SIDE = 8


@pytest.fixture
def noise() -> Callable[..., Image.Image]:
    """A picture that no other is like, by its number."""

    def make(number: int, channels: int = 3, shape: tuple[int, int] = (11, 14)) -> Image.Image:
        wanted = shape if channels == 1 else (*shape, channels)
        random = np.random.default_rng(number)
        return Image.fromarray(random.integers(0, 256, wanted, dtype=np.uint8))

    return make


@pytest.fixture
def folder(tmp_path: Path, noise: Callable[..., Image.Image]) -> Path:
    """23 pictures of two classes: colour, grey, turned by EXIF, transparent."""
    for number in range(23):
        path = tmp_path / "pictures" / "ab"[number % 2] / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        exif = Image.Exif()
        exif[0x0112] = 1 + number % 8
        noise(number, (1, 3, 4)[number % 3]).save(path, exif=exif)
    return tmp_path / "pictures"


@pytest.fixture
def job_of() -> Callable[..., Job]:
    """A job of a path, in parts of five pictures."""

    def make(path: Path, quick: bool = False, **options: object) -> Job:
        conversion = Conversion(height=SIDE, width=SIDE, quick=quick)
        return make_job(find(str(path)), conversion, **{"part_size": 5, **options})

    return make


@pytest.fixture
def prepared(tmp_path: Path, job_of: Callable[..., Job]) -> Callable[..., Path]:
    """Prepares a path in this process: (path, name, options of the job) → the new folder."""

    def make(path: Path, name: str = "out", **options: object) -> Path:
        prepare(job_of(path, **options), tmp_path / name, workers=1)
        return tmp_path / name

    return make


@pytest.fixture
def hashes() -> Callable[[Path], dict[str, str]]:
    """sha256 of every file below a folder, hidden ones included."""

    def of(out: Path) -> dict[str, str]:
        files = [path for path in sorted(out.rglob("*")) if path.is_file()]
        assert files
        return {str(f.relative_to(out)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    return of
