"""Pictures with captions, from a metadata.jsonl or from text files beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

import pytest
import torch

from gansmith.batch import CaptionedImages, LabeledImages, blank
from gansmith.config import opened_data, served
from gansmith.data import batch_name, open_data
from gansmith.data.form import Form
from gansmith.errors import DataError
from gansmith.methods import find
from gansmith.methods.dcgan import DCGAN
from gansmith.methods.gan import GAN

SMALL = Form(size=4)
SAID = {"b.png": "a grey square", "a.png": "der Himmel über Köln", "deep/c.png": "한글 설명"}


@pytest.fixture
def listed(tmp_path, paint):
    """A folder with metadata.jsonl, its lines not in the order of the names, one picture extra."""
    for number, name in enumerate(sorted(SAID)):
        paint(tmp_path / name, 10 * number)
    paint(tmp_path / "not listed.png", 99)
    rows = [{"file_name": name, "text": text, "id": 3} for name, text in SAID.items()]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "metadata.jsonl").write_text(lines + "\n\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def beside(tmp_path, paint):
    """The same pictures, each with a text file."""
    for number, (name, text) in enumerate(sorted(SAID.items())):
        file = paint(tmp_path / name, 10 * number)
        file.with_suffix(".txt").write_text(f"\n {text}\n", encoding="utf-8")
    (tmp_path / "read me.txt").write_text("no caption")
    return tmp_path


@pytest.mark.parametrize("layout", ["listed", "beside"])
def test_each_caption_stays_with_its_picture(layout, request, greys):
    folder = request.getfixturevalue(layout)
    assert batch_name(str(folder)) == "CaptionedImages"
    data = open_data(str(folder), SMALL)
    assert data.spec.batch is CaptionedImages and data.spec.size == 3
    batch = data.take(torch.tensor([2, 0, 1]))
    assert isinstance(batch, CaptionedImages)
    assert [data.captions[n] for n in batch.caption] == [
        SAID["deep/c.png"], SAID["a.png"], SAID["b.png"]
    ]  # fmt: skip
    assert greys(data) == [0, 10, 20]


def test_both_ways_give_the_same_set(listed, tmp_path_factory, paint):
    other = tmp_path_factory.mktemp("beside")
    for number, (name, text) in enumerate(sorted(SAID.items())):
        paint(other / name, 10 * number).with_suffix(".txt").write_text(text, encoding="utf-8")
    one, two = open_data(str(listed), SMALL), open_data(str(other), SMALL)
    assert one.spec.fingerprint == two.spec.fingerprint and one.captions == two.captions
    (other / "a.txt").write_text("another")
    assert open_data(str(other), SMALL).spec.fingerprint != one.spec.fingerprint


def test_what_is_held_out_has_its_captions_too(tmp_path, paint):
    for part, count in (("train", 3), ("test", 2)):
        rows = []
        for number in range(count):
            paint(tmp_path / part / f"{number}.png", number)
            rows.append(json.dumps({"file_name": f"{number}.png", "text": f"{part} {number}"}))
        (tmp_path / part / "metadata.jsonl").write_text("\n".join(rows))
    data = open_data(str(tmp_path), SMALL)
    held_out = data.held_out()
    assert data.spec.size == 3 and len(held_out.x) == 2
    assert [data.captions[n] for n in held_out.caption] == ["test 0", "test 1"]


def test_captions_move_up_where_a_picture_cannot_be_read(listed, greys):
    (listed / "a.png").write_text("no")
    data = open_data(str(listed), SMALL)
    assert data.captions == (SAID["b.png"], SAID["deep/c.png"]) and greys(data) == [10, 20]


def test_an_image_that_is_listed_and_not_there_is_unreadable(listed):
    (listed / "a.png").unlink()
    data = open_data(str(listed), SMALL)
    assert data.spec.size == 2 and data.spec.unreadable[0].startswith("a.png: ")


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"file_name": "a.png"}', '{"text": "x"}', '{"file_name": "a.png", "text": 3}',
     '{"file_name": "../a.png", "text": "x"}', '{"file_name": "/a.png", "text": "x"}', "3",
     '{"file_name": null, "text": "x"}'],
)  # fmt: skip
def test_a_damaged_line_is_named(listed, line):
    with (listed / "metadata.jsonl").open("a") as file:
        file.write(line)
    with pytest.raises(DataError, match=r"metadata\.jsonl, line 5: expected"):
        open_data(str(listed), SMALL)


def test_a_picture_without_a_text_file(beside):
    (beside / "deep" / "c.txt").unlink()
    with pytest.raises(DataError, match=r"1 of 3 images .* no caption, such as deep.c\.png"):
        open_data(str(beside), SMALL)


def test_methods_that_want_labels_do_not_see_the_captions(listed, greys):
    assert served(find("dcgan"), "CaptionedImages") is LabeledImages
    data = opened_data(str(listed), SMALL, LabeledImages)
    batch = data.to(torch.device("cpu")).take(torch.arange(3))
    assert isinstance(batch, LabeledImages) and batch.y.tolist() == [0, 0, 0]
    assert data.spec.batch is LabeledImages and greys(data) == [0, 10, 20]


def test_methods_that_want_captions_see_them(listed):
    @dataclass(frozen=True, kw_only=True)
    class Reader(GAN):
        batch: ClassVar[tuple[type, ...]] = (LabeledImages, CaptionedImages)

    assert served(Reader, "CaptionedImages") is CaptionedImages
    data = opened_data(str(listed), SMALL, CaptionedImages)
    made = blank(data.spec, 5)
    assert isinstance(made, CaptionedImages) and made.caption.tolist() == [0, 1, 2, 0, 1]


def test_training_and_resuming_without_captions(listed, tmp_path, command):
    small = ("--width", 2, "--hidden", 2, "--batch-size", 2, "--device", "cpu")
    start = ("train", DCGAN.__name__.lower(), "--data", listed, "--size", 8, "--run", "r")
    code, _, said = command(*start[:-1], tmp_path / "run", *small, "--steps", 1)
    assert code == 0, said
    code, _, said = command("resume", tmp_path / "run", "--steps", 2)
    assert code == 0, said
