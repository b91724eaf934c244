from __future__ import annotations

import pytest
import torch

from gansmith.errors import ConfigError
from gansmith.latent import Along, principal_directions, walk
from gansmith.latent.along import checked
from gansmith.latent.response import mean_response

RANDOM = torch.Generator().manual_seed(0)


def test_of_a_linear_generator_they_are_its_right_singular_vectors():
    matrix = torch.randn(20, 5, generator=RANDOM, dtype=torch.float64)
    z = torch.randn(33, 5, generator=RANDOM, dtype=torch.float64)
    directions, shares = principal_directions(lambda z: (z @ matrix.T).view(-1, 1, 4, 5), z)
    _, values, right = torch.linalg.svd(matrix, full_matrices=False)
    torch.testing.assert_close((directions @ right.T).abs(), torch.eye(5, dtype=torch.float64),
                               atol=1e-9, rtol=0)  # fmt: skip
    torch.testing.assert_close(shares, values**2 / (values**2).sum())
    largest = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    assert (largest > 0).all()


def test_the_response_is_averaged_over_z():
    """G(z) = z² has the Jacobian 2 diag(z): its mean square is 4 diag(E z²)."""
    z = torch.randn(50, 3, generator=RANDOM, dtype=torch.float64)
    expected = torch.diag(4 * (z**2).mean(0))
    torch.testing.assert_close(mean_response(lambda z: z**2, z), expected)


def test_a_generator_that_does_not_respond_gives_numbers():
    directions, shares = principal_directions(lambda z: 0 * z, torch.ones(2, 3))
    assert directions.isfinite().all() and shares.tolist() == [0, 0, 0]


def test_each_row_walks_along_one_direction(linear):
    made = walk(linear, Along(directions=2, steps=5, reach=2.0, at=8), start=3)
    assert made.images.shape == (2, 5, 1, 4, 4)
    z = linear.drawn([3])[0]
    assert made.z[0, 2].equal(z) and made.z[1, 2].equal(z)
    ticks = torch.linspace(-2, 2, 5)
    for row in range(2):
        torch.testing.assert_close((made.z[row] - z) @ made.directions[row], ticks)
    assert float(made.shares.sum()) == pytest.approx(1, rel=1e-6)
    assert made.as_json()["at"] == 8


def test_as_many_directions_as_z_has_where_those_are_few(linear):
    made = walk(linear, Along(steps=3, at=2))
    assert len(made.images) == 5 and made.as_json()["directions"] == 5
    assert checked(Along(), 100).directions == 6


@pytest.mark.parametrize(
    "along, words",
    [
        (Along(directions=6), "--directions 6: z has 5"),
        (Along(directions=0), "--directions 0"),
        (Along(directions=1, steps=4), "odd number"),
        (Along(directions=1, reach=0.0), "--reach 0"),
        (Along(directions=1, at=0), "--at 0"),
    ],
)
def test_what_cannot_be_walked_is_refused(linear, along, words):
    with pytest.raises(ConfigError, match=words):
        walk(linear, along)
