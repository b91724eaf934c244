"""`gansmith figure`: the table, the flags, what is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from gansmith import api
from gansmith.cli import run
from gansmith.errors import RunError
from gansmith.figures import FIGURES, find
from gansmith.figures.asked import Asked
from gansmith.figures.verb import first_there


def test_every_figure_is_there_and_says_what_it_shows() -> None:
    for name, entry in FIGURES.items():
        assert callable(find(name)[1]), name
        assert entry.about and not entry.about.endswith("."), name


def test_a_figure_is_written_with_its_numbers(tmp_path: Path, capsys) -> None:
    out = tmp_path / "lines"
    assert run(["figure", "js-vs-wasserstein", "--out", str(out), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    with Image.open(out / "js-vs-wasserstein.png") as picture:
        assert picture.width > 600
    assert (out / "js-vs-wasserstein.svg").read_text().startswith("<?xml")
    stored = json.loads((out / "js-vs-wasserstein.json").read_text())
    assert stored["rows"] == answer["numbers"]["rows"] and stored["see"] == answer["see"]


def test_images_are_those_of_the_first_set_that_is_there(monkeypatch) -> None:
    there = {"sprites": False, "emoji-google": True}
    monkeypatch.setattr("gansmith.figures.verb.cached", lambda name: there[name] or None)
    assert first_there("sprites,emoji-google,mnist") == "emoji-google"
    there["emoji-google"] = False
    assert first_there("sprites,emoji-google,mnist") == "mnist"
    assert first_there("mnist") == "mnist" and first_there("") == ""


def test_the_list_names_them_all(capsys) -> None:
    assert run(["figure", "list"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in FIGURES)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["js-wasserstein"], "Did you mean js-vs-wasserstein?"),
        (["js-vs-wasserstein", "--effort", "0"], "give a number above 0"),
        (["js-vs-wasserstein", "--data", "mnist"], "leave --data out"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, said, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["figure", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_half_a_training_is_no_figure(tmp_path: Path, monkeypatch) -> None:
    train = api.train

    def stopped(*arguments, **fields):
        run = train(*arguments, **fields)
        assert run.outcome is not None
        return replace(run, outcome=replace(run.outcome, signal=2))

    monkeypatch.setattr("gansmith.figures.asked.api.train", stopped)
    with pytest.raises(RunError, match="was stopped at step 2 of 2"):
        Asked(tmp_path).trained("small", "gan", 2, hidden=(4,), batch_size=4, device="cpu")


def test_a_run_is_gone_on_with_when_asked_for_again(tmp_path: Path) -> None:
    few = Asked(tmp_path, effort=0.5)
    fields = {"hidden": (4,), "batch_size": 4, "device": "cpu"}
    first = few.trained("small", "gan", 4, **fields)
    assert first.step == 2
    again = Asked(tmp_path).trained("small", "gan", 4, **fields)
    other = few.trained("small", "gan", 4, **fields | {"hidden": (5,)})
    assert (again.step, other.step) == (4, 2)
    assert first.path == again.path != other.path
