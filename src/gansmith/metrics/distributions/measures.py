"""The distances of points that an evaluation reports: exact transport, divergences of histograms.

Sources and deviations stand where each is computed: `transport`, `histograms`.
"""

from __future__ import annotations

import numpy as np

from gansmith.metrics.distributions import divergences as exact
from gansmith.metrics.distributions.histograms import CELLS, PSEUDO, Histograms, histograms
from gansmith.metrics.distributions.transport import wasserstein as transported
from gansmith.metrics.given import Given
from gansmith.metrics.measurement import Measurement

MOST = 2000
"""Samples of each kind between which transport is solved."""
LEAST_TRANSPORTED = 1000
A_CELL = 5
"""Samples for each cell in use from which on the correction for few samples is good."""


def wasserstein(given: Given) -> list[Measurement]:
    """Exact W_1 and W_2 to the reference, and those between two real samples as the floor."""
    random = np.random.default_rng(given.seed)
    made, pool = given.generated.x.numpy(), given.reference.x.numpy()
    n = min(MOST, len(made), len(pool))
    made = made[random.permutation(len(made))[:n]]
    order = random.permutation(len(pool))
    real, other = pool[order[:n]], pool[order[n : 2 * n]]
    found = []
    for p in (1, 2):
        floor = transported(real, other, p) if len(other) == n else None
        words = "" if floor is None else f": two real samples of this size are {floor:.4g} apart"
        found.append(
            given.measured(
                f"w{p}",
                f"Wasserstein distance W{p}",
                transported(made, real, p),
                "lower",
                featured=False,
                n=n,
                n_reference=n,
                least=LEAST_TRANSPORTED,
                notes=(f"Too large by what few samples add{words}.",),
                details={"floor": floor},
            )
        )
    return found


def divergences(given: Given) -> list[Measurement]:
    """Jensen-Shannon, and KL both ways, from histograms."""
    real, made = given.reference.x.numpy(), given.generated.x.numpy()
    both = histograms(real, made)
    per_axis = CELLS[1 if real.ndim == 1 else real.shape[1]]
    plain, smoothed = both.shares, both.smoothed()
    more = {"featured": False, "least": A_CELL * len(both.p)}
    in_cells = f"In cells of 1/{per_axis} of the data's range; cells without real samples hold "
    unseen = in_cells + f"{both.unseen:.1%} of the generated ones."
    finite = f"With {PSEUDO} samples added to each cell in use, else it would often be infinite."
    return [
        given.measured(
            "js",
            "Jensen-Shannon divergence of histograms, nats",
            both.jensen_shannon(),
            "lower",
            interval=both.interval(np.random.default_rng(given.seed)),
            notes=(unseen,),
            details=_details(both, plain),
            **more,
        ),
        given.measured(
            "kl",
            "KL(data‖samples) of histograms, nats",
            exact.kl(*smoothed),
            "lower",
            notes=(finite,),
            **more,
        ),
        given.measured(
            "reverse_kl",
            "KL(samples‖data) of histograms, nats",
            exact.reverse_kl(*smoothed),
            "lower",
            notes=(finite,),
            **more,
        ),
    ]


def _details(both: Histograms, plain: tuple[np.ndarray, np.ndarray]) -> dict[str, float | int]:
    return {
        "uncorrected": exact.jensen_shannon(*plain),
        "most": exact.LOG2,
        "total_variation": exact.total_variation(*plain),
        "cells_in_use": len(both.p),
        "unseen": both.unseen,
    }
