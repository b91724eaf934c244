"""Two-dimensional distributions whose modes can be counted.

Source: Gulrajani et al. 2017, arXiv:1704.00028, figure 1, in the scalings of the reference code.
Deviation: a fixed draw of 100,000 training points; the reference draws two of the three anew.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gansmith.batch import DataSet, DataSpec, Points
from gansmith.data.form import Form
from gansmith.data.resident import ResidentPoints, resident
from gansmith.draws import seed_of
from gansmith.errors import DataError

TRAIN, HELD_OUT = 100_000, 10_000
CIRCLE = torch.tensor(
    [[math.cos(angle * math.pi / 4), math.sin(angle * math.pi / 4)] for angle in range(8)]
) * (2 / 1.414)
"""Centres of `8gaussians`: radius 2, divided by 1.414."""
GRID = torch.cartesian_prod(torch.arange(-4.0, 5.0, 2.0), torch.arange(-4.0, 5.0, 2.0)) / 2.828
"""Centres of `25gaussians`: {-4, -2, 0, 2, 4}², divided by 2.828."""
MODES: dict[str, tuple[Tensor, float]] = {
    "8gaussians": (CIRCLE, 0.02 / 1.414),
    "25gaussians": (GRID, 0.05 / 2.828),
}
"""Centres (K, 2) and the standard deviation of each mode, in the data's own scale."""


def eight_gaussians(form: Form) -> DataSet:
    """8 Gaussians of standard deviation 0.02 on a circle of radius 2, divided by 1.414."""
    return _points("8gaussians", form, lambda rows, random: _mixture("8gaussians", rows, random))


def grid_of_gaussians(form: Form) -> DataSet:
    """25 Gaussians of standard deviation 0.05 on {-4, -2, 0, 2, 4}², divided by 2.828."""
    return _points("25gaussians", form, lambda rows, random: _mixture("25gaussians", rows, random))


def swiss_roll(form: Form) -> DataSet:
    """Axes 0 and 2 of the Swiss roll t (cos t, sin t), t in 1.5π [1, 3], noise 0.25, over 7.5."""
    return _points("swissroll", form, _roll)


def _mixture(name: str, rows: int, random: torch.Generator) -> Tensor:
    centres, deviation = MODES[name]
    which = torch.randint(len(centres), (rows,), generator=random)
    return centres[which] + deviation * torch.randn(rows, 2, generator=random)


def _roll(rows: int, random: torch.Generator) -> Tensor:
    t = 1.5 * math.pi * (1 + 2 * torch.rand(rows, generator=random))
    noise = 0.25 * torch.randn(rows, 2, generator=random)
    return (torch.stack([t * t.cos(), t * t.sin()], 1) + noise) / 7.5


def _points(name: str, form: Form, draw) -> DataSet:
    if asked := form.changes():
        raise DataError(f"{asked[0]} is for images; {name} holds points. Leave it out.")
    random = torch.Generator().manual_seed(seed_of("points", name))
    train, held_out = ResidentPoints(draw(TRAIN, random)), ResidentPoints(draw(HELD_OUT, random))
    return resident(DataSpec(name=name, batch=Points, shape=(2,), size=TRAIN), train, held_out)
