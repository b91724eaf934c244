"""What the benchmark of few labels says of its rows: mean, deviation and a paired interval."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats


@pytest.fixture
def benchmark(monkeypatch):
    """The measuring program."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    import semi_supervised

    yield semi_supervised
    for name in ("semi_supervised", "rows", "provenance"):
        sys.modules.pop(name, None)


def test_the_interval_is_that_of_a_paired_t_test(benchmark):
    random = np.random.default_rng(0)
    alone, few = random.normal(0.2, 0.03, 10), random.normal(0.03, 0.01, 10)
    test = stats.ttest_rel(alone, few).confidence_interval(0.95)
    found = benchmark.gain(list(alone), list(few))
    assert found == pytest.approx((np.mean(alone - few), test.low, test.high))


def test_one_pair_has_no_interval(benchmark):
    assert benchmark.gain([0.2], [0.1]) == (pytest.approx(0.1), -np.inf, np.inf)


def test_only_seeds_that_have_both_forms_are_compared(benchmark, capsys):
    errors = {"sgan": {1: 0.02, 2: 0.04, 3: 0.9}, "labels-alone": {1: 0.2, 2: 0.3}}
    rows = {
        benchmark.key_of("mnist-10k", 10, seed, form): {"error": error}
        for form, of_seeds in errors.items()
        for seed, error in of_seeds.items()
    }
    benchmark.tell(rows, "mnist-10k", 10)
    told = capsys.readouterr().out.splitlines()
    assert told[1] == "mnist-10k, 10 labels a class, labels-alone: 25.00 ± 7.07 % (n = 2)"
    assert told[2].startswith("mnist-10k, 10: 22.00 points better, 95 % -28.82 to 72.82")
