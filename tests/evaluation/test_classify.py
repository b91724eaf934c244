"""`gansmith classify`: what a run says of images, against what its networks say by hand."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
import torch
from PIL import Image
from scipy.stats import binomtest

import gansmith
from gansmith.data import open_data
from gansmith.errors import DataError
from gansmith.evaluation.classify import classify

FEW = f"{Path(__file__).parent.parent / 'labelled_methods.py'}:FewLabels"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> gansmith.Run:
    """A linear classifier after 60 steps on 20 labels a class."""
    return gansmith.train(
        FEW, labels_per_class=20, run=tmp_path_factory.mktemp("few") / "run", steps=60,
        batch_size=50, device="cpu",
    )  # fmt: skip


@pytest.fixture
def digits(tmp_path) -> Path:
    """Held-out digits as files, in folders that are their classes, and one in no class."""
    held_out = open_data("mnist").held_out()
    for number in range(12):
        pixels = ((held_out.x[number, 0] + 1) * 127.5).round().byte().numpy()
        path = tmp_path / "digits" / str(int(held_out.y[number])) / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
    return tmp_path / "digits"


def by_hand(run, x: torch.Tensor) -> torch.Tensor:
    """Probabilities: the classifier has no averaged twin, so it is the network itself."""
    _, state = run.restored()
    return state.nets["classifier"](x).softmax(1).detach()


def test_held_out_images(run):
    found, held_out = classify(run), open_data("mnist").held_out()
    expected = by_hand(run, held_out.x)
    assert found.said == expected.argmax(1).tolist() and found.y == held_out.y.tolist()
    torch.testing.assert_close(torch.tensor(found.probability), expected.max(1).values)
    right = int((expected.argmax(1) == held_out.y).sum())
    assert found.accuracy == right / 1000 and found.accuracy > 0.5
    interval = binomtest(right, 1000).proportion_ci(method="wilson")
    assert found.interval == pytest.approx(tuple(interval), abs=1e-9)
    confusion = torch.tensor(found.confusion)
    assert confusion.sum() == 1000 and int(confusion.diagonal().sum()) == right
    assert confusion.sum(1).tolist() == torch.bincount(held_out.y).tolist()


def test_files_folders_and_sets(run, digits, tmp_path, command):
    file = next(digits.rglob("03.png"))
    table = tmp_path / "said.csv"
    code, out, said = command(
        "classify", run.path, file, digits, "--method", FEW, "--json", "--csv", table
    )
    assert code == 0, said
    told = json.loads(out)
    assert told["n"] == 13 and told["labelled"] == 12 and told["csv"] == str(table)
    held_out = open_data("mnist").held_out()
    expected = by_hand(run, held_out.x[:12])
    rows = {Path(row["name"]).name: row for row in told["images"][1:]}
    for number in range(12):
        row = rows[f"{number:02}.png"]
        assert row["class"] == str(int(expected[number].argmax()))
        assert row["label"] == str(int(held_out.y[number]))
        assert row["probability"] == pytest.approx(float(expected[number].max()), abs=1e-5)
    assert told["images"][0]["label"] is None and told["images"][0]["name"] == str(file)
    with table.open() as opened:
        assert [row["class"] for row in csv.DictReader(opened)] == [
            row["class"] for row in told["images"]
        ]
    named = json.loads(command("classify", run.path, "mnist", "--method", FEW, "--json")[1])
    assert named["accuracy"] == classify(run).accuracy


def test_images_of_another_size_and_kind(run, tmp_path):
    image = Image.new("RGB", (90, 60), "white")
    image.paste("black", (40, 10, 50, 50))
    (tmp_path / "other").mkdir()
    image.save(tmp_path / "other" / "a.jpg")
    (tmp_path / "other" / "b.jpg").write_text("no image")
    (tmp_path / "other" / "c.jpg").write_bytes((tmp_path / "other" / "a.jpg").read_bytes())
    found = classify(run, [str(tmp_path / "other")])
    assert len(found.said) == 2 and found.accuracy is None and found.confusion is None
    assert "b.jpg" in found.notes[0]
    from gansmith.latent.conformed import conformed

    x = conformed([tmp_path / "other" / "a.jpg"], run.config)
    assert found.said[0] == int(by_hand(run, x).argmax())


def test_classes_that_the_run_does_not_know(run, digits):
    first = next(path for path in digits.iterdir())
    first.rename(digits / "strange")
    found = classify(run, [str(digits)])
    assert 0 < found.labelled < 12 and sum(map(sum, found.confusion)) == found.labelled
    unknown = [row for row in found.rows() if "strange" in row["name"]]
    assert unknown and all(row["label"] is None for row in unknown)


def test_words(run, digits, command):
    code, out, _ = command("classify", run.path, digits, "--method", FEW)
    assert code == 0 and "Accuracy" in out and "Rows: the class" in out


def test_what_cannot_be_classified(run, tiny_run, command, tmp_path):
    code, _, said = command("classify", tiny_run)
    assert code == 2 and "gan does not tell the class of an image" in said
    (tmp_path / "empty").mkdir()
    for given, words in (
        ("nowhere", "No data set and no folder called 'nowhere'"),
        ("8gaussians", "holds points"),
        (tmp_path / "empty", "No images in"),
    ):
        code, _, said = command("classify", run.path, given, "--method", FEW)
        assert code == 2 and words in said
    code, _, said = command("classify", run.path, "mnist", "--csv", "a.txt", "--method", FEW)
    assert code == 2 and "--csv a.txt" in said
    (tmp_path / "a.png").write_text("no image")
    with pytest.raises(DataError, match=r"a\.png"):
        classify(run, [str(tmp_path / "a.png")])


def test_images_that_it_was_trained_on_are_said_to_be_no_test(digits, tmp_path):
    options = {"steps": 1, "batch_size": 4, "device": "cpu", "size": 28, "run": tmp_path / "own"}
    own = gansmith.train(FEW, data=str(digits), **options)
    assert any("trained on these images" in note for note in classify(own, [str(digits)]).notes)
    other = digits / "7"
    assert not any("trained on" in note for note in classify(own, [str(other)]).notes)


def test_of_a_folder_in_parts_the_held_out_one_is_classified(digits, tmp_path):
    whole = tmp_path / "whole"
    shutil.copytree(digits, whole / "train")
    shutil.copytree(digits / "7", whole / "test" / "7")
    options = {"steps": 1, "batch_size": 4, "device": "cpu", "size": 28, "run": tmp_path / "own"}
    own = gansmith.train(FEW, data=str(whole), **options)
    held_out, learned = (classify(own, [str(path)]) for path in (whole, whole / "train"))
    assert {Path(name).parent for name in held_out.names} == {whole / "test" / "7"}
    assert not any("trained on" in note for note in held_out.notes)
    assert len(learned.names) == 12 and str(whole / "train") in learned.names[0]
    assert any("trained on these images" in note for note in learned.notes)


def test_a_best_step_was_chosen_by_these_images(tmp_path):
    run = gansmith.train(
        FEW, labels_per_class=20, run=tmp_path / "run", steps=20, batch_size=50, device="cpu",
        evaluate_every=10, evaluate_measures=("classifier_error",),
    )  # fmt: skip
    assert not any("chosen by" in note for note in classify(run).notes)
    assert any("chosen by its error" in note for note in classify(run, checkpoint="best").notes)


def test_classes_that_the_run_does_not_know_are_told(run, tmp_path):
    for name in ("red", "blue"):
        (tmp_path / "colours" / name).mkdir(parents=True)
        Image.new("RGB", (40, 40), name).save(tmp_path / "colours" / name / "1.png")
    found = classify(run, [str(tmp_path / "colours")])
    assert found.accuracy is None
    assert found.notes[0].startswith("No accuracy: of their classes (blue, red) none is the run's")
