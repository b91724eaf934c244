"""What a classifier learns from generated samples, where the answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
import torch

from gansmith.errors import DataError
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images import transfer
from gansmith.metrics.interval import wilson

N, K = 120, 3


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(transfer, "STEPS", 40)


def squares(seed: int, n: int = N) -> Samples:
    """A bright square whose place is its class, in noise."""
    random = torch.Generator().manual_seed(seed)
    x, y = torch.randn(n, 1, 8, 8, generator=random) * 0.2 - 0.5, torch.arange(n) % K
    for place in range(K):
        x[y == place, :, 2:5, 2 * place : 2 * place + 3] += 1
    return Samples(x, y)


def given(generated: Samples, train: Samples | None = None) -> Given:
    names = tuple("abc")
    return Given(generated, squares(1, 300), "held-out", train or squares(2), class_names=names)


def test_samples_like_the_real_ones_teach_as_much():
    accuracy, gap = transfer.transfer(given(squares(3)))
    assert accuracy.value > 0.95
    assert accuracy.details["real"] > 0.95
    assert gap.value == pytest.approx(accuracy.details["real"] - accuracy.value, abs=1e-12)
    assert (accuracy.n, accuracy.n_reference, accuracy.reference) == (N, 300, "held-out")
    assert accuracy.interval == wilson(round(300 * accuracy.value), 300)


def test_shuffled_classes_teach_nothing():
    generated = squares(3)
    assert generated.y is not None
    random = torch.Generator().manual_seed(0)
    shuffled = replace(generated, y=generated.y[torch.randperm(N, generator=random)])
    accuracy, gap = transfer.transfer(given(shuffled))
    assert abs(accuracy.value - 1 / K) < 0.2
    assert gap.interval is not None
    assert gap.interval[0] > 0.4


def test_the_interval_of_the_gap_is_of_paired_answers(monkeypatch):
    answers = np.array([[1, 1, 0, 0, 1, 0, 0, 0], [1, 1, 1, 0, 1, 1, 1, 0]], bool)
    turns = iter(answers)
    monkeypatch.setattr(transfer, "learned", lambda *given: None)
    monkeypatch.setattr(transfer, "accurate", lambda *given: next(turns))
    accuracy, gap = transfer.transfer(given(squares(3)))
    assert (accuracy.value, accuracy.details["real"], gap.value) == (3 / 8, 6 / 8, 3 / 8)
    lost = answers[1].astype(float) - answers[0]
    assert gap.interval == pytest.approx(scipy.stats.norm.interval(
        0.95, loc=lost.mean(), scale=scipy.stats.sem(lost, ddof=0)
    ))  # fmt: skip


def test_follows_from_the_seed_and_leaves_global_random_numbers_alone():
    before = torch.get_rng_state()
    first = transfer.transfer(given(squares(3)))
    assert torch.equal(before, torch.get_rng_state())
    torch.rand(1)
    assert transfer.transfer(given(squares(3))) == first
    noisy = replace(squares(3), x=torch.randn(N, 1, 8, 8))
    weights = [
        next(transfer.learned(noisy, K, seed).parameters()).detach().numpy() for seed in (0, 0, 1)
    ]
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_learns_from_equally_many_of_each_and_says_so():
    accuracy, _ = transfer.transfer(given(squares(3, 150)))
    assert accuracy.n == N
    assert f"Learned from {N} samples" in accuracy.trust


def test_large_images_are_made_smaller():
    large = [replace(every, x=every.x.repeat_interleave(8, 2).repeat_interleave(8, 3))
             for every in (squares(3), squares(2), squares(1, 30))]  # fmt: skip
    both = Given(large[0], large[2], "held-out", large[1], class_names=tuple("abc"))
    assert {one.resizer for one in transfer.transfer(both)} == {"area, 32"}


def test_without_classes_it_is_refused():
    with pytest.raises(DataError, match="no classes"):
        transfer.transfer(given(squares(3), replace(squares(2), y=None)))
