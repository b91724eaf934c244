"""The layout of CelebA, on six small pictures."""

from __future__ import annotations

from itertools import product

import pytest
import torch

from gansmith.data import batch_name, open_data
from gansmith.data.form import Form
from gansmith.errors import DataError

NAMES = ["Bald", "Male", "Smiling"]
ROWS = {1: (0, 1, 1), 2: (0, 0, 0), 3: (1, 1, 0), 4: (0, 0, 1), 5: (1, 1, 1), 6: (0, 0, 0)}
"""Which attributes each picture has; a picture's grey is 10 times its number."""
PARTS = {1: 0, 2: 2, 3: 0, 4: 1, 5: 2, 6: 0}


def row(number: int, between: str) -> str:
    return between.join([f"{number:06}.jpg", *("1" if has else "-1" for has in ROWS[number])])


@pytest.fixture(params=["txt", "csv"])
def celeba(request, tmp_path, paint):
    """A folder laid out so, its tables as text or as commas, not in the order of the names."""
    for number in ROWS:
        paint(tmp_path / "img_align_celeba" / f"{number:06}.jpg", 10 * number, (20, 24))
    order = [3, 1, 2, 6, 5, 4]
    if request.param == "txt":
        head, rows = f"{len(ROWS)}\n{' '.join(NAMES)} \n", [row(n, "  ") for n in order]
        parts = "\n".join(f"{n:06}.jpg {PARTS[n]}" for n in order)
    else:
        head, rows = f"image_id,{','.join(NAMES)}\n", [row(n, ",") for n in order]
        parts = "image_id,partition\n" + "\n".join(f"{n:06}.jpg,{PARTS[n]}" for n in order)
    (tmp_path / f"list_attr_celeba.{request.param}").write_text(head + "\n".join(rows) + "\n")
    (tmp_path / f"list_eval_partition.{request.param}").write_text(parts + "\n")
    return tmp_path


def numbers(x: torch.Tensor) -> list[int]:
    """The pictures' numbers, from their grey; JPEG may be off by a little."""
    return (((x[:, 0, 0, 0] + 1) * 127.5) / 10).round().long().tolist()


def test_the_parts_of_the_partition(celeba):
    assert batch_name(str(celeba)) == "LabeledImages"
    data = open_data(str(celeba), Form(size=8))
    assert numbers(data.take(torch.arange(3)).x) == [1, 3, 6] and data.spec.size == 3
    assert numbers(data.held_out().x) == [2, 5]
    assert data.spec.class_names == ()


def test_without_a_partition_all_are_trained_on(celeba):
    next(celeba.glob("list_eval*")).unlink()
    data = open_data(str(celeba), Form(size=8))
    assert numbers(data.take(torch.arange(data.spec.size)).x) == [1, 2, 3, 4, 5, 6]
    assert data.held_out() is None


@pytest.mark.parametrize(
    "attributes", [("Male",), ("Smiling",), ("Male", "Smiling"), ("Smiling", "Bald")], ids=str
)
def test_combinations_of_attributes_are_classes(celeba, attributes):
    data = open_data(str(celeba), Form(size=8, label=attributes))
    columns = [NAMES.index(name) for name in attributes]
    there = {tuple(ROWS[n][c] for c in columns) for n in ROWS}
    expected = [
        ", ".join(n if has else f"not {n}" for n, has in zip(attributes, values, strict=True))
        for values in product((0, 1), repeat=len(attributes))
        if values in there
    ]
    assert list(data.spec.class_names) == expected
    for batch in (data.take(torch.arange(3)), data.held_out()):
        for number, label in zip(numbers(batch.x), batch.y.tolist(), strict=True):
            for name, column in zip(attributes, columns, strict=True):
                words = expected[label].split(", ")
                assert (name if ROWS[number][column] else f"not {name}") in words


def test_attributes_by_themselves(celeba):
    assert batch_name(str(celeba), attributed=True) == "AttributedImages"
    data = open_data(str(celeba), Form(size=8, attributes=("Smiling", "Bald")))
    assert data.spec.class_names == ("Smiling", "Bald")
    for batch in (data.take(torch.arange(3)), data.held_out()):
        expected = [[ROWS[n][2], ROWS[n][0]] for n in numbers(batch.x)]
        assert batch.y.tolist() == expected and batch.y.dtype == torch.float32


def test_an_unknown_attribute(celeba):
    with pytest.raises(DataError, match=r"--label Smilling: no such attribute .*mean Smiling"):
        open_data(str(celeba), Form(label=("Smilling",)))


def test_a_picture_without_a_line(celeba, paint):
    paint(celeba / "img_align_celeba" / "000007.jpg")
    assert open_data(str(celeba), Form(size=8)).spec.size == 3  # in no part of the partition
    with pytest.raises(DataError, match=r"has no line for 000007\.jpg"):
        open_data(str(celeba), Form(label=("Male",)))


def test_a_damaged_line(celeba):
    table = next(celeba.glob("list_attr*"))
    lines = table.read_text().splitlines()
    table.write_text("\n".join([*lines[:-1], lines[-1][:-3]]))
    with pytest.raises(DataError, match=r"the line of 000004\.jpg has 2 values for 3 attributes"):
        open_data(str(celeba), Form(label=("Male",)))


def test_an_empty_table_or_folder(celeba):
    next(celeba.glob("list_attr*")).write_text("")
    with pytest.raises(DataError, match="no such attribute"):
        open_data(str(celeba), Form(label=("Male",)))
    for file in (celeba / "img_align_celeba").iterdir():
        file.unlink()
    with pytest.raises(DataError, match="No images in"):
        open_data(str(celeba))


def test_labels_from_the_command_line(celeba, tmp_path, command):
    code, _, said = command(
        "train", "dcgan", "--data", celeba, "--label", "Male", "Smiling", "--size", 8,
        "--width", 2, "--hidden", 2, "--batch-size", 2, "--steps", 1, "--device", "cpu",
        "--run", tmp_path / "run",
    )  # fmt: skip
    assert code == 0, said
    assert '"Male, not Smiling"' in (tmp_path / "run" / "config.json").read_text()
