"""The strip of years: the words that follow from distances, and a tiny figure."""

from __future__ import annotations

from pathlib import Path

from gansmith.figures.asked import Asked
from gansmith.figures.progress import STRIP, draw, see, there
from gansmith.methods import METHODS


def found(*distances: float) -> dict:
    rows = {"seconds": 1.0, "steps": 5}
    return {
        name: rows | {"frechet": value, "interval": [value - 0.4, value + 0.4]}
        for name, value in zip(STRIP, distances, strict=False)
    }


def test_the_strip_is_in_the_order_of_the_years():
    years = [paper.year for paper in there(STRIP).values()]
    assert years == sorted(years) and len(years) >= 3 and set(there(STRIP)) <= set(METHODS)


def test_progress_is_said_only_where_there_is_some():
    assert any(
        "nearer to the data than" in line for line in see(found(9.0, 5.0, 3.0, 1.0), "x", 1.0)
    )
    said = see(found(9.0, 1.0, 3.0), "x", 1.0)
    assert any("order by distance is dcgan, wgan-gp, gan" in line for line in said)
    assert said[-1] == "Not in this package: r3gan."


def test_what_may_be_chance_and_what_is_far_from_good_are_said():
    said = " ".join(see(found(9.0, 8.5, 7.0), "x", 1.0))
    assert "may be chance: gan and dcgan." in said and "7 times as far, so none is good" in said
    said = " ".join(see(found(9.0, 5.0, 3.0), "x", 2.0))
    assert "chance" not in said and "the nearest is 1.5 times as far." in said


def test_a_tiny_figure_is_drawn(tmp_path: Path, quick):
    drawn = draw(Asked(tmp_path, effort=0.001, data="mnist"))
    assert set(drawn.numbers["runs"]) == set(there(STRIP))
    assert all(row["frechet"] > 0 for row in drawn.numbers["runs"].values())
