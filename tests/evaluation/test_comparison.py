"""Comparing real runs: what is found, measured alike, grouped, left out and used again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

import gansmith
from gansmith.errors import ConfigError, RunError
from gansmith.evaluation import entrants
from gansmith.evaluation.comparison import compare
from gansmith.evaluation.evaluation import Wanted, evaluate
from gansmith.evaluation.runs_below import names, runs_below

FEW = Wanted(n=20)
EXAMPLE = f"{Path(__file__).parents[2] / 'examples' / 'my_gan.py'}:MyGAN"
TINY = {"batch_size": 8, "steps": 1, "sample_every": 100, "device": "cpu"}


def names_of(made) -> list[set[str]]:
    return [{one.name for one in group.field.entrants} for group in made.groups]


def test_a_folder_stands_for_all_runs_below_it(class_of_runs):
    runs, left_out = runs_below([class_of_runs, class_of_runs / "lee"])
    found = [str(run.path.relative_to(class_of_runs)) for run in runs]
    assert (found, left_out) == (["kim/one", "kim/two", "lee", "points"], {})


def test_names_are_as_short_as_tells_them_apart(tmp_path):
    paths = [tmp_path / "kim" / "run", tmp_path / "lee" / "run"]
    assert names(paths) == ["kim/run", "lee/run"]
    assert names([tmp_path / "a\x1b[31m\n", tmp_path / "가"]) == ["a�[31m�", "가"]


def test_data_apart_seeds_together_and_one_judge_for_each_data_set(class_of_runs, monkeypatch):
    made_judges, make = [], entrants.make_judge
    monkeypatch.setattr(
        entrants, "make_judge", lambda *given: made_judges.append(given) or make(*given)
    )
    made = compare([class_of_runs], FEW)
    assert names_of(made) == [{"one", "two", "lee"}, {"points"}]
    assert len(made_judges) == 2
    images = made.groups[0]
    assert images.key == "frechet"
    measured = [one.evaluation["frechet"] for one in images.field.entrants]
    assert len({(one.n, one.seed, one.n_reference, one.features) for one in measured}) == 1
    (seeds,) = images.seeds
    assert sorted(seeds.seeds) == [1, 2]
    assert images.differs == {
        "hidden": ["8", "8", "16"],
        "learning_rate": ["0.0002"] * 2 + ["0.001"],
    }


def test_numbers_are_those_of_evaluate_and_runs_are_only_read(class_of_runs):
    run = gansmith.load(class_of_runs / "lee")
    before = {path: path.stat().st_mtime_ns for path in class_of_runs.rglob("*")}
    (group,) = compare([run.path], FEW).groups
    assert before == {path: path.stat().st_mtime_ns for path in class_of_runs.rglob("*")}
    value = evaluate(run, FEW)["frechet"].value
    assert group.field.entrants[0].evaluation["frechet"].value == value
    assert [place.words for place in group.places] == ["1"]


@pytest.mark.parametrize(
    ("how", "reused"),
    [
        ({}, True),
        ({"n": 21}, False),
        ({"seed": 1}, False),
        ({"measures": ("frechet",)}, False),
        ({"features": "random"}, True),
    ],
    ids=str,
)
def test_an_evaluation_is_used_again_only_where_it_says_the_same(class_of_runs, how, reused):
    run = gansmith.load(class_of_runs / "lee")
    wanted = Wanted(**{"n": 20, "features": "random", **how})
    evaluate(run, wanted)
    kept = run.directory.evaluation.read_bytes()
    (group,) = compare([run.path], Wanted(n=20, features="random")).groups
    assert group.field.entrants[0].reused is reused
    assert run.directory.evaluation.read_bytes() == kept


@pytest.mark.parametrize(
    "change",
    [{"features": {"hash": "other"}}, {"step": 1}, {"made_with": "x"}, {"measures_format": 0}],
)
def test_an_evaluation_of_something_else_is_not_used(class_of_runs, change):
    run = gansmith.load(class_of_runs / "lee")
    evaluate(run, FEW)
    raw = json.loads(run.directory.evaluation.read_text())
    run.directory.evaluation.write_text(json.dumps({**raw, **change}))
    (group,) = compare([run.path], FEW).groups
    assert not group.field.entrants[0].reused


def test_what_is_broken_is_named_and_left_out(class_of_runs):
    foreign, cut, empty = (class_of_runs / name for name in ("foreign", "cut", "empty"))
    foreign.mkdir()
    (foreign / "config.json").write_text('{"model_type": "bert"}')
    shutil.copytree(class_of_runs / "lee", cut)
    for file in cut.rglob("networks.safetensors"):
        file.write_bytes(b"torn")
    empty.mkdir()
    (class_of_runs / "lee" / "timing.jsonl").write_text('{"step": 1}\n')
    made = compare([class_of_runs, empty], FEW)
    assert names_of(made) == [{"one", "two"}, {"points"}]
    left = {path.rpartition("/")[2]: why for path, why in made.left_out.items()}
    assert set(left) == {"foreign", "cut", "empty", "lee"}
    assert "no configuration of a run" in left["foreign"]
    assert "No whole checkpoint" in left["cut"]
    assert "KeyError" in left["lee"]


def test_a_diverged_run_is_left_out(class_of_runs, monkeypatch):
    def draw(method, nets, spec, number, seed):
        return torch.full((number, *spec.shape), torch.nan)

    monkeypatch.setattr("gansmith.metrics.made.all_samples", draw)
    with pytest.raises(RunError, match=r"No run can be measured.*step 2 are not finite"):
        compare([class_of_runs / "lee"], FEW)


def test_a_checkpoint_of_one_step(class_of_runs):
    made = compare([class_of_runs / "lee"], Wanted(n=20, checkpoint="2"))
    assert made.groups[0].field.entrants[0].evaluation.step == 2
    with pytest.raises(RunError, match="no checkpoint '7'"):
        compare([class_of_runs / "lee"], Wanted(n=20, checkpoint="7"))


def test_samples_shown_are_those_of_the_averaged_generator(class_of_runs):
    run = gansmith.load(class_of_runs / "lee")
    (group,) = compare([run.path], FEW).groups
    shown = group.field.entrants[0].samples
    torch.testing.assert_close(shown, run.sample(20, seed=0), rtol=0, atol=0)


def test_a_method_from_a_file_is_given_again(tmp_path):
    run = gansmith.train(EXAMPLE, run=tmp_path / "mine", **TINY).path
    with pytest.raises(RunError, match="Give the file again"):
        compare([run], FEW)
    (group,) = compare([run], FEW, methods=["other.py:Other", EXAMPLE]).groups
    assert group.field.entrants[0].evaluation.method == "MyGAN"


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"paths": []}, "Name the runs"),
        ({"wanted": Wanted(n=1)}, "at least 2 samples"),
        ({"wanted": Wanted(features="nothing")}, "no features 'nothing'"),
        ({"wanted": FEW, "sort": "frechett"}, "Did you mean frechet"),
    ],
)
def test_what_cannot_be_done_is_said(class_of_runs, how, message):
    with pytest.raises(ConfigError, match=message):
        compare(**{"paths": [class_of_runs / "lee"], **how})


def test_no_run_is_an_error(tmp_path):
    with pytest.raises(RunError, match="does not exist"):
        compare([tmp_path / "gone"])
    with pytest.raises(RunError, match="There is no run to compare"):
        compare([tmp_path])
