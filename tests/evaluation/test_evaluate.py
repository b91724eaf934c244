"""`gansmith evaluate`: from a run to numbers that say how far to trust them."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace

import pytest

from gansmith.errors import RunError
from gansmith.evaluation import evaluation
from gansmith.evaluation.evaluation import Wanted, evaluate, read_evaluation
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.measuring import Measured
from gansmith.run.evaluations import Evaluated
from gansmith.trained import load

FEW = ("--n", 40, "--features", "random", "--measures", "frechet")


@pytest.fixture
def run(tiny_run, tmp_path):
    """A copy of a small run, which may be written into."""
    return shutil.copytree(tiny_run, tmp_path / "run")


def test_a_run_is_measured(run, command):
    code, out, said = command("evaluate", run, *FEW)
    assert code == 0 and "Fréchet distance (random features)" in out
    assert "? Too few samples stand behind" in out and " ?" in out and "frechet" in said
    kept = read_evaluation(run / "evaluation.json")
    told = json.loads(command("evaluate", run, *FEW, "--json")[1])
    assert told == json.loads((run / "evaluation.json").read_text())
    one = kept["frechet"]
    assert (one.n, one.reference, one.n_reference) == (40, "held-out", 1000)
    assert one.features.startswith("random ") and one.value > 0
    assert kept == read_evaluation(run / "evaluation.json"), "the same numbers again"


def test_other_samples_are_another_number(run):
    wanted = Wanted(n=40, features="random", measures=("frechet",))
    values = {
        evaluate(load(run), Wanted(**{**vars(wanted), "seed": seed}))["frechet"].value
        for seed in (0, 1)
    }
    assert len(values) == 2


def test_the_checkpoint_of_a_step(run, command):
    first = min(load(run).checkpoints.steps())
    told = json.loads(command("evaluate", run, *FEW, "--checkpoint", first, "--json")[1])
    assert told["step"] == first and told["checkpoint"] == str(first)


def test_the_best_step_says_that_it_was_chosen_by_this(run):
    last = max(load(run).checkpoints.steps())
    one = Evaluated(step=last, n=8, key="frechet", better="lower", values={"frechet": 1.0})
    one.append_to(run / "evaluations.jsonl")
    folder = load(run).checkpoints
    shutil.copytree(folder.path(one.step), folder.folder / "best")
    wanted = Wanted(n=40, features="random", measures=("frechet", "kernel"), checkpoint="best")
    words = "chosen by this number against the same held-out samples"
    chosen, other = evaluate(load(run), wanted).measurements[:2]
    assert words in chosen.trust and words not in other.trust
    latest = evaluate(load(run), replace(wanted, checkpoint="latest"))
    assert words not in latest["frechet"].trust


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--checkpoint", "best"), "--evaluate-every"),
        (("--checkpoint", "77"), "no checkpoint '77'"),
        (("--checkpoint", "../x"), "best, latest or the number of a step"),
        (("--measures", "frechett"), "no measure 'frechett'"),
        (("--features", "nothing"), "no features 'nothing'"),
        (("--n", "1"), "at least 2 samples"),
        (("--features", "random", "--inception", "w.pth"), "--inception w.pth: images are seen"),
    ],
)
def test_what_cannot_be_measured_is_refused(run, command, flags, words):
    code, _, said = command("evaluate", run, *flags)
    assert code == 2 and words in said
    assert not (run / "evaluation.json").exists()


def test_other_data_is_refused(run):
    config = json.loads((run / "config.json").read_text())
    config["spec"]["fingerprint"] = "0" * 64
    (run / "config.json").write_text(json.dumps(config))
    with pytest.raises(RunError, match="its content has changed"):
        evaluate(load(run), Wanted(n=40, features="random"))


def test_what_is_no_finite_number_is_null_in_the_file_and_in_the_answer(run, command, monkeypatch):
    broken = [Measurement(key="x", name="X", value=math.inf, better="lower", n=40, n_reference=0,
                          interval=(0.5, math.nan), details={"parts": [math.nan, 1]})]  # fmt: skip
    monkeypatch.setattr(evaluation, "measure", lambda *given, **how: Measured(broken, {}))
    code, told, _ = command("evaluate", run, *FEW, "--json")

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    raw = json.loads((run / "evaluation.json").read_text(), parse_constant=refuse)
    assert code == 0 and json.loads(told) == raw
    assert raw["measurements"][0]["value"] is None
    assert raw["measurements"][0]["interval"] == [0.5, None]
    assert raw["measurements"][0]["details"] == {"parts": [None, 1]}
    assert math.isnan(read_evaluation(run / "evaluation.json")["x"].value)


def test_a_run_that_was_not_evaluated_says_how(run):
    with pytest.raises(RunError, match="gansmith evaluate"):
        read_evaluation(run / "evaluation.json")
    (run / "evaluation.json").write_text("{")
    with pytest.raises(RunError, match="damaged"):
        read_evaluation(run / "evaluation.json")
