"""Overlap of transposed convolutions by hand, the words that follow, and a tiny figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from gansmith.figures.asked import Asked
from gansmith.figures.checkerboard import WAYS, contributions, draw, see, stretched


def by_hand(kernel: int, size: int) -> np.ndarray:
    """Along one axis: ones laid down every 2 pixels, less the first (kernel - 1) // 2 places."""
    line = np.zeros(2 * size + kernel)
    for start in range(0, 2 * size, 2):
        line[start : start + kernel] += 1
    return line[(kernel - 1) // 2 :]


def test_the_overlap_is_that_of_kernels_laid_down_by_hand():
    for kernel in (3, 4, 5):
        line = by_hand(kernel, 12)[3:15]
        found = contributions("deconv", kernel).numpy()
        np.testing.assert_array_equal(found, np.outer(line, line))


def test_only_a_side_that_the_stride_divides_overlaps_evenly():
    assert contributions("deconv", 3).unique().tolist() == [1, 2, 4]
    assert contributions("deconv", 4).unique().tolist() == [4]
    assert contributions("deconv", 5).unique().tolist() == [4, 6, 9]
    assert contributions("resize", 4).unique().tolist() == [9]


def test_contrast_is_brought_to_the_whole_range():
    x = torch.rand(3, 1, 4, 4) * 1e-3
    found = stretched(x)
    assert found.flatten(1).amin(1).tolist() == [-1] * 3
    torch.testing.assert_close(found.flatten(1).amax(1), torch.ones(3))


def table(untrained, late):
    rows = {}
    for number, name in enumerate(WAYS):
        of = {"untrained": untrained[number], "early": 2.0, "late": late[number]}
        rows[name] = {"contributions": [1, 2, 4] if number == 0 else [4]}
        rows[name] |= {moment: {"1/2": value} for moment, value in of.items()}
    return rows


def test_the_words_follow_the_numbers():
    said = see(table((50.0, 2.0, 1.0), (1.1, 1.0, 1.0)))
    assert "as the overlap says" in said[1] and "takes most of it away" in said[2]
    said = see(table((5.0, 20.0, 1.0), (7.0, 1.0, 1.0)))
    assert "does not say" in said[1] and "does not take it away" in said[2]


def test_a_tiny_figure_is_drawn(tmp_path: Path, quick):
    drawn = draw(Asked(tmp_path, effort=0.002, data="mnist"))
    assert list(drawn.numbers["ways"]) == list(WAYS)
    for rows in drawn.numbers["ways"].values():
        assert rows["untrained"]["1/2"] > 0 and rows["late"]["1/4"] > 0
