"""Folders in parts: which is trained on, which is held out, and when a folder is no part."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from gansmith.batch import DataSet
from gansmith.data import open_data
from gansmith.data.decode import Conversion
from gansmith.data.find import absolute, find
from gansmith.data.form import Form
from gansmith.data_check.report import judge
from gansmith.errors import DataError

FORM, FOUR = Form(size=4), Conversion(height=4, width=4)


def paint(root: Path, *names: str) -> None:
    """Images whose grey is the number at the end of their name."""
    for name in names:
        path = root / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 4), int(path.stem)).save(path)


def held_out(data: DataSet) -> list[tuple[int, str]]:
    """(grey, class) of the held-out images."""
    batch = data.held_out()
    assert batch is not None
    greys = ((batch.x[:, 0, 0, 0] + 1) * 127.5).round().int().tolist()
    return sorted(zip(greys, (data.spec.class_names[y] for y in batch.y.tolist()), strict=True))


@pytest.mark.parametrize("names", [("train", "test"), ("Training", "Testing"), ("train", "val")])
def test_a_folder_of_two_parts_holds_one_out(tmp_path, names):
    train, other = names
    paint(tmp_path, f"{train}/cat/10", f"{train}/cat/11", f"{train}/dog/12", f"{other}/cat/30")
    paint(tmp_path, f"{other}/dog/31")
    for path in (tmp_path, tmp_path / train):
        data = open_data(str(path), FORM)
        assert data.spec.class_names == ("cat", "dog") and data.spec.size == 3
        assert held_out(data) == [(30, "cat"), (31, "dog")]


def test_held_out_classes_have_the_numbers_of_training(tmp_path):
    paint(tmp_path, "train/ant/1", "train/bee/2", "train/cat/3", "test/bee/30", "test/cat/31")
    assert held_out(open_data(str(tmp_path), FORM)) == [(30, "bee"), (31, "cat")]


def test_without_classes_there_are_parts_too(tmp_path):
    paint(tmp_path, "train/1", "train/2", "test/30")
    data = open_data(str(tmp_path), FORM)
    assert data.spec.size == 2 and not data.spec.class_names
    batch = data.held_out()
    assert batch is not None and len(batch.x) == 1


@pytest.mark.parametrize("other", ["cow/30", "30"])
def test_a_part_of_other_classes_is_named_and_not_used(tmp_path, other):
    paint(tmp_path, "train/cat/1", "train/dog/2", f"test/{other}")
    found = find(str(tmp_path))
    assert found.held_out is None and len(found.train) == 2
    assert found.notes == ("test/ beside train/ is not held out: its classes are not among those "
                           "that are trained on.",)  # fmt: skip


def test_what_cannot_be_held_out_hides_no_other(tmp_path):
    paint(tmp_path, "train/cat/1", "train/dog/2", "val/dog/20")
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "test_it.py").touch()
    for path in (tmp_path, tmp_path / "train"):
        assert held_out(open_data(str(path), FORM)) == [(20, "dog")]
        (note,) = find(str(path)).notes
        assert note.startswith("test/ beside train/ is not held out: No images in")


def test_a_link_called_train_has_others_beside_it(tmp_path):
    paint(tmp_path, "raw/1", "raw/2", "set/test/30")
    (tmp_path / "set" / "train").symlink_to(tmp_path / "raw")
    for path in (tmp_path / "set", tmp_path / "set" / "train"):
        assert find(str(path)).held_out is not None
        assert find(absolute(str(path))).held_out is not None


def test_captions_of_the_whole_stay(tmp_path):
    paint(tmp_path, "train/1", "train/2", "test/3")
    lines = [f'{{"file_name": "{name}.png", "text": "t"}}' for name in ("train/1", "test/3")]
    (tmp_path / "metadata.jsonl").write_text("\n".join(lines))
    found = find(str(tmp_path))
    assert found.batch == "CaptionedImages" and len(found.train) == 2 and found.held_out is None


def test_one_domain_alone_holds_out(tmp_path):
    paint(tmp_path, "a/train/1", "a/train/2", "a/test/3", "b/4", "b/5")
    found = find(f"{tmp_path / 'a'},{tmp_path / 'b'}")
    assert len(found.train) == 2 and "One domain alone holds" in found.notes[0]


def test_the_first_of_several_is_held_out(tmp_path):
    paint(tmp_path, "train/a/1", "train/b/2", "val/a/20", "test/a/30")
    assert held_out(open_data(str(tmp_path), FORM)) == [(30, "a")]


@pytest.mark.parametrize(
    ("others", "stranger"),
    [
        (("car/2", "ship/3"), ""),
        (("car/2",), ""),
        (("test/2", "car/3"), "car/"),
        (("test/2", "3"), "3.png"),
        (("test/2", "training/3"), "training/"),
    ],
    ids=["vehicles", "two-classes", "vehicles-and-test", "an-image-beside", "two-of-a-name"],
)
def test_a_class_may_be_called_train(tmp_path, others, stranger):
    paint(tmp_path, "train/1", *others)
    found = find(str(tmp_path))
    assert found.held_out is None and len(found.train) == 1 + len(others)
    assert [f"for {stranger} lies beside them" in note for note in found.notes] == (
        [True] if stranger else []
    )


def test_folders_without_images_do_not_count(tmp_path):
    paint(tmp_path, "train/a/1", "train/b/2", "test/a/30")
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "a.json").touch()
    assert held_out(open_data(str(tmp_path), FORM)) == [(30, "a")]


def test_a_table_names_the_images_of_the_whole_folder(tmp_path):
    paint(tmp_path, "train/1", "test/2")
    (tmp_path / "labels.csv").write_text("train/1.png,cat\ntest/2.png,dog\n")
    found = find(str(tmp_path))
    assert found.held_out is None and found.train.class_names == ("cat", "dog")


def test_a_check_looks_at_both_parts(tmp_path):
    paint(tmp_path, "train/a/1", "train/a/2", "train/b/3", "test/a/2", "test/b/30", "val/b/40")
    (tmp_path / "test" / "a" / "31.png").write_bytes(b"")
    report = judge(find(str(tmp_path)), FOUR, None, True)
    told = {one.kind: one for one in report.findings}
    assert told["held-out"].count == 3 and str(tmp_path / "test") in told["held-out"].says
    assert told["held-out-known"].names == ("a/2.png",)
    assert told["held-out-faulty"].names == ("a/31.png",)
    assert len(report.looks) == 3 and report.code == 1
    (tmp_path / "test" / "c").mkdir()
    paint(tmp_path, "test/c/50")
    kinds = {one.kind: one for one in judge(find(str(tmp_path)), FOUR, None, True).findings}
    assert kinds["told"].says.startswith("test/ beside train/ is not held out")
    assert kinds["held-out"].count == 1 and str(tmp_path / "val") in kinds["held-out"].says


def test_a_check_refuses_what_training_would(tmp_path):
    paint(tmp_path, "train/a/1", "train/b/2")
    (tmp_path / "test" / "a").mkdir(parents=True)
    (tmp_path / "test" / "a" / "31.png").write_bytes(b"")
    report = judge(find(str(tmp_path)), FOUR, None, True)
    with pytest.raises(DataError, match="cannot be read"):
        open_data(str(tmp_path), FORM)
    assert report.code == 2
