"""evaluations.jsonl: lines, which of them is best, and whether a difference is more than noise."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import stats

from gansmith.errors import RunError
from gansmith.metrics.images.frechet import frechet_distance
from gansmith.run.evaluations import (
    Evaluated,
    best_of,
    clearly_better,
    factor,
    judged,
    read_evaluations,
    rounded,
)
from gansmith.run.log import cut_after, seconds_at


def line(step: int, value: float | None, noise: tuple[float, ...] = (), **more) -> Evaluated:
    """An evaluation whose parts lie around its value."""
    values = {"d": value}
    some = {"key": "d", "name": "Distance", "better": "lower", "n": 8, **more}
    parts = tuple((value or 0.0) + part for part in noise)
    return Evaluated(step=step, values=values, parts=parts, **some)


QUIET = (-0.1, 0.1, -0.05, 0.05)
NOISE = (QUIET, (0.08, -0.02, 0.04, -0.1), (0.0, -0.1, 0.1, 0.0))


class TestLines:
    def test_they_come_back_equal(self, tmp_path):
        path = tmp_path / "evaluations.jsonl"
        lines = [line(5, 1.5, QUIET, features="é 1"), line(10, None)]
        for one in lines:
            one.append_to(path)
        assert read_evaluations(path) == lines
        assert [json.loads(text)["step"] for text in path.read_text("utf-8").splitlines()] == [
            5,
            10,
        ]

    def test_they_are_cut_as_the_log_is(self, tmp_path):
        path = tmp_path / "evaluations.jsonl"
        for step in (5, 10, 15):
            line(step, 1.0).append_to(path)
        with path.open("a") as file:
            file.write('{"step": 20')  # a kill in the middle of a line
        assert [one.step for one in read_evaluations(path)] == [5, 10, 15]
        cut_after(path, 10)
        assert [one.step for one in read_evaluations(path)] == [5, 10]

    def test_without_a_file_there_are_none(self, tmp_path):
        assert read_evaluations(tmp_path / "nothing") == []

    @pytest.mark.parametrize("text", ["no JSON\n", '"text"\n', "{}\n", '{"step": 1}\n'])
    def test_what_is_damaged_is_named(self, tmp_path, text):
        path = tmp_path / "evaluations.jsonl"
        path.write_text(text)
        with pytest.raises(RunError, match=r"evaluations\.jsonl is damaged"):
            read_evaluations(path)

    def test_values_are_those_of_the_file(self):
        assert rounded(1 / 3) == 0.333333
        assert rounded(float("nan")) is None and rounded(float("inf")) is None


class TestBest:
    def test_lower_or_higher_as_the_measure_says(self):
        values = [3.0, None, 1.0, 2.0, 1.0]
        lower = [line(step, value) for step, value in enumerate(values)]
        higher = [line(step, value, better="higher") for step, value in enumerate(values)]
        assert best_of(lower) is lower[2], "the first of equal ones"
        assert best_of(higher) is higher[0]
        assert best_of([line(1, None)]) is None

    @pytest.mark.parametrize("other", [{"n": 9}, {"seed": 1}, {"features_sha256": "x"}])
    def test_what_was_measured_otherwise_is_no_rival(self, other):
        assert line(2, 9.0).improves(line(1, 1.0, **other))
        assert not line(2, 9.0).improves(line(1, 1.0))


class TestNoise:
    def test_the_factors_are_students(self):
        for parts in (2, 4, 8):
            assert factor(parts) == pytest.approx(stats.t.ppf(0.975, parts - 1), rel=1e-6)

    def test_several_comparisons_stay_within_together(self):
        for many in (2, 19):
            within = stats.t.cdf(factor(8, many), 7) - stats.t.cdf(-factor(8, many), 7)
            assert within**many == pytest.approx(0.95, rel=1e-6)

    def test_it_is_the_paired_test(self):
        random = np.random.default_rng(0)
        found = []
        for _ in range(200):
            ours = random.normal(0, 1, 4)
            theirs = ours + random.normal(1, 0.7, 4)  # with something in common
            a = line(1, float(ours.mean()), tuple(ours - ours.mean()))
            b = line(2, float(theirs.mean()), tuple(theirs - theirs.mean()))
            expected = stats.ttest_rel(ours, theirs)
            found.append(clearly_better(a, b))
            assert found[-1] == (expected.pvalue < 0.05 and expected.statistic < 0)
        assert 20 < sum(found) < 180, "both happen"

    def test_equal_generators_are_told_apart_seldom_and_unequal_ones_mostly(self):
        random = np.random.default_rng(1)
        reference = random.normal(0, 1, (400, 6))

        def evaluated(shift: float) -> Evaluated:
            x = random.normal(shift, 1, (400, 6))
            value = frechet_distance(x, reference)
            parts = tuple(frechet_distance(part, reference) for part in np.split(x, 4))
            return Evaluated(step=1, n=400, key="d", better="lower", parts=parts,
                             values={"d": value})  # fmt: skip

        pairs = [(evaluated(0.5), evaluated(0.5)) for _ in range(100)]
        wrong = sum(clearly_better(a, b) or clearly_better(b, a) for a, b in pairs)
        assert wrong <= 11, "5 are expected; more than 11 come in 1 of 100 cases"
        found = sum(clearly_better(evaluated(0.5), evaluated(1.0)) for _ in range(40))
        assert found >= 38

    def test_a_figure_that_is_none_is_worse(self):
        assert clearly_better(line(1, 5.0), line(2, None))
        assert not clearly_better(line(1, None), line(2, 5.0))


class TestVerdict:
    def judged(self, *values: float | None) -> tuple[str, int | None]:
        lines = [line(100 * (i + 1), v, NOISE[i % 3]) for i, v in enumerate(values)]
        kept = best_of(lines)
        assert kept is not None
        return judged(kept, lines, lines[-1])

    def test_worse(self):
        assert self.judged(9.0, 2.0, 3.0, 5.0) == ("worse", 200)
        assert self.judged(9.0, 2.0, 1.9, None) == ("worse", 300)

    def test_about_as_good(self):
        assert self.judged(9.0, 2.0, 2.02, 2.01) == ("level", 200)
        assert self.judged(9.0, 2.02, 2.01, 2.0) == ("level", 200), "the last one being best"

    def test_improving(self):
        assert self.judged(9.0, 6.0, 4.0, 2.0) == ("improving", None)
        slowly = self.judged(9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.99, 2.0)
        assert slowly == ("improving", None), "the last two are alike, but not the last quarter"

    @pytest.mark.parametrize("many", [2, 20])
    def test_a_level_run_is_seldom_called_worse(self, many):
        random = np.random.default_rng(2)
        worse = 0
        for _ in range(1000):
            parts = 5 + random.normal(0, 1, (many, 8))
            means = parts.mean(1)
            lines = [
                line(step, float(means[step]), tuple(parts[step] - means[step]))
                for step in range(many)
            ]
            kept = best_of(lines)
            assert kept is not None
            worse += judged(kept, lines, lines[-1])[0] == "worse"
        assert worse <= 60, "of 1,000: at most 50 are expected"

    def test_one_that_is_worse_by_much_is_called_so_among_twenty(self):
        random = np.random.default_rng(3)
        values = [5.0] * 19 + [10.0]
        lines = [line(i, v, tuple(random.normal(0, 1, 8))) for i, v in enumerate(values)]
        kept = best_of(lines)
        assert kept is not None and judged(kept, lines, lines[-1])[0] == "worse"

    def test_one_evaluation_tells_nothing(self):
        assert self.judged(2.0) == ("once", None)


def test_seconds_at_a_step_lie_between_the_timed_ones(tmp_path):
    path = tmp_path / "timing.jsonl"
    assert seconds_at(path, 5) == 0
    path.write_text('{"step": 10, "seconds": 4.0}\n{"step": 30, "seconds": 24.0}\n{"step": 4')
    assert [seconds_at(path, step) for step in (0, 5, 10, 20, 30, 99)] == [0, 2, 4, 14, 24, 24]
