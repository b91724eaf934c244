"""Two domains without pairs: which pictures come, how often, and beside whom."""

from __future__ import annotations

import pytest
import torch

from gansmith.batch import UnpairedImages, blank
from gansmith.config import choose_method
from gansmith.data import absolute, batch_name, open_data
from gansmith.data.form import Form
from gansmith.data.loader import Loader
from gansmith.errors import DataError

SMALL = Form(size=4)


@pytest.fixture
def folders(tmp_path, paint, monkeypatch):
    """Domain A of 5 dark pictures, B of 3 light ones."""
    for number in range(5):
        paint(tmp_path / "a, dark" / f"{number}.png", number)
    for number in range(3):
        paint(tmp_path / "b" / f"{number}.png", 100 + number)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def values(x: torch.Tensor) -> list[int]:
    return ((x[:, 0, 0, 0] + 1) * 127.5).round().long().tolist()


def test_two_folders(folders):
    assert batch_name("a, dark,b") == "UnpairedImages"
    data = open_data("a, dark,b", SMALL)
    assert data.spec.batch is UnpairedImages and data.spec.size == 5
    batch = data.to(torch.device("cpu")).take(torch.arange(5))
    assert values(batch.a) == [0, 1, 2, 3, 4]
    b = values(batch.b)
    assert set(b) == {100, 101, 102} and sorted(b.count(value) for value in set(b)) == [1, 2, 2]
    assert data.held_out() is None and data.spec.classes == 0


def test_a_pass_runs_through_the_larger_domain_once(folders):
    loader = Loader(open_data("a, dark,b", SMALL), seed=0)
    seen = [value for step in range(5) for value in values(loader(step, 0, 1).a)]
    assert sorted(seen) == [0, 1, 2, 3, 4]


def test_pictures_of_one_name_do_not_stand_together(tmp_path, paint):
    for number in range(50):
        paint(tmp_path / "a" / f"{number:02}.png", number)
        paint(tmp_path / "b" / f"{number:02}.png", 100 + number)
    batch = open_data(f"{tmp_path / 'a'},{tmp_path / 'b'}", SMALL).take(torch.arange(50))
    a, b = values(batch.a), values(batch.b)
    assert sorted(b) == list(range(100, 150))
    # In a random order 1 is expected to stand at its own place, and 6 or more have odds of 1:1,600.
    assert sum(x + 100 == y for x, y in zip(a, b, strict=True)) < 6


def test_one_domain_in_colour_makes_both_so(folders, paint):
    paint(folders / "b" / "3.png", (10, 20, 30))
    data = open_data("a, dark,b", SMALL)
    batch = data.take(torch.arange(5))
    assert data.spec.shape == (3, 4, 4) and batch.a.shape == batch.b.shape == (5, 3, 4, 4)
    assert values(batch.a) == [0, 1, 2, 3, 4]


def test_the_layout_of_cyclegan(tmp_path, paint):
    for folder, count, first in (("trainA", 3, 0), ("trainB", 4, 50), ("testA", 2, 100),
                                 ("testB", 2, 150)):  # fmt: skip
        for number in range(count):
            paint(tmp_path / folder / f"{number}.jpg", first + number)
    assert batch_name(str(tmp_path)) == "UnpairedImages"
    data = open_data(str(tmp_path), SMALL)
    train, held_out = data.take(torch.arange(data.spec.size)), data.held_out()
    assert data.spec.size == 4
    assert set(values(train.a)) == {0, 1, 2} and set(values(train.b)) == {50, 51, 52, 53}
    assert set(values(held_out.a)) == {100, 101} and set(values(held_out.b)) == {150, 151}


def test_both_paths_become_absolute(folders):
    assert absolute("a, dark,b") == f"{folders / 'a, dark'},{folders / 'b'}"
    assert absolute("b") == str(folders / "b") and absolute("mnist") == "mnist"


def test_a_blank_batch_has_both(folders):
    made = blank(open_data("a, dark,b", SMALL).spec, 2)
    assert isinstance(made, UnpairedImages) and made.a.shape == made.b.shape == (2, 1, 4, 4)


def test_a_method_that_eats_labelled_images_refuses_them(folders):
    with pytest.raises(
        DataError, match=r"dcgan learns from images .* this data holds images of two domains"
    ):
        choose_method("dcgan", None, batch_name("a, dark,b"))


@pytest.mark.parametrize("name", ["b,nowhere", "b,", ",b", ",", "nowhere,b"])
def test_a_pair_that_is_none(folders, name):
    with pytest.raises(DataError, match="No data set and no folder called"):
        open_data(name, SMALL)


def test_a_pair_of_pairs(folders, paint):
    for domain in "AB":
        paint(folders / "c" / f"train{domain}" / "1.png")
    with pytest.raises(DataError, match="give two folders of one domain each"):
        open_data("b,c", SMALL)
