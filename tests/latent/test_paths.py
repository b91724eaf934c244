from __future__ import annotations

import math

import pytest
import torch

from gansmith.latent.paths import lerp, route, slerp

T = torch.linspace(0, 1, 9)
RANDOM = torch.Generator().manual_seed(0)


def vectors(dim=64, norms=(3.0, 3.0)):
    a, b = torch.randn(2, dim, generator=RANDOM, dtype=torch.float64)
    return a * norms[0] / a.norm(), b * norms[1] / b.norm()


def angle(a, b):
    return torch.atan2(
        (a / a.norm() - b / b.norm()).norm(), (a / a.norm() + b / b.norm()).norm()
    ) * 2  # fmt: skip


@pytest.mark.parametrize("path", [lerp, slerp])
@pytest.mark.parametrize("norms", [(3.0, 3.0), (1.0, 4.0)])
def test_the_ends_are_the_ends(path, norms):
    a, b = vectors(norms=norms)
    z = path(a, b, T)
    torch.testing.assert_close(z[0], a)
    torch.testing.assert_close(z[-1], b)


def test_the_middle_of_a_straight_line():
    a, b = vectors()
    torch.testing.assert_close(lerp(a, b, torch.tensor([0.5]))[0], (a + b) / 2)


def test_between_equal_norms_the_norm_stays_and_the_formula_is_shoemakes():
    a, b = vectors()
    z, omega, t = slerp(a, b, T), torch.acos(a @ b / 9), T.double()[:, None]
    torch.testing.assert_close(z.norm(dim=1), torch.full((9,), 3.0, dtype=torch.float64))
    formula = ((1 - t) * omega).sin() / omega.sin() * a + (t * omega).sin() / omega.sin() * b
    torch.testing.assert_close(z, formula)


@pytest.mark.parametrize("norms", [(3.0, 3.0), (1.0, 4.0)])
def test_the_angle_grows_with_t_and_so_does_the_norm(norms):
    a, b = vectors(norms=norms)
    z = slerp(a, b, T)
    angles = torch.stack([angle(a, one) for one in z])
    torch.testing.assert_close(angles, angle(a, b) * T.double(), atol=1e-7, rtol=1e-7)
    expected = (1 - T.double()) * norms[0] + T.double() * norms[1]
    torch.testing.assert_close(z.norm(dim=1), expected)


def test_parallel_vectors_keep_their_direction():
    a, _ = vectors()
    torch.testing.assert_close(slerp(a, 2 * a, T), lerp(a, 2 * a, T))
    torch.testing.assert_close(slerp(a, a, T), a.expand(9, -1))


def test_opposite_vectors_go_half_round():
    a, _ = vectors()
    z = slerp(a, -a, T)
    assert z.isfinite().all()
    torch.testing.assert_close(z.norm(dim=1), torch.full((9,), 3.0, dtype=torch.float64))
    torch.testing.assert_close(z[-1], -a)
    assert float(z[4] @ a) == pytest.approx(0, abs=1e-12)
    assert float(angle(a, z[1])) == pytest.approx(math.pi / 8)


@pytest.mark.parametrize("dim", [1, 2, 64])
def test_zero_vectors_and_one_dimension_give_numbers(dim):
    a, zero = torch.ones(dim), torch.zeros(dim)
    for one, other in ((a, zero), (zero, a), (zero, zero), (a, -a), (a, a)):
        assert slerp(one, other, T).isfinite().all()
    torch.testing.assert_close(slerp(zero, a, T), lerp(zero, a, T))


def test_a_route_passes_each_once():
    z = torch.randn(3, 8, generator=RANDOM)
    points = route(z, 5, "slerp")
    assert points.shape == (9, 8)
    torch.testing.assert_close(points[::4], z)
    torch.testing.assert_close(points[:5], slerp(z[0], z[1], torch.linspace(0, 1, 5)))
