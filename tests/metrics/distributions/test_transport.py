"""Transport against scipy, POT and what can be told by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import ot
import pytest
import scipy.stats
from scipy.spatial.distance import cdist

from gansmith.errors import DataError
from gansmith.metrics.distributions import divergences, gaussians
from gansmith.metrics.distributions.transport import earth_movers, wasserstein, wasserstein_1d

SIZES = [(40, 40), (40, 60), (33, 44), (1, 5)]


def drawn(n: int, m: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Samples of two distributions."""
    random = np.random.default_rng([n, m, d])
    return random.normal(size=(n, d)), random.exponential(size=(m, d)) * 2


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_one_dimension(n, m):
    x, y = drawn(n, m, 1)
    oracle = scipy.stats.wasserstein_distance(x[:, 0], y[:, 0])
    assert wasserstein(x, y) == pytest.approx(oracle, rel=1e-9)
    assert wasserstein_1d(x[:, 0], y[:, 0]) == pytest.approx(oracle, rel=1e-9)
    oracle = ot.emd2(ot.unif(n), ot.unif(m), cdist(x, y, "sqeuclidean"))
    assert wasserstein(x, y, p=2) ** 2 == pytest.approx(oracle, rel=1e-9)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize(("n", "m"), [*SIZES, (83, 89)])
def test_two_and_more_dimensions(n, m, p):
    """By assignment, by assignment of repeated samples, and (83, 89) by linear programming."""
    for d in (2, 5):
        x, y = drawn(n, m, d)
        oracle = ot.emd2(ot.unif(n), ot.unif(m), cdist(x, y) ** p) ** (1 / p)
        assert wasserstein(x, y, p) == pytest.approx(oracle, rel=1e-6)


def test_against_scipy_in_the_plane():
    x, y = drawn(20, 25, 2)
    oracle = scipy.stats.wasserstein_distance_nd(x, y)
    assert wasserstein(x, y) == pytest.approx(oracle, rel=1e-6)


def test_masses():
    random = np.random.default_rng(3)
    p, q, costs = random.exponential(size=12), random.exponential(size=9), random.random((12, 9))
    p, q = p / p.sum(), q / q.sum()
    assert earth_movers(p, q, costs) == pytest.approx(ot.emd2(p, q, costs), rel=1e-6)


@pytest.mark.parametrize("theta", [1.0, 0.5, 0.01, 0.0, -0.25])
def test_two_parallel_lines(theta):
    """Example 1 of Arjovsky et al. 2017: only transport tells how far apart they are."""
    z = np.linspace(0, 1, 50)
    data = np.column_stack([np.zeros(50), z])
    generated = np.column_stack([np.full(50, theta), z])
    places = np.unique(np.vstack([data, generated]), axis=0)
    p = (cdist(places, data) == 0).mean(1)
    q = (cdist(places, generated) == 0).mean(1)
    apart = theta != 0
    assert divergences.kl(p, q) == divergences.reverse_kl(p, q) == (math.inf if apart else 0)
    assert divergences.jensen_shannon(p, q) == (math.log(2) if apart else 0)
    assert divergences.total_variation(p, q) == pytest.approx(float(apart))
    for order in (1, 2):
        assert wasserstein(data, generated, order) == pytest.approx(abs(theta), rel=1e-9)


def test_w2_of_gaussian_samples_tends_to_the_closed_form():
    random = np.random.default_rng(0)
    x, y = random.normal(size=200_000), 1 + 2 * random.normal(size=200_000)
    assert wasserstein(x, y, 2) == pytest.approx(gaussians.wasserstein2(0, 1, 1, 4), rel=0.02)


def test_a_shift_costs_its_length():
    x, _ = drawn(30, 30, 3)
    moved = x + np.array([3, 4, 0])
    assert wasserstein(x, moved, 1) == pytest.approx(5, rel=1e-9)
    assert wasserstein(x, moved, 2) == pytest.approx(5, rel=1e-9)
    assert wasserstein(x, x[::-1]) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: wasserstein(np.zeros((3, 2)), np.zeros((3, 4))), "x has 2 dimensions, y 4"),
        (lambda: wasserstein(np.zeros((3, 2)), np.full((3, 2), np.nan)), "y holds .* not finite"),
        (lambda: wasserstein(np.zeros((0, 2)), np.zeros((3, 2))), "shape"),
        (lambda: wasserstein(np.zeros((997, 2)), np.zeros((991, 2))), "equally many"),
        (lambda: wasserstein([0.0], [1.0], p=0.5), "p = 0.5"),
        (lambda: wasserstein(np.zeros((3, 2)), np.zeros((3, 2)), p=0), "p = 0"),
        (lambda: wasserstein_1d(np.zeros((3, 2)), np.zeros((3, 2))), "takes one"),
        (lambda: earth_movers([0.5, 0.5], [1.0], np.zeros((1, 2))), r"\(2, 1\) is needed"),
        (lambda: earth_movers([0.5, 0.5], [2.0], np.zeros((2, 1))), "equal sums"),
    ],
)
def test_what_cannot_be_carried_is_refused(call, words):
    with pytest.raises(DataError, match=words):
        call()


def test_the_example_of_the_documentation(monkeypatch):
    """It runs as it stands, and draws log 2 and |θ|."""
    page = (Path(__file__).parents[3] / "docs" / "measures.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    monkeypatch.setattr("matplotlib.pyplot.plot", lambda *drawn, label: None)
    monkeypatch.setattr("matplotlib.pyplot.legend", lambda: None)
    names: dict = {}
    exec(code, names)
    thetas, rows = names["thetas"], np.array(names["rows"])
    assert rows[:, 0] == pytest.approx(np.where(thetas == 0, 0, math.log(2)), rel=1e-12)
    assert rows[:, 1] == pytest.approx(np.abs(thetas), rel=1e-9, abs=1e-12)
