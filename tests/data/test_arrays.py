"""NumPy files: shapes, keys, labels, what is held out, and what is refused."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch

from gansmith.batch import LabeledImages
from gansmith.data import batch_name, open_data
from gansmith.data.arrays import array_pictures
from gansmith.data.form import Form
from gansmith.errors import DataError

RANDOM = np.random.default_rng(0)
COLOUR = RANDOM.integers(0, 256, (5, 6, 8, 3), dtype=np.uint8)
GREY = RANDOM.integers(0, 256, (5, 6, 8), dtype=np.uint8)
LABELS = np.array([3, 1, 3, 0, 1])


def everything(data) -> LabeledImages:
    return data.take(torch.arange(data.spec.size))


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (COLOUR, COLOUR.transpose(0, 3, 1, 2)),
        (COLOUR.transpose(0, 3, 1, 2), COLOUR.transpose(0, 3, 1, 2)),
        (GREY, GREY[:, None]),
        (GREY[..., None], GREY[:, None]),
        (GREY[:, None], GREY[:, None]),
    ],
    ids=["NHWC", "NCHW", "NHW", "NHW1", "N1HW"],
)
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_every_order_of_axes(tmp_path, pixels, stored, expected, suffix):
    file = tmp_path / f"set{suffix}"
    np.save(file, stored) if suffix == ".npy" else np.savez(file, stored)
    assert batch_name(str(file)) == "LabeledImages"
    data = open_data(str(file))
    assert data.spec.shape == expected.shape[1:], "an array keeps its own size"
    assert (pixels(everything(data).x).numpy() == expected).all()
    assert data.spec.class_names == () and data.held_out() is None


@pytest.mark.parametrize("keys", [("images", "labels"), ("x", "y"), ("arr_0", "arr_1")])
@pytest.mark.parametrize("column", [False, True], ids=["flat", "column"])
def test_labels(tmp_path, keys, column):
    labels = LABELS[:, None] if column else LABELS
    np.savez_compressed(tmp_path / "a.npz", **dict(zip(keys, (GREY, labels), strict=True)))
    data = open_data(str(tmp_path / "a.npz"))
    assert data.spec.class_names == ("0", "1", "3")
    assert everything(data).y.tolist() == [2, 1, 2, 0, 1]


def test_what_is_held_out_has_the_same_classes(tmp_path, pixels):
    np.savez(
        tmp_path / "a.npz", x_train=GREY, y_train=LABELS, x_test=GREY[::-1], y_test=[3, 3, 1, 1, 1]
    )
    held_out = open_data(str(tmp_path / "a.npz")).held_out()
    assert (pixels(held_out.x)[:, 0].numpy() == GREY[::-1]).all()
    assert held_out.y.tolist() == [2, 2, 1, 1, 1]
    np.savez(tmp_path / "b.npz", x_train=GREY, y_train=LABELS, x_test=GREY, y_test=[7] * 5)
    with pytest.raises(DataError, match="held-out label 7"):
        open_data(str(tmp_path / "b.npz"))


def test_text_labels_are_class_names(tmp_path):
    np.savez(tmp_path / "a.npz", images=GREY, labels=["dog", "cat", "dog", "dog", "ant"])
    data = open_data(str(tmp_path / "a.npz"))
    assert data.spec.class_names == ("ant", "cat", "dog")
    assert everything(data).y.tolist() == [2, 1, 2, 2, 0]


def test_a_size_may_be_given(tmp_path):
    np.save(tmp_path / "a.npy", GREY)
    assert open_data(str(tmp_path / "a.npy"), Form(size=(3, 4))).spec.shape == (1, 3, 4)


def test_a_source_can_be_sent_to_another_process(tmp_path):
    np.save(tmp_path / "a.npy", COLOUR)
    source = array_pictures(tmp_path / "a.npy", Form()).train
    again = pickle.loads(pickle.dumps(source))
    assert all((again.read(i) == COLOUR[i]).all() for i in range(5)) and again.names == source.names


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"images": GREY / 255}, "array of float64.*expected images as uint8"),
        ({"images": GREY.reshape(5, -1)}, r"shape \(5, 48\).*expected images"),
        ({"images": GREY[:0]}, "expected images"),
        ({"pictures": GREY}, "holds pictures; expected the images under one of images, x"),
        ({"images": GREY, "labels": LABELS[:4]}, "one whole number or text for each of the 5"),
        ({"images": GREY, "labels": LABELS / 2}, "labels of float64"),
    ],
    ids=["floats", "flat", "empty", "key", "too-few-labels", "float-labels"],
)
def test_what_is_refused(tmp_path, arrays, words):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=words):
        open_data(str(tmp_path / "a.npz"))


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_python_objects_are_never_loaded(tmp_path, suffix):
    objects = np.array([{"a": 1}], dtype=object)
    file = tmp_path / f"a{suffix}"
    np.save(file, objects) if suffix == ".npy" else np.savez(file, images=objects)
    with pytest.raises(DataError, match="Python objects, which are never loaded"):
        open_data(str(file))


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
@pytest.mark.parametrize("kept", [0, 3, 100])
def test_a_cut_file(tmp_path, suffix, kept):
    file = tmp_path / f"a{suffix}"
    np.save(file, GREY) if suffix == ".npy" else np.savez(file, images=GREY)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(DataError, match="cannot be read as a NumPy file"):
        open_data(str(file))
