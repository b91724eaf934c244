"""Labels and attributes of a folder of images from a table."""

from __future__ import annotations

import pytest
import torch

from gansmith.batch import AttributedImages
from gansmith.data import batch_name, open_data
from gansmith.data.form import Form
from gansmith.data.source import ordered
from gansmith.errors import DataError


@pytest.fixture
def folder(tmp_path, paint):
    """Four grey images, one in a sub-folder."""
    for number, name in enumerate(["a.png", "b.png", "c.png", "sub/d.png"]):
        paint(tmp_path / "images" / name, 10 * number)
    return tmp_path / "images"


def write(folder, *lines: str, name: str = "labels.csv"):
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return folder / name


def opened(folder, **form):
    return open_data(str(folder), Form(size=4, **form))


@pytest.mark.parametrize("header", [(), ("file,label",)], ids=["bare", "header"])
def test_classes(folder, greys, header):
    write(folder, *header, "sub/d.png,10", "b.png, 9", "", "a.png,고양이", "c.png,10")
    data = opened(folder)
    assert data.spec.class_names == ("9", "10", "고양이"), "numbers in their order, then names"
    assert greys(data) == [0, 10, 20, 30]
    assert data.take(torch.arange(4)).y.tolist() == data.labels.tolist() == [2, 0, 1, 1]


def test_a_table_elsewhere_goes_before_sub_folders_and_a_table_beside(folder, tmp_path):
    write(folder, *(f"{n},x" for n in ("a.png", "b.png", "c.png", "sub/d.png")))
    other = write(tmp_path, *(f"{n},{n[0]}" for n in ("a.png", "b.png", "c.png", "sub/d.png")))
    assert opened(folder).spec.class_names == ("x",)
    assert opened(folder, labels_file=str(other)).spec.class_names == ("a", "b", "c", "s")


ROWS = ("name,round,red", "a.png,1,0", "b.png,1,1", "c.png,0,-1", "sub/d.png,0,1")


def test_attributes(folder):
    write(folder, *ROWS)
    assert batch_name(str(folder)) == "LabeledImages"
    assert batch_name(str(folder), attributed=True) == "AttributedImages"
    plain = opened(folder)
    assert plain.spec.class_names == () and "round, red" in plain.notes[-1]
    data = opened(folder, attributes=("red", "round"))
    assert data.spec.batch is AttributedImages and data.spec.class_names == ("red", "round")
    batch = data.take(torch.tensor([0, 1, 3]))
    assert batch.y.dtype == torch.float32
    assert batch.y.tolist() == [[0, 1], [1, 1], [1, 0]]
    combined = opened(folder, label=("red", "round"))
    assert combined.spec.class_names == (
        "not red, not round",
        "not red, round",
        "red, not round",
        "red, round",
    )


def test_captions_keep_their_labels(folder):
    for file in folder.rglob("*.png"):
        file.with_suffix(".txt").write_text("an image")
    write(folder, "a.png,x", "b.png,y", "c.png,y", "sub/d.png,x")
    batch = opened(folder).take(torch.arange(4))
    assert batch.y.tolist() == [0, 1, 1, 0] and batch.caption.tolist() == [0, 1, 2, 3]


def test_held_out_images_have_a_table_of_their_own(tmp_path, paint):
    for part, count in (("train", 4), ("held_out", 2)):
        for number in range(count):
            paint(tmp_path / part / f"{number}.png", number)
        write(tmp_path / part, *(f"{n}.png,{'xy'[n % 2]}" for n in range(count)))
    held_out = opened(tmp_path / "train").held_out()
    assert held_out is not None and held_out.y.tolist() == [0, 1]


def test_lines_without_an_image_are_noted(folder):
    write(folder, *(f"{n},x" for n in ("a.png", "b.png", "c.png", "sub/d.png", "z.png")))
    assert any("Lines of labels.csv that name no image here: 1, such as z.png" in note
               for note in opened(folder).notes)  # fmt: skip


WRONG = {
    ("a.png,x", "b.png,y"): "2 of 4 images .* have no line in .*such as c.png; it names a.png",
    ("a.png,x", "a.png,y"): "names a.png twice, the second time in line 2",
    ("a.png,x", "b.png"): "line 2: 1 columns, 2 in the first",
    ("a.png", "b.png"): "line 1: 1 columns",
    ("file,label",): "has no lines",
    ("a.png,", "b.png,x", "c.png,x", "sub/d.png,x"): "no label for a.png",
    ("a.png,x,1", "b.png,y,0", "c.png,y,0", "sub/d.png,y,1"): "2 columns .*'x' for a.png",
}


@pytest.mark.parametrize("rows", WRONG, ids=lambda rows: WRONG[rows][:20])
def test_a_damaged_table(folder, rows):
    write(folder, *rows)
    with pytest.raises(DataError, match=WRONG[rows]):
        opened(folder)


def test_what_cannot_be_asked_for(folder, tmp_path):
    write(folder, *ROWS)
    for form, words in (
        ({"attributes": ("rde",)}, "--attributes rde: no such attribute .*mean red"),
        ({"label": ("red", "red")}, "--label red red: give each attribute once"),
        ({"labels_file": str(tmp_path / "no.csv")}, r"no\.csv cannot be read"),
    ):
        with pytest.raises(DataError, match=words):
            opened(folder, **form)
    with pytest.raises(DataError, match="give one of the two"):
        Form(label=("red",), attributes=("red",))
    write(folder, *(row.replace("-1", "maybe") for row in ROWS))
    with pytest.raises(DataError, match=r"line of c\.png has 'maybe' .*expected 1 or 0"):
        opened(folder, attributes=("red",))
    write(folder, *ROWS[1:])
    with pytest.raises(DataError, match="does not name its columns"):
        opened(folder, attributes=("red",))
    (folder / "labels.csv").unlink()
    with pytest.raises(DataError, match=r"--attributes chooses among attributes.* has none"):
        opened(folder, attributes=("red",))
    with pytest.raises(DataError, match="--labels-file tells of a folder of images, and mnist"):
        open_data("mnist", Form(labels_file="x.csv"))


@pytest.mark.parametrize("layout", ["array", "shards"])
@pytest.mark.parametrize("room", [0, None], ids=["streamed", "in-memory"])
def test_prepared_attributes(folder, tmp_path, command, layout, room):
    from gansmith.data.prepared import prepared_set

    write(folder, *ROWS, "gone.png,1,1")
    out = tmp_path / "out"
    code, said, err = command(
        "data", "prepare", folder, out, "--size", 4, "--attributes", "red", "round",
        "--format", layout,
    )  # fmt: skip
    assert code == 0, err
    assert "gone.png" in said
    assert batch_name(str(out)) == "AttributedImages"
    ready, plain = prepared_set(out, room=room), opened(folder, attributes=("red", "round"))
    assert (ready.spec.fingerprint, ready.spec.class_names) == (
        plain.spec.fingerprint,
        plain.spec.class_names,
    )
    rows = torch.arange(4)
    for mine, theirs in zip(ready.take(rows), plain.take(rows), strict=True):
        assert torch.equal(mine, theirs)


def test_classes_stand_in_one_order_whatever_tells_them(tmp_path, paint):
    names = ["red", "blue", "green", "10", "9", "²"]
    assert ordered(names) == ["9", "10", "blue", "green", "red", "²"]
    for number, name in enumerate(names):
        paint(tmp_path / "folders" / name / "1.png", number)
        paint(tmp_path / "table" / f"{number}.png", number)
    write(tmp_path / "table", *(f"{number}.png,{name}" for number, name in enumerate(names)))
    by_folder, by_table = (opened(tmp_path / name).spec for name in ("folders", "table"))
    assert by_folder.class_names == by_table.class_names == tuple(ordered(names))
