"""`--labels-per-class`, `--attributes` and `--labels-file` of train, from the flag to resume."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

import gansmith
from gansmith.batch import PartlyLabeledImages, blank
from gansmith.config import RunConfig, choose_method, served, stored_data
from gansmith.data import open_data
from gansmith.data.partly import chosen_rows, told
from gansmith.errors import ConfigError, DataError, InexactResumeError
from gansmith.evaluation.evaluation import Wanted, evaluate, learned_from
from gansmith.method import LatentMethod
from gansmith.methods import find
from gansmith.metrics.judge import make_judge
from gansmith.options import Options
from gansmith.plan import make_plan

FILE = Path(__file__).parent / "labelled_methods.py"
FEW, BY_CLASS = f"{FILE}:FewLabels", f"{FILE}:ByClass"
SMALL = {"batch_size": 8, "steps": 3, "checkpoint_every": 2, "device": "cpu"}


def test_from_the_flag_to_the_run_and_back(tmp_path, command):
    arguments = ["--batch-size", 8, "--device", "cpu", "--seed", 5, "--labels-per-class", 3]
    code, _, said = command(
        "train", FEW, *arguments, "--steps", 3, "--checkpoint-every", 3, "--run", tmp_path / "a"
    )
    assert code == 0, said
    assert "labels of 30 of 4,000 images are told, 3 of each class" in said
    config = RunConfig.read(tmp_path / "a" / "config.json")
    assert config.spec.batch is PartlyLabeledImages and config.spec.size == 4000
    assert config.training.labels_per_class == 3 and len(config.training.labels_sha256) == 64
    assert len((tmp_path / "a" / "config.json").read_text()) < 5000

    whole = gansmith.train(FEW, config=tmp_path / "a" / "config.json", steps=6, run=tmp_path / "b")
    assert whole.config.training.labels_sha256 == config.training.labels_sha256
    code, _, said = command("resume", tmp_path / "a", "--steps", 6, "--method", FEW)
    assert code == 0, said
    logs = [(tmp_path / run / "metrics.jsonl").read_bytes() for run in "ab"]
    assert logs[0] == logs[1], "resume sees the same labels"


def test_another_choice_is_noticed(tmp_path):
    run = gansmith.train(FEW, labels_per_class=3, run=tmp_path / "a", **SMALL)
    path = run.directory.config
    raw = json.loads(path.read_text())
    raw["training"]["labels_sha256"] = "0" * 64
    path.write_text(json.dumps(raw))
    with pytest.raises(InexactResumeError, match="labels: those of other images are told"):
        gansmith.resume(run.path, steps=5, method=FEW)
    resumed = gansmith.resume(run.path, steps=5, method=FEW, allow_inexact=True)
    assert resumed.config.training.labels_sha256 == run.config.training.labels_sha256


def test_a_method_without_use_for_others_trains_on_the_labelled_alone(tmp_path):
    run = gansmith.train(BY_CLASS, labels_per_class=2, run=tmp_path / "a", **SMALL)
    assert run.config.spec.size == 20 and run.config.spec.classes == 10
    assert stored_data(run.config).spec.size == 4000, "measures see every label"
    measured = evaluate(run, Wanted(n=20, features="random", measures=("frechet",)), write=False)
    assert measured.measurements[0].n == 20
    assert run.resume(steps=5).step == 5


@pytest.mark.parametrize(("method", "seen"), [(BY_CLASS, 40), (FEW, 4000)])
def test_copies_are_looked_for_among_what_was_learned_from(tmp_path, method, seen):
    run = gansmith.train(method, labels_per_class=4, run=tmp_path / "a", **SMALL)
    measured = evaluate(run, Wanted(n=30, measures=("memorisation",)))
    (found,) = measured.measurements
    assert found.details["training"] == seen
    assert max(pair["training"] for pair in found.details["pairs"]) < seen
    judge = make_judge(stored_data(run.config), blind=True)
    chosen = chosen_rows(judge.data.labels, 10, 4, run.config.training.seed)
    expected = judge.data.take(chosen).x if method == BY_CLASS else judge.train.x
    assert torch.equal(learned_from(run, judge), expected)


def test_a_class_whose_images_are_all_held_out(tmp_path):
    data = open_data("mnist")
    labels = data.labels.clone()
    labels[labels == 7] = 1
    with pytest.raises(DataError, match="'7' has no images to train on"):
        told(replace(data, labels=labels), PartlyLabeledImages, 1, 0)


def test_all_labels_are_told_without_the_flag(tmp_path):
    run = gansmith.train(FEW, run=tmp_path / "a", **SMALL)
    assert run.config.training.labels_per_class is None
    assert run.config.training.labels_sha256 == ""
    assert run.sample(3).shape == (3, 1, 28, 28)


def test_measuring_while_training_sees_every_label(tmp_path):
    run = gansmith.train(
        FEW, labels_per_class=2, evaluate_every=2, evaluate_measures=("sliced",),
        run=tmp_path / "a", **SMALL,
    )  # fmt: skip
    lines = (run.path / "evaluations.jsonl").read_text().splitlines()
    assert lines and all(json.loads(line)["error"] in (None, "") for line in lines)


ERRORS = {
    "--labels-per-class 0": ["--labels-per-class 0", "above 0"],
    "--labels-per-class 4000": ["--labels-per-class 4000", "the class '", "from 1 to that"],
    "--attributes red": ["--attributes chooses among attributes", "mnist"],
    "--labels-file x.csv": ["--labels-file", "mnist"],
}


@pytest.mark.parametrize("flags", ERRORS)
def test_errors(command, flags):
    code, _, said = command("train", BY_CLASS, *flags.split(), "--steps", 1)
    assert code == 2, said
    assert all(words in said for words in ERRORS[flags])


def test_points_have_no_labels(command):
    code, _, said = command("train", "gan", "--data", "8gaussians", "--labels-per-class", 3)
    assert code == 2 and "--labels-per-class 3 needs images with classes" in said
    code, _, said = command("train", FEW, "--data", "8gaussians")
    assert code == 2 and "a folder of images with classes" in said and "mnist" in said


@pytest.fixture
def shapes(tmp_path):
    """Eight images with two attributes, in a folder with a table."""
    folder = tmp_path / "shapes"
    folder.mkdir()
    rows = ["file,round,red"]
    for number in range(8):
        Image.new("L", (8, 8), 20 * number).save(folder / f"{number}.png")
        rows.append(f"{number}.png,{number % 2},{number // 2 % 2}")
    (folder / "labels.csv").write_text("\n".join(rows))
    return folder


def test_attributes_from_the_flag_to_samples(shapes, tmp_path, command):
    arguments = ["--data", shapes, "--size", 8, "--batch-size", 4, "--device", "cpu"]
    run = tmp_path / "run"
    code, _, said = command(
        "train", BY_CLASS, *arguments, "--attributes", "red", "round", "--steps", 2, "--run", run
    )
    assert code == 0, said
    raw = json.loads((run / "config.json").read_text())
    assert raw["spec"]["batch"] == "AttributedImages"
    assert raw["spec"]["class_names"] == raw["form"]["attributes"] == ["red", "round"]
    assert command("resume", run, "--steps", 3, "--method", BY_CLASS)[0] == 0
    code, out, said = command("sample", run, "--method", BY_CLASS, "--json")
    assert code == 0, said
    told = json.loads(out)
    assert (told["n"], told["classes"]) == (32, ["red", "round", "red+round", "none"])
    code, out, said = command(
        "sample", run, "--method", BY_CLASS, "--class", "red+round", "none", "--n", 4, "--json"
    )
    assert code == 0 and json.loads(out)["classes"] == ["red+round", "none"], said
    code, _, said = command("sample", run, "--method", BY_CLASS, "--class", "red+rund")
    assert code == 2 and "no attribute 'rund'. Did you mean round" in said
    measured = evaluate(gansmith.load(run, BY_CLASS), Wanted(n=20, features="random"), write=False)
    assert "reconstruction" in measured.left_out, "no generator of z alone"

    code, _, said = command("train", "dcgan", *arguments, "--attributes", "red")
    assert code == 2 and "dcgan learns from images" in said and "Leave --attributes out" in said
    code, _, said = command(
        "train", BY_CLASS, *arguments, "--attributes", "red", "--labels-per-class", 1
    )
    assert code == 2 and "--labels-per-class 1 needs images with classes" in said


def test_attributes_run_through_each_alone_then_combinations(shapes):
    from gansmith.batch import attribute_rows
    from gansmith.data import open_data
    from gansmith.data.form import Form

    y = attribute_rows(3, 0, 9)
    assert y[:3].equal(torch.eye(3)) and y[3:6].sum(1).tolist() == [2, 2, 2]
    assert y[6].tolist() == [1, 1, 1] and y[7].tolist() == [0, 0, 0] and y[8].equal(y[0])
    assert len({tuple(row) for row in y[:8].tolist()}) == 8
    assert attribute_rows(3, 5, 4).equal(y[5:])
    assert attribute_rows(40, 39, 2)[1].nonzero().flatten().tolist() == [0, 1]
    spec = open_data(str(shapes), Form(size=8, attributes=("red", "round"))).spec
    assert blank(spec, 3, first=2).y.tolist() == [[1, 1], [0, 0], [1, 0]]


def test_what_a_method_is_served():
    few, by_class = find(FEW), find(BY_CLASS)
    assert served(few, "LabeledImages") is served(few, "CaptionedImages") is PartlyLabeledImages
    assert served(few, "PartlyLabeledImages") is PartlyLabeledImages
    assert served(by_class, "AttributedImages").__name__ == "AttributedImages"
    assert isinstance(choose_method(FEW, None, "LabeledImages"), LatentMethod)


@pytest.mark.parametrize("method", ["cgan", "acgan", "projection"])
def test_a_size_is_taken_where_sub_folders_are_the_classes(tmp_path, method):
    for name, shade in (("dark", 0), ("light", 255)):
        (tmp_path / "images" / name).mkdir(parents=True)
        for number in range(4):
            picture = Image.new("RGB", (40, 40), (shade, number, shade))
            picture.save(tmp_path / "images" / name / f"{number}.png")
    options = Options(data=str(tmp_path / "images"), size=32, steps=1)
    plan = make_plan(method, options, {"width": 4, "batch_size": 4})
    assert plan.config.spec.class_names == ("dark", "light")


def test_a_size_that_no_network_makes_is_still_refused(tmp_path):
    (tmp_path / "images" / "a").mkdir(parents=True)
    Image.new("RGB", (40, 40)).save(tmp_path / "images" / "a" / "0.png")
    with pytest.raises(ConfigError, match="--size"):
        make_plan("cgan", Options(data=str(tmp_path / "images"), size=31, steps=1), {})
