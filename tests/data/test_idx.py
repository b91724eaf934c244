"""IDX files, written here byte by byte as their description says."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from gansmith.data import batch_name, open_data
from gansmith.data.form import Form
from gansmith.errors import DataError

RANDOM = np.random.default_rng(0)
TRAIN = RANDOM.integers(0, 256, (6, 5, 7), dtype=np.uint8)
TEST = RANDOM.integers(0, 256, (3, 5, 7), dtype=np.uint8)


def idx(array: np.ndarray) -> bytes:
    """Two zeros, the type, the number of dimensions, each as big-endian words, the bytes."""
    head = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


def write(folder: Path, name: str, array: np.ndarray, packed: bool = False) -> Path:
    """One file."""
    folder.mkdir(exist_ok=True)
    file = folder / (name + ".gz" * packed)
    file.write_bytes(gzip.compress(idx(array)) if packed else idx(array))
    return file


@pytest.fixture(params=[False, True], ids=["plain", "packed"])
def family(request, tmp_path):
    """A folder with the four files of MNIST."""
    for name, array in (("train-images-idx3", TRAIN), ("t10k-images-idx3", TEST),
                        ("train-labels-idx1", np.array([9, 0, 4, 9, 0, 4])),
                        ("t10k-labels-idx1", np.array([4, 9, 0]))):  # fmt: skip
        write(tmp_path / "set", f"{name}-ubyte", array, request.param)
    return tmp_path / "set"


def test_train_is_trained_on_and_t10k_held_out(family, pixels):
    assert batch_name(str(family)) == "LabeledImages"
    data = open_data(str(family))
    batch = data.take(torch.arange(6))
    assert data.spec.shape == (1, 5, 7) and data.spec.size == 6
    assert data.spec.class_names == ("0", "4", "9")
    assert (pixels(batch.x)[:, 0].numpy() == TRAIN).all()
    assert batch.y.tolist() == [2, 0, 1, 2, 0, 1]
    held_out = data.held_out()
    assert (pixels(held_out.x)[:, 0].numpy() == TEST).all() and held_out.y.tolist() == [1, 2, 0]


def test_one_file_is_trained_on_as_it_is(family, pixels):
    file = next(family.glob("t10k-images*"))
    data = open_data(str(file))
    assert (pixels(data.take(torch.arange(3)).x)[:, 0].numpy() == TEST).all()
    assert data.take(torch.arange(3)).y.tolist() == [1, 2, 0] and data.held_out() is None


def test_images_without_labels(tmp_path):
    data = open_data(str(write(tmp_path, "a-images-idx3-ubyte", TRAIN)), Form(size=4))
    assert data.spec.class_names == () and data.spec.shape == (1, 4, 4)


def test_several_sets_in_one_folder(tmp_path, pixels):
    for name in ("letters-train", "letters-test", "digits-train"):
        write(tmp_path / "set", f"emnist-{name}-images-idx3-ubyte", TRAIN)
    with pytest.raises(DataError, match="give the path of the one to train on"):
        open_data(str(tmp_path / "set"))
    file = tmp_path / "set" / "emnist-letters-train-images-idx3-ubyte"
    assert open_data(str(file)).spec.size == 6


def test_a_file_that_lies_there_packed_and_unpacked_counts_once(tmp_path):
    for packed in (False, True):
        write(tmp_path / "set", "train-images-idx3-ubyte", TRAIN, packed)
    assert open_data(str(tmp_path / "set")).spec.size == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no IDX file"),
        (idx(TRAIN)[:-1], "holds 209: it is damaged or cut short"),
        (idx(TRAIN) + b"x", "should hold 6x5x7 bytes"),
        (b"\0\0\x0d" + idx(TRAIN)[3:], "is no IDX file of unsigned bytes"),
        (struct.pack(">BBBBIII", 0, 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1), "damaged"),
        (idx(TRAIN[0]), "in 3 dimensions"),
    ],
    ids=["empty", "cut", "long", "floats", "huge", "flat"],
)
def test_a_damaged_file(tmp_path, content, words):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(DataError, match=words):
        open_data(str(tmp_path))


def test_a_damaged_packed_file(tmp_path):
    file = write(tmp_path, "train-images-idx3-ubyte", TRAIN, packed=True)
    whole = file.read_bytes()
    for content in (whole[:-9], b"no", whole[:20] + b"\0\0\0\0" + whole[24:]):
        file.write_bytes(content)
        with pytest.raises(DataError, match=r"cannot be read|IDX|damaged"):
            open_data(str(tmp_path))
