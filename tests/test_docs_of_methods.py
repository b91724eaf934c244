"""The pages of the methods say what the code says: excerpts, logged names, commands and links."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from gansmith.figures import FIGURES
from gansmith.flags import parse_train
from gansmith.methods import METHODS

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "methods"
SECTIONS = [
    "Paper",
    "The game",
    "Deviations",
    "What is logged",
    "What to expect",
    "How it fails",
    "Try it",
]
EXCERPT = re.compile(r"^<!-- from (\S+) -->\n```python\n(.*?\n)```$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def text(path: Path) -> str:
    """What a page says."""
    return path.read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """What stands under a heading of a method's page."""
    return text(PAGES / f"{name}.md").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def links(page: str) -> list[str]:
    """What a page links to and shows; code is left out."""
    return LINK.findall(BLOCK.sub("", page))


def commands(name: str) -> list[list[str]]:
    """The commands of a page's last section and of its sentences, without remarks."""
    lines = "".join(BLOCK.findall(section(name, "Try it"))).splitlines()
    lines += re.findall(r"`(gansmith [^`\n]+)`", text(PAGES / f"{name}.md"))
    return [shlex.split(line, comments=True) for line in lines if line.startswith("gansmith ")]


def documented(name: str) -> set[str]:
    """The names in the first column of the table of what is logged."""
    rows = re.findall(r"^\| (`.*?) \|", section(name, "What is logged"), re.MULTILINE)
    return {logged for row in rows for logged in re.findall(r"`([^`]+)`", row)}


def logged(case) -> set[str]:
    """The names that one play of each phase logs."""
    nets, found = case.networks(), set()
    for phase in case.method().phases():
        objective = phase.objective(nets, *case.play(phase))
        names = [*objective.terms, *objective.stats, "loss"]
        names += [f"gradient_norm/{network}" for network in phase.trains]
        found |= {f"{phase.name}/{one}" for one in names}
    return found


@pytest.mark.parametrize("name", METHODS)
def test_a_method_has_a_page_with_these_sections(name):
    page = text(PAGES / f"{name}.md")
    assert page.startswith(f"# `{name}`\n")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == SECTIONS
    assert f"| [`{name}`]({name}.md) |" in text(PAGES / "README.md")


@pytest.mark.parametrize("name", METHODS)
def test_each_equation_is_followed_by_the_lines_that_compute_it(name):
    game = section(name, "The game")
    excerpts = EXCERPT.findall(game)
    assert game.count("```python") == len(excerpts)
    for file, excerpt in excerpts:
        assert f"\n{excerpt}" in text(ROOT / file), f"{file} has no such lines:\n{excerpt}"
    equations = game.split("\n$$\n")
    assert len(equations) > 1 and len(equations) % 2
    assert all(after.lstrip("\n").startswith("<!-- from ") for after in equations[2::2])


@pytest.mark.parametrize("name", METHODS)
def test_the_table_holds_what_is_logged_and_nothing_else(cases, name):
    played = set().union(*(logged(case) for case in cases if case.name == name))
    assert documented(name) == played


@pytest.mark.parametrize("name", METHODS)
def test_the_commands_can_be_given(name):
    for command in commands(name):
        if command[1] == "train":
            parse_train([word.replace("my_images/", "mnist") for word in command[2:]])
        if command[1] == "figure":
            assert command[2] in FIGURES, command
    assert ["gansmith", "train", name] in [command[:3] for command in commands(name)]


@pytest.mark.parametrize("name", METHODS)
def test_a_page_shows_both_pictures(name):
    expected = [f"../pictures/methods/{name}-{what}.png" for what in ("samples", "losses")]
    assert [at for at in links(section(name, "What to expect")) if ".png" in at] == expected
    assert all((PAGES / at).exists() for at in expected)


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_links_to_files_lead_somewhere(page):
    for target in set(links(text(page))):
        assert "://" in target or (page.parent / target).exists(), target
