"""Tiny runs to compare: trained once, copied by the tests that change them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import gansmith

TINY = {"batch_size": 8, "steps": 2, "checkpoint_every": 2, "sample_every": 100, "device": "cpu"}


@pytest.fixture(scope="session")
def _kept_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kept") / "class"
    gansmith.train("gan", run=root / "kim" / "one", hidden=(8,), seed=1, **TINY)
    gansmith.train("gan", run=root / "kim" / "two", hidden=(8,), seed=2, **TINY)
    gansmith.train("gan", run=root / "lee", hidden=(16,), learning_rate=1e-3, **TINY)
    gansmith.train("gan", data="8gaussians", run=root / "points", hidden=(8,), **TINY)
    return root


@pytest.fixture
def class_of_runs(_kept_class: Path, tmp_path: Path) -> Path:
    """A folder with kim/one and kim/two, which differ in the seed, lee, and points."""
    return Path(shutil.copytree(_kept_class, tmp_path / "class"))
