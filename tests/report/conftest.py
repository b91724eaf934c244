"""Runs to report on, and a reader of what a page holds."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import gansmith
from gansmith.evaluation.evaluation import Wanted, evaluate
from gansmith.report.report import Asked, write_report
from gansmith.trained import load

WANTED = Wanted(n=64, features="random", measures=("frechet",))
HOSTILE = """a<script>alert('x')<b>"&amp;'{{ 7 * 7 }}"""


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each tag of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def evaluated(tiny_run: Path) -> Path:
    """A run of `gan` on mnist that has been measured."""
    evaluate(load(tiny_run), WANTED)
    return tiny_run


@pytest.fixture(scope="session")
def points_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of `gan` on points, not measured; no test may change it."""
    folder = tmp_path_factory.mktemp("points") / "run"
    small = {"hidden": (8,), "batch_size": 8, "steps": 2, "device": "cpu"}
    return gansmith.train("gan", data="8gaussians", run=folder, **small).path


@pytest.fixture
def hostile(tmp_path):
    """A run on a folder, with a class, in a directory and beside a file of hostile names."""
    random = np.random.default_rng(0)
    for name in ("<i>&", "one"):
        folder = tmp_path / HOSTILE / name
        folder.mkdir(parents=True)
        for index in range(12):
            pixels = random.integers(0, 256, (28, 28, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / f"{index}.png")
    small = {"hidden": (8,), "batch_size": 8, "steps": 2, "size": 28, "device": "cpu"}
    run = gansmith.train("gan", data=str(tmp_path / HOSTILE), run=tmp_path / f"r{HOSTILE}", **small)
    (run.path / f"{HOSTILE}.txt").write_text("")
    evaluate(run, WANTED)
    return run.path


def page_of(run: Path, language: str = "en", **asked) -> Page:
    """The report of a run."""
    return Page(write_report(load(run), Asked(language=language, **asked))[0])
