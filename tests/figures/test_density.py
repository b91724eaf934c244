"""Images under a density: axes, what they leave and overlaps in closed form; a tiny figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import ndtr
from scipy.stats import gaussian_kde

from gansmith.figures.asked import Asked
from gansmith.figures.density import draw, overlap, project


def test_the_axes_are_those_of_the_largest_variance():
    random = torch.Generator().manual_seed(0)
    scale = torch.tensor([3.0, 0.1, 2.0, 0.5])
    x = (torch.randn(4000, 4, generator=random) * scale + 1).view(-1, 1, 2, 2)
    found = project(x, 2)
    wanted = torch.eye(4)[:, [0, 2]]
    torch.testing.assert_close(found.axes.abs(), wanted, atol=0.05, rtol=0)
    np.testing.assert_allclose(found.plane(x).std(1), [3, 2], rtol=0.05)


def test_what_the_axes_leave_is_the_rest_of_the_square():
    """|x|² = what lies along the axes² + what is left², of images less the mean."""
    x = torch.randn(300, 1, 3, 3, generator=torch.Generator().manual_seed(1))
    found = project(x, 2)
    off = (x.flatten(1) - found.mean).square().sum(1).numpy()
    along = np.square(found.plane(x)).sum(0)
    np.testing.assert_allclose(off, along + 9 * np.square(found.left(x)), rtol=1e-4)
    np.testing.assert_allclose(project(x, 9).left(x), 0, atol=1e-5)


@pytest.mark.parametrize("apart", [0.0, 1.0, 3.0])
def test_the_overlap_of_two_normals_is_twice_a_tail(apart: float):
    one = np.random.default_rng(0).standard_normal((2, 1500))
    other = one + np.array([[apart], [0.0]])
    found = overlap(gaussian_kde(one), gaussian_kde(other))
    assert found == pytest.approx(2 * ndtr(-apart / 2), abs=0.07)


def test_a_tiny_figure_is_drawn(tmp_path: Path, quick):
    drawn = draw(Asked(tmp_path, effort=0.002, data="mnist"))
    assert list(drawn.numbers["sets"]) == ["real, held out", "generated", "noise"]
    assert all(0 <= share <= 1 for share in drawn.numbers["overlap"].values())
    assert len(drawn.see) == 4


def test_fewer_images_have_fewer_axes_so_that_something_is_left():
    x = torch.randn(12, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    projection = project(x)
    assert projection.axes.shape[1] == 6
    assert projection.left(x).min() > 0.01
