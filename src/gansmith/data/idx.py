"""IDX files, the format of the MNIST family: the images in one, their labels in another.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", file formats.
"""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

import numpy as np

from gansmith.data.arrays import ArraySource, array_source
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.errors import DataError

IMAGES = re.compile(r"(?P<part>.*)[-_]images[-.]idx3[-_]ubyte(?P<packed>\.gz)?", re.IGNORECASE)
HELD_OUT = re.compile(r"(^|[-_])(t10k|test)$", re.IGNORECASE)
BYTES = 0x08
"""The type code of unsigned bytes, the only one that the family uses."""


def is_idx(path: Path) -> bool:
    """Whether a path is an IDX file of images, or a folder that holds one."""
    return bool(_image_files(path))


def idx_pictures(path: Path, form: Form) -> Found:
    """The training images with their labels; files called t10k or test are held out.

    Raises:
        DataError: a file is damaged, or it is not clear which one to train on.
    """
    files = _image_files(path)
    if path.is_file():
        source = _source(path)
        return Found(source, None, source.sides)
    held_out = [file for file in files if HELD_OUT.search(_part(file))]
    train = [file for file in files if file not in held_out]
    if len(train) != 1 or len(held_out) > 1:
        names = ", ".join(file.name for file in files)
        raise DataError(f"{path} holds {names}: give the path of the one to train on.")
    source = _source(train[0])
    others = _source(held_out[0], source.class_names) if held_out else None
    return Found(source, others, source.sides)


def _image_files(path: Path) -> list[Path]:
    """The files of images, each once where it also lies there unpacked."""
    files = [path] if path.is_file() else sorted(path.iterdir()) if path.is_dir() else []
    found = {_part(file): file for file in reversed(files) if IMAGES.fullmatch(file.name)}
    return sorted(found.values())


def _part(file: Path) -> str:
    """What stands before "-images" in its name, such as "train"."""
    match = IMAGES.fullmatch(file.name)
    return match["part"] if match else ""


def _source(images: Path, classes: tuple[str, ...] = ()) -> ArraySource:
    """Images and, where their file lies beside them, labels."""
    stem = images.name.removesuffix(".gz")
    stem = stem.replace("images", "labels").replace("idx3", "idx1")
    beside = [images.with_name(stem + end) for end in ("", ".gz")]
    labels = next((read_idx(file, 1) for file in beside if file.is_file()), None)
    return array_source(images, read_idx(images, 3), labels, classes or None)


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """The array of a file: uint8 of this many dimensions.

    Raises:
        DataError: it is no such file, or its size is another than its header says.
    """
    try:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix.lower() == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}.") from error
    start = 4 + 4 * dimensions
    if len(content) < start or content[:4] != bytes([0, 0, BYTES, dimensions]):
        raise DataError(f"{path} is no IDX file of unsigned bytes in {dimensions} dimensions.")
    shape = tuple(np.frombuffer(content, ">u4", dimensions, 4).tolist())
    if len(content) - start != np.prod(shape, dtype=object):
        raise DataError(
            f"{path} should hold {'x'.join(map(str, shape))} bytes after its header and holds "
            f"{len(content) - start}: it is damaged or cut short. Copy it anew."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
