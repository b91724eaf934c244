"""Pictures in NumPy files: .npy holds the images, .npz labels and held-out images too."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.memory import check_fits
from gansmith.data.source import Source
from gansmith.errors import DataError

IMAGES = ("images", "x", "x_train", "train_images", "data", "arr_0")
LABELS = ("labels", "y", "y_train", "train_labels", "targets", "arr_1")
HELD_OUT_IMAGES = ("held_out_images", "x_test", "test_images")
HELD_OUT_LABELS = ("held_out_labels", "y_test", "test_labels")
CHANNELS = (1, 3, 4)


@dataclass(frozen=True, kw_only=True, eq=False)
class ArraySource(Source):
    """Pictures in one array: uint8 (N, H, W), (N, H, W, C) or (N, C, H, W)."""

    images: np.ndarray
    channels_first: bool = False

    def read(self, number: int) -> np.ndarray:
        """Pixels (H, W) or (H, W, C)."""
        image = np.asarray(self.images[number])
        if self.channels_first:
            image = np.ascontiguousarray(image.transpose(1, 2, 0))
        return image[..., 0] if image.shape[-1] == 1 and image.ndim == 3 else image

    def __getstate__(self) -> dict[str, Any]:
        """Without what lies in a file: another process opens that itself."""
        mapped = isinstance(self.images, np.memmap)
        return {**self.__dict__, "images": None if mapped else self.images}

    def __setstate__(self, state: dict[str, Any]) -> None:
        if state["images"] is None:
            state["images"] = np.load(state["origin"], mmap_mode="r", allow_pickle=False)
        for name, value in state.items():
            object.__setattr__(self, name, value)

    @property
    def sides(self) -> tuple[int, int]:
        """(height, width)."""
        first = 2 if self.channels_first else 1
        return self.images.shape[first], self.images.shape[first + 1]


def is_array(path: Path) -> bool:
    """Whether a path is a .npy or .npz file."""
    return path.suffix.lower() in (".npy", ".npz") and path.is_file()


def array_pictures(path: Path, form: Form) -> Found:
    """The images of a NumPy file, and its labels and held-out images where it has any.

    Raises:
        DataError: it cannot be read, or holds no images.
    """
    arrays = _arrays(path)
    x, y = _first(arrays, IMAGES), _first(arrays, LABELS)
    if x is None:
        raise DataError(
            f"{path} holds {', '.join(arrays) or 'nothing'}; expected the images under one of "
            f"{', '.join(IMAGES)}, and labels, where there are any, under {', '.join(LABELS)}."
        )
    train = array_source(path, x, y)
    x, y = _first(arrays, HELD_OUT_IMAGES), _first(arrays, HELD_OUT_LABELS)
    held_out = None if x is None else array_source(path, x, y, train.class_names)
    return Found(train, held_out, train.sides)


def array_source(
    path: Path,
    images: np.ndarray,
    labels: np.ndarray | None = None,
    classes: Sequence[str] | None = None,
) -> ArraySource:
    """A source of these images; without `classes` they are the labels that occur, sorted.

    Raises:
        DataError: an array that holds no images, or labels that do not fit them.
    """
    first = _channels_first(path, images)
    numbers, names = ((), ()) if labels is None else _classes(path, labels, len(images), classes)
    return ArraySource(
        origin=str(path),
        layout="array",
        names=tuple(f"{number:06d}" for number in range(len(images))),
        labels=numbers,
        class_names=names,
        images=images,
        channels_first=first,
    )


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """Every array of a file by its key; that of a .npy file stays on disk until it is read."""
    try:
        if path.suffix.lower() == ".npy":
            return {"images": np.load(path, mmap_mode="r", allow_pickle=False)}
        with zipfile.ZipFile(path) as archive:
            check_fits(sum(member.file_size for member in archive.infolist()), str(path))
        with np.load(path, allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        why = str(error).partition("\n")[0].rstrip(".") or "it is cut short"
        if "pickle" in why or "Python objects" in why:
            why = "it holds Python objects, which are never loaded; save plain arrays"
        raise DataError(f"{path} cannot be read as a NumPy file: {why}.") from error


def _first(arrays: dict[str, np.ndarray], keys: tuple[str, ...]) -> np.ndarray | None:
    return next((arrays[key] for key in keys if key in arrays), None)


def _channels_first(path: Path, images: np.ndarray) -> bool:
    """Whether (N, C, H, W) and not (N, H, W, C), after a check that these are images."""
    shape = images.shape
    last = len(shape) == 4 and shape[3] in CHANNELS
    first = len(shape) == 4 and shape[1] in CHANNELS and not last
    if images.dtype != np.uint8 or not (len(shape) == 3 or last or first) or 0 in shape:
        raise DataError(
            f"{path} holds an array of {images.dtype}, shape {shape}; expected images as uint8 "
            "(0 to 255) of shape (N, H, W), (N, H, W, C) or (N, C, H, W) with 1, 3 or 4 channels."
        )
    return first


def _classes(
    path: Path, labels: np.ndarray, images: int, known: Sequence[str] | None
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """(numbers, names) of the labels."""
    flat = labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if flat.shape != (images,) or flat.dtype.kind not in "iuU":
        raise DataError(
            f"{path} holds labels of {labels.dtype}, shape {labels.shape}; expected one whole "
            f"number or text for each of the {images} images."
        )
    values, numbers = np.unique(flat, return_inverse=True)
    names = [str(value) for value in values]
    if known is None:
        return tuple(numbers.tolist()), tuple(names)
    if other := sorted(set(names) - set(known)):
        raise DataError(f"{path}: no image to train on has the held-out label {other[0]}.")
    places = [known.index(name) for name in names]
    return tuple(places[number] for number in numbers), tuple(known)
