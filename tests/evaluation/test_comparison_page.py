"""The page, the picture and the verb, with names as students give them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.evaluation.comparison import compare
from gansmith.evaluation.comparison_files import write_comparison
from gansmith.evaluation.comparison_samples import shown_samples
from gansmith.evaluation.evaluation import Wanted
from gansmith.metrics import MEASURES, Entry
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.judge import Judge
from gansmith.metrics.measurement import Measurement

FEW = Wanted(n=20)
HOSTILE = "<script>alert(1)<"
HANGUL = '첫 번째 & "끝" $x_'


class Page(HTMLParser):
    """Tags and text of a page, as a browser reads it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "img":
            self.images.append(dict(attrs)["src"])

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def written(class_of_runs, tmp_path):
    """A comparison of all runs, two with hostile names, written to disk."""
    (class_of_runs / "kim" / "one").rename(class_of_runs / "kim" / HOSTILE)
    (class_of_runs / "kim" / "two").rename(class_of_runs / "kim" / HANGUL)
    return write_comparison(compare([class_of_runs], FEW), tmp_path / "out")


def page_of(written) -> str:
    with open(written.files["page"], encoding="utf-8") as file:
        return file.read()


def test_names_are_text_and_nothing_comes_from_outside(written):
    raw = page_of(written)
    page = Page(raw)
    assert "script" not in page.tags
    assert HOSTILE in page.text and HANGUL in page.text
    assert page.tags.count("h2") == 3
    assert len(page.images) == 5  # four runs and real images
    assert all(source.startswith("data:image/") for source in page.images)
    assert "http:" not in raw and "https:" not in raw


def test_the_picture_has_a_row_for_each_run(written):
    with Image.open(written.files["picture"]) as picture:
        assert picture.height == 2 * (60 + 50) + 3 * 70 + 240


def test_the_numbers_are_json_and_say_how_they_were_made(written):
    with open(written.files["numbers"], encoding="utf-8") as file:
        raw = json.load(file)
    assert raw["left_out"] == {}
    images, points = raw["groups"]
    assert images["runs"][0]["rank"] == 1
    assert {row["name"] for row in images["runs"]} == {HOSTILE, HANGUL, "lee"}
    assert [row["name"] for row in points["runs"]] == ["points"]
    assert raw["command"].startswith("gansmith compare ")


def test_different_data_is_said_to_be_apart(written, class_of_runs, tmp_path):
    assert "trained on different data" in page_of(written)
    alone = write_comparison(compare([class_of_runs / "lee"], FEW), tmp_path / "alone")
    page = Page(page_of(alone))
    assert "Comparison of 1 run" in page.text and "different data" not in page.text


def test_ties_are_said_in_words(class_of_runs, tmp_path):
    shutil.copytree(class_of_runs / "lee", class_of_runs / "twin")
    made = compare([class_of_runs / "lee", class_of_runs / "twin"], FEW)
    assert [place.words for place in made.groups[0].places] == ["1 (tie)", "1 (tie)"]
    text = " ".join(Page(page_of(write_comparison(made, tmp_path / "out"))).text.split())
    assert "Tie for rank 1: twin cannot be told apart from lee" in text


def apart(given: Given) -> list[Measurement]:
    """How far the mean is from that of the reference."""
    far = (given.generated.x.mean(0) - given.reference.x.mean(0)).norm().item()
    return [given.measured("apart", "Apart", far, "lower", featured=False)]


def test_points_are_ordered_by_the_first_measure_of_which_less_is_better(
    class_of_runs, tmp_path, monkeypatch
):
    gansmith.train(
        "gan", data="8gaussians", run=tmp_path / "other", hidden=(4,), seed=9,
        batch_size=8, steps=1, sample_every=100, device="cpu",
    )  # fmt: skip
    entry = Entry("points_apart:apart", "points", (), True, "for a test")
    monkeypatch.setitem(MEASURES, "apart", entry)
    monkeypatch.setattr("gansmith.metrics.measuring.loaded", lambda entry: apart)
    for name in set(MEASURES) - {"apart"}:
        monkeypatch.delitem(MEASURES, name)
    made = compare([class_of_runs / "points", tmp_path / "other"], FEW)
    (group,) = made.groups
    values = [place.figure.value for place in group.places if place.figure]
    assert group.key == "apart" and values == sorted(values) and len(values) == 2
    assert "not known" in page_of(write_comparison(made, tmp_path / "out"))


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 256, 256), (3, 96, 64)], ids=str)
def test_samples_stay_small_even_where_they_are_noise(shape):
    """Thirty runs of noise, the worst for compression, stay below ten megabytes."""
    x = torch.rand(32, *shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
    spec = DataSpec(name="noise", batch=LabeledImages, shape=shape, size=32)
    data = DataSet(spec=spec, take=lambda rows: LabeledImages(x, rows), to=lambda device: data)
    judge = Judge(data, None, Samples(x), None)
    picture = shown_samples(x, judge, 6_000_000 // 31)
    assert picture is not None and len(picture.content) * 31 * 4 / 3 < 9_000_000


def test_thirty_runs_fit_on_a_page(class_of_runs, tmp_path):
    (group,) = compare([class_of_runs / "lee"], FEW).groups
    entrant = group.field.entrants[0]
    many = tuple(replace(entrant, name=f"run {number}") for number in range(30))
    places = tuple(replace(group.places[0], index=number) for number in range(30))
    wide = replace(
        group,
        field=replace(group.field, entrants=many),
        places=places,
        differs={name: values * 30 for name, values in group.differs.items()},
    )
    made = replace(compare([class_of_runs / "lee"], FEW), groups=(wide,))
    files = write_comparison(made, tmp_path / "out").files
    assert len(Page(page_of(replace(made, files=files))).images) == 31
    assert len(page_of(replace(made, files=files))) < 10_000_000


def test_the_verb_writes_where_it_says(command, class_of_runs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = command("compare", class_of_runs / "kim", "--n", 20)
    assert code == 0 and "comparison-1/comparison.html" in out and "one" in out
    assert "Fréchet distance" in out and "2 seeds" in out
    code, out, _ = command("compare", class_of_runs / "lee", "--n", 20, "--json")
    assert code == 0 and json.loads(out)["files"]["page"].startswith("comparison-2")
    code, out, _ = command("compare", class_of_runs / "lee", "--n", 20, "--out", "mine", "--json")
    told = json.loads(out)
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
        "comparison.html", "comparison.json", "comparison.png",
    ]  # fmt: skip
    assert np.isfinite(told["groups"][0]["runs"][0]["evaluation"]["measurements"][0]["value"])


@pytest.mark.parametrize("arguments", [[], ["gone"], ["."], [".", "--n", "1"]])
def test_the_verb_refuses_with_one_message(command, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, _, err = command("compare", *arguments)
    assert code == 2 and err.count("\n") == 1 and err.startswith("gansmith: ")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_place_to_write_to(command, class_of_runs):
    code, _, err = command("compare", class_of_runs, "--out", class_of_runs / "lee" / "config.json")
    assert code == 2 and "config.json is no folder" in err
