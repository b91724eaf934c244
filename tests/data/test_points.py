"""Point sets against the formulas of the WGAN-GP reference code."""

from __future__ import annotations

import math

import pytest
import torch
from torch.testing import assert_close

from gansmith.batch import DataSet, Points
from gansmith.data import DATASETS, open_data
from gansmith.data.form import Form
from gansmith.data.points import MODES
from gansmith.errors import DataError

DIAGONAL = 1 / math.sqrt(2)
DIRECTIONS = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] + [
    (x, y) for x in (DIAGONAL, -DIAGONAL) for y in (DIAGONAL, -DIAGONAL)
]
CORNERS = [(float(x), float(y)) for x in range(-4, 5, 2) for y in range(-4, 5, 2)]
FORMULAS = {
    "8gaussians": (torch.tensor(DIRECTIONS) * 2 / 1.414, 0.02 / 1.414),
    "25gaussians": (torch.tensor(CORNERS) / 2.828, 0.05 / 2.828),
}
NAMES = sorted(name for name, entry in DATASETS.items() if entry.batch == "Points")
LENGTH, NOISE, SCALE = 1.5 * math.pi, 0.25, 7.5
"""Of the Swiss roll: t runs from LENGTH to 3 LENGTH."""


@pytest.fixture(params=NAMES)
def data(request: pytest.FixtureRequest) -> DataSet:
    """Each set of points."""
    return open_data(request.param)


@pytest.fixture(params=FORMULAS)
def mixture(request: pytest.FixtureRequest) -> str:
    """The name of each set with modes."""
    return request.param


def train(data: DataSet) -> torch.Tensor:
    """All training points."""
    return data.take(torch.arange(data.spec.size)).x


def nearest(points: torch.Tensor, centres: torch.Tensor) -> torch.Tensor:
    """The number of each point's nearest centre."""
    return torch.cdist(points, centres).argmin(1)


def test_points_say_what_they_are(data):
    points = train(data)
    assert data.spec.batch is Points
    assert points.shape == (data.spec.size, *data.spec.shape) and data.spec.shape == (2,)
    assert points.dtype is torch.float32 and points.isfinite().all()
    assert data.spec.classes == 0


def test_points_are_the_same_every_time(data):
    before = torch.random.get_rng_state()
    again = open_data(data.spec.name)
    assert torch.random.get_rng_state().equal(before)
    assert train(again).equal(train(data))
    assert again.held_out().x.equal(data.held_out().x)
    assert again.spec == data.spec


def test_rows_are_taken_by_number(data):
    rows = torch.tensor([7, 0, 7])
    assert data.take(rows).x.equal(train(data)[rows])


def test_held_out_points_are_others(data):
    held_out = data.held_out().x
    assert len(held_out) >= 1000
    beside = torch.stack([held_out, train(data)[: len(held_out)]], 2)
    for pair in beside.transpose(0, 1):  # nor drawn alongside: neither coordinate goes together
        assert abs(torch.corrcoef(pair.T)[0, 1]) < 5 / math.sqrt(len(held_out))
    pairs = (part.contiguous().view(torch.int64) for part in (held_out, train(data)))
    assert not torch.isin(*pairs).any()  # both coordinates of a point as one number


def test_size_is_refused(data):
    with pytest.raises(DataError, match=f"--size is for images; {data.spec.name} holds points"):
        open_data(data.spec.name, Form(size=32))


def test_modes_lie_where_the_formula_puts_them(mixture):
    centres, deviation = FORMULAS[mixture]
    told, told_deviation = MODES[mixture]
    assert_close(sorted(told.tolist()), sorted(centres.tolist()), rtol=1e-5, atol=1e-6)
    assert told_deviation == pytest.approx(deviation)


@pytest.mark.parametrize("part", ["train", "held_out"])
def test_each_mode_has_its_place_width_and_share(mixture, part):
    data = open_data(mixture)
    points = train(data) if part == "train" else data.held_out().x
    centres, deviation = FORMULAS[mixture]
    which = nearest(points, centres)
    share = 1 / len(centres)
    for mode, centre in enumerate(centres):
        apart = (points[which == mode] - centre).double()
        expected = len(points) * share
        assert abs(len(apart) - expected) < 5 * math.sqrt(expected * (1 - share))
        assert apart.mean(0).abs().max() < 5 * deviation / math.sqrt(len(apart))
        error = 5 / math.sqrt(2 * len(apart))
        assert (apart.std(0) / deviation - 1).abs().max() < error
        assert torch.corrcoef(apart.T)[0, 1].abs() < 5 / math.sqrt(len(apart))


def test_high_quality_share_of_the_data_itself(mixture):
    points = train(open_data(mixture))
    centres, deviation = FORMULAS[mixture]
    distances = (points - centres[nearest(points, centres)]).norm(dim=1)
    within = (distances < 3 * deviation).double().mean().item()
    rayleigh = 1 - math.exp(-9 / 2)  # of a distance under 3 standard deviations in the plane
    assert within == pytest.approx(rayleigh, abs=5 * math.sqrt(0.011 * 0.989 / len(points)))


def test_swiss_roll_lies_between_its_radii():
    radii = train(open_data("swissroll")).norm(dim=1) * SCALE
    assert radii.min() > LENGTH - 6 * NOISE
    assert radii.max() < 3 * LENGTH + 6 * NOISE
    # The density is even in t, and the noise adds σ²/2t to the expected radius.
    longer = NOISE**2 * math.log(3) / (4 * LENGTH)
    mean_error = 5 * LENGTH / math.sqrt(3 * len(radii))
    assert abs(radii.mean() - 2 * LENGTH - longer) < mean_error


def test_swiss_roll_follows_its_spiral():
    points = train(open_data("swissroll"))[:4000] * SCALE
    t = torch.linspace(LENGTH, 3 * LENGTH, 2000)
    spiral = torch.stack([t * t.cos(), t * t.sin()], 1)
    distances = torch.cdist(points, spiral).amin(1).double()
    # Across the curve the distance is the noise: E d² = σ², of relative spread √(2/n).
    assert distances.square().mean().item() == pytest.approx(NOISE**2, rel=6 * math.sqrt(2 / 4000))
