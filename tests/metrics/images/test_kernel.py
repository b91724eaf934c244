"""The kernel distance against torchmetrics, and its deviation against repeated draws."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torchmetrics.image.kid import poly_mmd

from gansmith.metrics.given import Seen
from gansmith.metrics.images import kernel
from gansmith.metrics.images.kernel import discrepancy


def drawn(seed: int, n: int = 90, m: int = 90, shift: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.normal(shift, 1.2, (n, 6)), random.normal(0, 1, (m, 6))


@pytest.mark.parametrize("shift", [0.0, 0.3, 2.0])
def test_equals_torchmetrics(shift, monkeypatch):
    monkeypatch.setattr(kernel, "CHUNK", 32)
    x, y = drawn(0, shift=shift)
    oracle = float(poly_mmd(torch.from_numpy(y), torch.from_numpy(x)))
    assert discrepancy(x, y).value == pytest.approx(oracle, rel=1e-9)


def test_unequal_numbers_are_the_means_over_pairs():
    x, y = drawn(1, n=7, m=4)

    def mean(a: np.ndarray, b: np.ndarray) -> float:
        return np.mean([(p @ q / 6 + 1) ** 3 for p in a for q in b if p is not q])

    xs, ys = list(x), list(y)
    oracle = mean(xs, xs) + mean(ys, ys) - 2 * mean(xs, ys)
    assert discrepancy(x, y).value == pytest.approx(oracle, rel=1e-12)


def test_the_deviation_is_that_of_the_jackknife_up_to_one_in_n():
    x, y = drawn(2, n=80, m=60)

    def variance(values: list[float]) -> float:
        return (len(values) - 1) * np.var(values)

    without_x = [discrepancy(np.delete(x, i, 0), y).value for i in range(len(x))]
    without_y = [discrepancy(x, np.delete(y, i, 0)).value for i in range(len(y))]
    oracle = np.sqrt(variance(without_x) + variance(without_y))
    assert discrepancy(x, y).deviation == pytest.approx(oracle, rel=3 / 60)


def test_the_deviation_is_that_of_repeated_draws():
    found = [discrepancy(*drawn(seed, n=150, m=100)) for seed in range(300)]
    spread = np.std([one.value for one in found], ddof=1)
    told = np.sqrt(np.mean([one.deviation**2 for one in found]))
    assert told == pytest.approx(spread, rel=0.15)  # 300 draws tell it to 4 % (skewed: 7 %)


def test_equal_distributions_give_zero_on_average_and_a_deviation_root_two_too_large():
    random = np.random.default_rng(0)
    pairs = random.normal(size=(400, 2, 60, 4))
    found = [discrepancy(x, y) for x, y in pairs]
    values = np.array([one.value for one in found])
    assert abs(values.mean()) < 4 * values.std() / 20
    assert (values < 0).mean() > 0.3
    told = np.sqrt(np.mean([one.deviation**2 for one in found]))
    assert told / values.std() == pytest.approx(np.sqrt(2), rel=0.2)


def test_one_sample_is_refused():
    with pytest.raises(ValueError, match="two samples"):
        discrepancy(np.zeros((1, 3)), np.zeros((5, 3)))


def test_is_called_kid_only_with_inception(of_features):
    x, y = drawn(3)
    one = kernel.kernel(of_features(x, y))[0]
    assert one.name == "kernel distance (classifier features)"
    assert one.features == "classifier abcdef01"
    other = kernel.kernel(of_features(x, y, seen=Seen("inception", "", "bilinear, 299")))[0]
    assert (other.name, other.resizer) == ("KID", "bilinear, 299")
    assert one.value == other.value == discrepancy(x, y).value
    assert one.interval is not None
    assert sum(one.interval) / 2 == pytest.approx(one.value)
