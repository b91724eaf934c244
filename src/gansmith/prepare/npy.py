"""The content of .npy files, put together without a copy to spare."""

from __future__ import annotations

import io

import numpy as np
from numpy.lib import format as npy_format


def npy_header(shape: tuple[int, ...], dtype: np.dtype) -> bytes:
    """How a .npy file of this shape begins, its numbers in C order."""
    file = io.BytesIO()
    head = {"descr": npy_format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    npy_format.write_array_header_1_0(file, head)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    """The content of a .npy file."""
    return b"".join((npy_header(array.shape, array.dtype), np.ascontiguousarray(array).data))
