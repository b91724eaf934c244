"""The order of runs: ties, ranks and the spread over seeds."""

from __future__ import annotations

import math
import statistics

import pytest

from gansmith.evaluation.evaluation import Evaluation
from gansmith.evaluation.ranking import main_key, over_seeds, ranked
from gansmith.metrics.measurement import Measurement


def evaluation(value, half=None, better="lower", key="k") -> Evaluation:
    interval = None if half is None else (value - half, value + half)
    one = Measurement(
        key=key, name="K", value=value, better=better, n=9, n_reference=9, interval=interval
    )
    return Evaluation(
        run="r", method="m", data="d", step=1, checkpoint="latest", n=9, seed=0,
        measurements=(one,), left_out={}, features={},
    )  # fmt: skip


def order(evaluations, key="k"):
    return [(place.index, place.words) for place in ranked(evaluations, key)]


def test_less_is_better_and_apart_is_no_tie():
    made = [evaluation(3.0, 0.1), evaluation(1.0, 0.1), evaluation(2.0, 0.1)]
    assert order(made) == [(1, "1"), (2, "2"), (0, "3")]


def test_more_is_better_where_the_measure_says_so():
    made = [evaluation(0.2, 0.01, "higher"), evaluation(0.9, 0.01, "higher")]
    assert order(made) == [(1, "1"), (0, "2")]


def test_within_the_interval_of_the_difference_is_a_tie():
    """Independent intervals of ±0.1: the difference's is ±0.1414."""
    assert order([evaluation(1.0, 0.1), evaluation(1.14, 0.1)]) == [(0, "1 (tie)"), (1, "1 (tie)")]
    assert order([evaluation(1.0, 0.1), evaluation(1.15, 0.1)]) == [(0, "1"), (1, "2")]


def test_a_rank_is_that_of_its_first_run():
    """The third is no tie with the first, though with the second; then the ranks go on behind."""
    made = [evaluation(value, 0.1) for value in (1.0, 1.1, 1.2, 1.3, 2.0)]
    words = ["1 (tie)", "1 (tie)", "3 (tie)", "3 (tie)", "5"]
    assert [word for _, word in order(made)] == words
    assert [place.ties for place in ranked(made, "k")][:2] == [(1,), (0,)]


def test_how_far_behind_the_first():
    place = ranked([evaluation(1.0, 0.3), evaluation(2.0, 0.4)], "k")[1]
    assert place.behind == pytest.approx((1.0, 0.5, 1.5))


def test_without_intervals_only_equal_values_tie():
    made = [evaluation(1.0), evaluation(1.001), evaluation(1.0)]
    assert order(made) == [(0, "1 (tie)"), (2, "1 (tie)"), (1, "3")]


def test_what_is_no_number_stands_last_without_a_rank():
    made = [evaluation(math.nan), evaluation(5.0), evaluation(1.0, key="other")]
    assert order(made) == [(1, "1"), (0, "–"), (2, "–")]


def test_the_main_figure():
    both = [evaluation(1.0, better="higher", key="a"), evaluation(1.0, key="b")]
    assert main_key(both) == "b"
    assert main_key([*both, evaluation(1.0, key="frechet")]) == "frechet"
    assert main_key(both, "a") == "a"
    assert main_key(both[:1]) == "a"
    assert main_key([evaluation(1.0, better="neither")]) is None


def test_the_spread_over_seeds_counts_each_seed_once():
    made = [evaluation(value) for value in (1.0, 2.0, 4.0, 9.0, 4.0)]
    (found,) = over_seeds([("x", 0), ("x", 1), ("x", 5), ("y", 0), ("x", 5)], made, "k")
    assert (found.indices, found.seeds) == ((0, 1, 2), (0, 1, 5))
    assert found.mean == pytest.approx(7 / 3)
    assert found.deviation == pytest.approx(statistics.stdev([1, 2, 4]))
