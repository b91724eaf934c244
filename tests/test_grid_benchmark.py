"""The interval that the benchmark of 25 Gaussians gives for a difference from a published mean."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats


@pytest.fixture
def grid(monkeypatch):
    """The measuring program."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    import grid

    yield grid
    for name in ("grid", "modes", "provenance"):
        sys.modules.pop(name, None)


def given(grid, values: np.ndarray):
    """What a paper would tell of these trials."""
    error = values.std(ddof=1) / math.sqrt(len(values))
    return grid.Given(values.mean(), error, len(values))


def test_the_interval_is_welchs(grid):
    random = np.random.default_rng(0)
    a, b = random.normal(17, 2.5, 10), random.normal(20, 0.7, 6)
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert grid.welch(given(grid, a), given(grid, b)) == pytest.approx(tuple(expected))


def test_equal_errors_of_ten_trials_each_have_eighteen_degrees(grid):
    same = grid.Given(17.3, 0.8, 10)
    low, high = grid.welch(same, same)
    assert high == -low == pytest.approx(2.1009 * 0.8 * math.sqrt(2), rel=1e-4)


def test_rows_that_are_done_are_known_by_method_seed_and_length(grid):
    row = {"method": "gan", "seed": 3, "steps": 40_000, "flags": grid.FLAGS["gan"], "modes": 17}
    assert grid.is_row(row, "gan", 3, [10_000, 40_000])
    assert not grid.is_row(row, "gan", 3, [10_000])
    assert not grid.is_row(row, "gan", 2, [10_000, 40_000])
    assert not grid.is_row(row | {"flags": []}, "gan", 3, [10_000, 40_000])
