"""5,000 handwritten digits that come with the package.

A subset of MNIST (LeCun, Cortes, Burges), CC BY-SA 3.0; `scripts/build_mnist.py` makes the array,
LICENSES/ holds the notice. The split is fixed: 4,000 for training, 1,000 held out, stratified.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import torch
from PIL import Image

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.data.decode import Conversion
from gansmith.data.form import Form
from gansmith.data.resident import ResidentImages, resident


def mnist(form: Form) -> DataSet:
    """Grey images of 28x28, or of the size asked for (bicubic); classes "0" to "9"."""
    with files("gansmith.data").joinpath("mnist.npz").open("rb") as file:
        arrays = dict(np.load(file, allow_pickle=False))
    train, held_out = (
        ResidentImages(
            torch.from_numpy(_resized(arrays[f"{part}_images"], form))[:, None],
            torch.from_numpy(arrays[f"{part}_labels"].astype(np.int64)),
        )
        for part in ("train", "held_out")
    )
    spec = DataSpec(
        name="mnist",
        batch=LabeledImages,
        shape=tuple(train.images.shape[1:]),
        size=len(train.images),
        class_names=tuple("0123456789"),
    )
    return resident(spec, train, held_out)


def _resized(images: np.ndarray, form: Form) -> np.ndarray:
    """(N, H, W) uint8 in the form asked for."""
    if form.sides in (None, images.shape[1:]):
        return images
    height, width = form.sides
    conversion = Conversion(
        height=height,
        width=width,
        crop=form.crop,
        background=form.background,
        resampling=Image.Resampling.BICUBIC,
    )
    return np.stack([conversion(image) for image in images])
