"""Transport plans against linear programming and the closed form in one dimension."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from gansmith.figures.asked import Asked
from gansmith.figures.earth_mover import HERE, THERE, draw


def test_the_cheapest_plan_costs_w1_and_the_other_more(tmp_path: Path) -> None:
    numbers = draw(Asked(tmp_path)).numbers
    costs = numbers["piles"]["costs"]
    places = np.arange(len(HERE))
    exact = wasserstein_distance(places, places, HERE, THERE)
    assert costs["cheapest"] == pytest.approx(exact, rel=1e-9)
    assert numbers["piles"]["solved"] == pytest.approx(exact, rel=1e-6)
    assert costs["reversed"] > 1.5 * exact
    points = numbers["points"]["costs"]
    assert points["any"] > points["cheapest"]


def test_every_plan_carries_all_of_the_one_to_the_other(tmp_path: Path) -> None:
    for plan in draw(Asked(tmp_path)).numbers["plans"].values():
        assert np.min(plan) >= 0
        assert np.sum(plan, 1) == pytest.approx(HERE)
        assert np.sum(plan, 0) == pytest.approx(THERE)
