"""Points land where the window says."""

from __future__ import annotations

import numpy as np
import pytest

from gansmith.plots.points import GENERATED, REAL, Window, bounds, points_picture, to_pixels

WINDOW = Window(-1.0, -1.0, 2.0)


def test_bounds_are_square_centred_and_wider() -> None:
    window = bounds(np.array([[0.0, 0.0], [4.0, 1.0], [np.nan, 99.0]]))
    assert window == pytest.approx((2 - 2.4, 0.5 - 2.4, 4.8))


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.full((3, 2), np.inf), np.zeros((5, 2))])
def test_bounds_without_extent_have_side_one(points: np.ndarray) -> None:
    assert bounds(points) == (-0.5, -0.5, 1.0)


def test_corners_of_the_window_are_corners_of_a_square_frame() -> None:
    corners = np.array([[-1.0, -1.0], [1.0, 1.0], [0.0, 0.0]])
    (left, bottom), (right, top), centre = to_pixels(corners, WINDOW)
    assert right - left == bottom - top > 400
    assert centre == pytest.approx([(left + right) / 2, (top + bottom) / 2])


@pytest.mark.parametrize("size", [256, 512, 700])
def test_a_point_is_drawn_on_its_pixel(size: int) -> None:
    point = np.array([[0.4, -0.6]])
    pixels = np.asarray(points_picture(point, None, size, WINDOW)).astype(float)
    assert pixels.shape == (size, size, 3)
    column, row = np.floor(to_pixels(point, WINDOW, size)[0]).astype(int)
    reach = size // 50
    near = pixels[row - reach : row + reach + 1, column - reach : column + reach + 1]
    darkness = 255 - near[..., 0]
    offsets = np.arange(-reach, reach + 1) + 0.5
    exact = to_pixels(point, WINDOW, size)[0] - (column, row)
    assert darkness.sum(axis=0) @ offsets / darkness.sum() == pytest.approx(exact[0], abs=0.1)
    assert darkness.sum(axis=1) @ offsets / darkness.sum() == pytest.approx(exact[1], abs=0.1)
    assert pixels[row, column, 2] > 1.5 * pixels[row, column, 0]  # blue


def test_generated_points_lie_above_real_ones() -> None:
    real, generated = np.array([[0.0, 0.0], [0.5, 0.5]]), np.array([[0.0, 0.0]])
    pixels = np.asarray(
        points_picture(np.repeat(generated, 9, 0), np.repeat(real, 9, 0), 512, WINDOW)
    )
    (x, y), (real_x, real_y) = np.floor(to_pixels(real, WINDOW)).astype(int)
    assert np.abs(pixels[y, x].astype(int) - GENERATED).max() <= 2
    assert np.abs(pixels[real_y, real_x].astype(int) - REAL).max() <= 2


def test_the_window_comes_from_the_real_points() -> None:
    real, generated = np.random.default_rng(0).normal(size=(2, 50, 2))
    given = points_picture(3 * generated, real, window=bounds(real))
    assert given.tobytes() == points_picture(3 * generated, real).tobytes()


def test_points_outside_are_counted_not_drawn() -> None:
    inside = np.array([[0.0, 0.0]])
    far = np.array([[0.0, 0.0], [5.0, 0.0], [np.nan, 0.0]])
    alone, counted = (
        np.asarray(points_picture(points, None, window=WINDOW)) for points in (inside, far)
    )
    assert (alone[40:] == counted[40:]).all()
    assert (alone[:25, 300:] == 255).all()
    assert (counted[:25, 300:] < 200).any()  # "2 of 3 outside"


def test_many_points_and_none() -> None:
    many = points_picture(np.random.default_rng(0).normal(size=(30_000, 2)), np.zeros((0, 2)))
    none = points_picture(np.zeros((0, 2)), None, size=64)
    assert many.width >= 512 and none.width >= 64
    assert (np.asarray(many) < 200).sum() > 10 * (np.asarray(none) < 200).sum()


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected \(N, 2\)"):
        points_picture(np.zeros((3, 3)), None)
    with pytest.raises(ValueError, match=r"expected \(N, 2\)"):
        points_picture(np.zeros((3, 2)), np.zeros(3))
