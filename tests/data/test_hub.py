"""Data sets of the hub, from local folders in its layout and without a network."""

from __future__ import annotations

import io
import json
import pickle
import sys

import pytest
import torch
from PIL import Image

from gansmith.batch import CaptionedImages, LabeledImages
from gansmith.data import absolute, batch_name, open_data
from gansmith.data.form import Form
from gansmith.data.hub import address, hub_pictures
from gansmith.errors import ConfigError, DataError

SMALL = Form(size=4)


@pytest.fixture
def datasets(monkeypatch, tmp_path_factory):
    """The package, its cache in a folder of the test's own."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    package = pytest.importorskip("datasets")
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(package.config, "HF_DATASETS_CACHE", cache)
    package.disable_progress_bars()
    return package


def picture(value: int) -> dict[str, bytes]:
    """A cell of an image column."""
    file = io.BytesIO()
    Image.new("L", (4, 4), value).save(file, "PNG")
    return {"bytes": file.getvalue(), "path": None}


@pytest.fixture
def table(datasets, tmp_path):
    """A folder of Parquet files, two splits; two columns of classes, one of texts."""

    def make(folder: str, **columns) -> str:
        classes = {"style": ["a", "b", "c"], "kind": ["cat", "dog"]}
        kinds = {
            "caption": datasets.Value("string"),
            "id": datasets.Value("int64"),
            "photo": datasets.Image(),
            **{name: datasets.ClassLabel(names=names) for name, names in classes.items()},
        }
        for split, count in (("train", 5), ("test", 2)):
            first = 100 * (split == "test")
            numbers = range(first, first + count)
            rows = {
                "id": [*numbers],
                "photo": [picture(number) for number in numbers],
                "kind": [number % 2 for number in numbers],
                "style": [number % 3 for number in numbers],
                "caption": [f"picture\n {number}" for number in numbers],
            }
            rows = {name: rows[name] for name in rows if columns.get(name, True)}
            features = datasets.Features({name: kinds[name] for name in rows})
            (tmp_path / folder / "data").mkdir(parents=True, exist_ok=True)
            datasets.Dataset.from_dict(rows, features=features).to_parquet(
                tmp_path / folder / "data" / f"{split}-00000-of-00001.parquet"
            )
        return f"hf:{tmp_path / folder}"

    return make


def everything(data):
    return data.take(torch.arange(data.spec.size))


@pytest.mark.parametrize("end", ["", "?streaming"])
def test_columns_are_found_by_their_types(table, greys, end):
    name = table("plain", caption=False) + end
    assert batch_name(name) == "LabeledImages"
    data = open_data(name, SMALL)
    assert isinstance(everything(data), LabeledImages)
    assert greys(data) == [0, 1, 2, 3, 4]
    assert data.spec.class_names == ("cat", "dog")
    assert everything(data).y.tolist() == [0, 1, 0, 1, 0]
    assert (((data.held_out().x + 1) * 127.5).round()[:, 0, 0, 0]).tolist() == [100, 101]
    assert data.held_out().y.tolist() == [0, 1]


def test_the_column_of_classes_may_be_chosen(table):
    name = table("plain", caption=False)
    data = open_data(name, Form(size=4, label=("style",)))
    assert data.spec.class_names == ("a", "b", "c")
    assert everything(data).y.tolist() == [0, 1, 2, 0, 1]
    with pytest.raises(DataError, match=r"give one column of classes: kind, style"):
        open_data(name, Form(label=("id",)))


def test_captions(table):
    name = table("captioned")
    assert batch_name(name) == "CaptionedImages"
    data = open_data(name, SMALL)
    assert isinstance(everything(data), CaptionedImages)
    assert data.captions == (*(f"picture {n}" for n in range(5)), "picture 100", "picture 101")
    assert data.held_out().caption.tolist() == [5, 6]


def test_another_split_and_a_cap(table, greys):
    name = table("plain")
    data = open_data(f"{name}?split=test", SMALL)
    assert greys(data) == [100, 101] and data.held_out() is None
    assert greys(open_data(f"{name}?streaming=3", SMALL)) == [0, 1, 2]
    assert greys(open_data(f"{name}?streaming=1&split=test", SMALL)) == [100]
    with pytest.raises(DataError, match=r"has no split 'tests'\. Did you mean test"):
        open_data(f"{name}?split=tests", SMALL)


def test_a_folder_of_images_with_captions(datasets, tmp_path, paint, greys):
    for number in range(3):
        paint(tmp_path / "set" / "train" / f"{number}.png", number)
    rows = [{"file_name": f"{number}.png", "text": f"it is {number}"} for number in range(3)]
    lines = "\n".join(map(json.dumps, rows))
    (tmp_path / "set" / "train" / "metadata.jsonl").write_text(lines)
    data = open_data(f"hf:{tmp_path / 'set'}", SMALL)
    assert greys(data) == [0, 1, 2] and data.captions == ("it is 0", "it is 1", "it is 2")
    same = open_data(str(tmp_path / "set"), SMALL)  # our own reading of that layout
    assert same.captions == data.captions and same.spec.fingerprint == data.spec.fingerprint


def test_a_source_can_be_sent_to_another_process(table):
    source = hub_pictures(table("plain"), SMALL).train
    again = pickle.loads(pickle.dumps(source))
    assert [again.read(n) for n in range(5)] == [picture(n)["bytes"] for n in range(5)]


@pytest.mark.parametrize("name", ["hf:nobody/nothing-here", "hf:nobody/nothing-here?streaming"])
def test_what_is_not_there_and_cannot_be_fetched(datasets, name):
    with pytest.raises(DataError, match="nobody/nothing-here cannot be loaded as a data set"):
        open_data(name, SMALL)


def test_a_table_without_images(datasets, tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.csv").write_text("x,y\n1,2\n")
    with pytest.raises(DataError, match=r"no column of images; its columns are x \(Value\), y"):
        open_data(f"hf:{tmp_path / 'set'}", SMALL)


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(ConfigError, match=r"pip install gansmith\[hub\]"):
        batch_name("hf:someone/something")


def test_addresses():
    whole = address("hf:o/n")
    assert (whole.name, whole.split, whole.cap) == ("o/n", "train", None)
    part = address("hf:o/n?split=valid&streaming")
    assert (part.name, part.split, part.cap) == ("o/n", "valid", 10_000)
    assert address("hf:o/n?streaming=7").cap == 7


@pytest.mark.parametrize(
    "name", ["hf:", "hf:?streaming", "hf:o/n?fast", "hf:o/n?streaming=0", "hf:o/n?streaming=x"]
)
def test_addresses_that_are_none(name):
    with pytest.raises(DataError, match="expected hf:OWNER/NAME"):
        address(name)


def test_a_local_folder_becomes_absolute(tmp_path, monkeypatch):
    (tmp_path / "set").mkdir()
    monkeypatch.chdir(tmp_path)
    assert absolute("hf:set?split=test") == f"hf:{tmp_path / 'set'}?split=test"
    assert absolute("hf:o/n?streaming") == "hf:o/n?streaming"
