"""Every measure of every kind of samples: an interval holds its own value."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from gansmith.metrics.given import Given, Likelihood, Samples, Seen
from gansmith.metrics.images import transfer
from gansmith.metrics.measuring import Measured, measure

N, K, SIDE = 60, 3, 16
KINDS = ("alike", "equal", "collapsed", "far")


def images(kind: str, seed: int) -> Samples:
    """Images with features and with probabilities of three classes."""
    random = np.random.default_rng(0 if kind == "equal" else seed)
    n = 1 if kind == "collapsed" else N
    y = np.zeros(n, int) if kind == "collapsed" else random.integers(0, K, n)
    features = random.normal(size=(n, 4)) + y[:, None] + 9 * (kind == "far")
    p = 0.1 + 0.7 * np.eye(K)[y]
    x = (y[:, None, None, None] / 3 + random.normal(0, 0.2, (n, 1, SIDE, SIDE))).clip(-1, 1)
    more = [np.repeat(one, N // n, 0) for one in (x, y, features, p)]
    return Samples(
        torch.from_numpy(more[0]).float(), torch.from_numpy(more[1]), *map(np.float32, more[2:])
    )


def points(kind: str, seed: int) -> Samples:
    """Points in the plane about the corners of a square."""
    random = np.random.default_rng(0 if kind == "equal" else seed)
    y = random.integers(0, 4, N) * (kind != "collapsed")
    x = np.stack([y % 2, y // 2], 1) + 0.05 * random.normal(size=(N, 2)) + 9 * (kind == "far")
    return Samples(torch.from_numpy(x).float())


def generator(z: Tensor) -> Tensor:
    return (z @ torch.ones(2, SIDE * SIDE)).tanh().reshape(-1, 1, SIDE, SIDE)


LIKELIHOOD = Likelihood(
    means=lambda x: x.flatten(1)[:, :2],
    log_weights=lambda x, epsilon: epsilon.sum(-1) - x.flatten(1).square().sum(1),
)


def measured(kind: str, make) -> Measured:
    real, train = make("equal", 0), make("alike", 2)
    corners = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return measure(
        Given(
            make(kind, 1),
            real,
            "held-out",
            train,
            Seen("classifier"),
            generator=generator,
            z_dim=2,
            centres=(corners, 0.05),
            likelihood=LIKELIHOOD,
            classify=lambda x: x.flatten(1)[:, :K],
        )
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [images, points])
def test_intervals_hold_their_own_values(kind, make, monkeypatch):
    monkeypatch.setattr(transfer, "STEPS", 30)
    found = measured(kind, make)
    assert not found.left_out
    known = [one for one in found.measurements if one.interval is not None]
    assert len(known) >= 3
    for one in known:
        low, high = one.interval
        assert low <= one.value <= high, (one.key, one.value, one.interval)
