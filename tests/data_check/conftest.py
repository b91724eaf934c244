"""The hostile folder, built once, and what was planted in it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from gansmith.data.source import Source


def _built_by() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile", Path(__file__).parent / "hostile.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def builder() -> ModuleType:
    """The script that builds it."""
    return _built_by()


@pytest.fixture(scope="session")
def planted(builder, tmp_path_factory) -> tuple[Path, dict[str, set[str]]]:
    """(folder, names of what is wrong by the kind of finding)."""
    folder = tmp_path_factory.mktemp("planted") / "hostile"
    return folder, builder.hostile(folder)


@dataclass(frozen=True, kw_only=True)
class Held(Source):
    """Pictures in memory: files or pixels, or an error to raise."""

    stored: tuple

    def read(self, number: int) -> bytes | np.ndarray:
        found = self.stored[number]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture(scope="session")
def held() -> Callable[..., Held]:
    """A source of what is given."""

    def make(*stored: object, labels: tuple[int, ...] = (), classes: tuple[str, ...] = ()) -> Held:
        names = tuple(f"{number}.png" for number in range(len(stored)))
        return Held(
            origin="here",
            layout="held",
            names=names,
            stored=stored,
            labels=labels,
            class_names=classes,
        )

    return make
