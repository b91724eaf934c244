"""Runs to report on, and a reader of what a page holds."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

import gansmith
from gansmith.evaluation.evaluation import Wanted, evaluate
from gansmith.report.report import Asked, write_report
from gansmith.trained import load

WANTED = Wanted(n=64, features="random", measures=("frechet",))


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


def page_of(run: Path, language: str = "en", **asked) -> Page:
    """The report of a run."""
    return Page(write_report(load(run), Asked(language=language, **asked))[0])
