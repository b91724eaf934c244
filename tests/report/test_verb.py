"""`gansmith report`: when it measures, where it writes, and what it refuses."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

import gansmith
from gansmith.evaluation.evaluation import evaluate
from gansmith.trained import load

from .conftest import WANTED


def test_an_evaluation_that_is_there_is_kept(command, evaluated):
    before = (evaluated / "evaluation.json").read_bytes()
    code, out, _ = command("report", evaluated, "--json")
    told = json.loads(out)
    assert code == 0
    assert told == {
        "run": str(evaluated),
        "out": str(evaluated / "report.html"),
        "bytes": (evaluated / "report.html").stat().st_size,
        "language": "en",
    }
    assert (evaluated / "evaluation.json").read_bytes() == before


def test_another_number_of_samples_measures_anew_through_the_same_features(command, evaluated):
    assert command("report", evaluated, "--n", 32)[0] == 0
    measured = json.loads((evaluated / "evaluation.json").read_text())
    assert (measured["n"], measured["features"]["name"]) == (32, "random")


def test_a_run_that_was_trained_on_is_measured_anew(command, evaluated):
    gansmith.resume(evaluated, steps=6)
    assert command("report", evaluated)[0] == 0
    assert json.loads((evaluated / "evaluation.json").read_text())["step"] == 6


def test_where_the_best_moved_it_is_measured_anew(command, evaluated):
    evaluation, checkpoints = evaluated / "evaluation.json", load(evaluated).checkpoints
    best = checkpoints.folder / "best"
    first, *_, last = checkpoints.steps()
    shutil.copytree(checkpoints.path(first), best)
    evaluate(load(evaluated), replace(WANTED, checkpoint="best"))
    kept = evaluation.read_bytes()
    assert command("report", evaluated)[0] == 0
    assert evaluation.read_bytes() == kept
    shutil.rmtree(best)
    shutil.copytree(checkpoints.path(last), best)
    assert command("report", evaluated)[0] == 0
    measured = json.loads(evaluation.read_text())
    assert (measured["step"], measured["checkpoint"]) == (last, "best")


def test_the_page_lies_where_it_is_wanted(command, evaluated, tmp_path):
    out = tmp_path / "seite.html"
    assert command("report", evaluated, "--language", "ko", "--out", out)[0] == 0
    assert 'lang="ko"' in out.read_text(encoding="utf-8")
    assert not (evaluated / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--language", "fr"], "--language fr: Known: en, ko."),
        (["--out", "no/such/folder/report.html"], "no/such/folder/report.html: give a file in"),
        (["--out", "."], "--out .: give a file"),
        (["--n", "1"], "give at least 2 samples"),
    ],
)
def test_what_cannot_be_is_refused(command, evaluated, arguments, said):
    code, _, error = command("report", evaluated, *arguments)
    assert code == 2 and said in error
    assert not (evaluated / "report.html").exists()


def test_no_run_and_no_checkpoint(command, evaluated, tmp_path):
    code, _, error = command("report", tmp_path / "nothing")
    assert code == 2 and "is no run" in error
    shutil.rmtree(evaluated / "checkpoints")
    code, _, error = command("report", evaluated)
    assert code == 2 and "checkpoint" in error


@pytest.mark.parametrize("name", ["inception", "torchvision inception"])
def test_inception_is_not_replaced_unasked(command, evaluated, name):
    path = evaluated / "evaluation.json"
    raw = json.loads(path.read_text())
    raw["features"]["name"] = name
    path.write_text(json.dumps(raw))
    assert command("report", evaluated)[0] == 0
    code, _, error = command("report", evaluated, "--n", 32)
    assert code == 2 and "--inception FILE --n 32" in error
