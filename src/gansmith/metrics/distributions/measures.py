"""The measures of points that an evaluation reports: modes, transport and divergences.

Sources and deviations stand where each is computed: `modes`, `transport`, `histograms`.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import chi

from gansmith.metrics.distributions import divergences as exact
from gansmith.metrics.distributions.histograms import CELLS, PSEUDO, Histograms, histograms
from gansmith.metrics.distributions.modes import DEVIATIONS, FAIR_PART, ModeCounts, count_modes
from gansmith.metrics.distributions.transport import wasserstein as transported
from gansmith.metrics.given import Given
from gansmith.metrics.interval import wilson
from gansmith.metrics.measurement import Measurement

A_MODE = 50
"""Samples a mode from which on 10 or more decide whether it counts."""
LEAST_SHARE = 100
"""Samples from which on the interval of a share is no wider than 0.2."""
MOST = 2000
"""Samples of each kind between which transport is solved."""
LEAST_TRANSPORTED = 1000
A_CELL = 5
"""Samples for each cell in use from which on the correction for few samples is good."""


def modes(given: Given) -> list[Measurement]:
    """Modes captured, the share of samples near one, and how evenly the modes are served."""
    assert given.centres is not None, "said in the table"
    centres, deviation = given.centres
    counts = count_modes(given.generated.x.numpy(), centres.numpy(), deviation)
    known = {"featured": False, "n_reference": 0, "reference": ""}
    low, high = counts.captured_interval()
    near = int(counts.near.sum())
    of_data = float(chi(centres.shape[1]).cdf(DEVIATIONS))
    return [
        given.measured(
            "modes",
            f"modes captured, of {len(centres)}",
            counts.captured,
            "higher",
            interval=(low, high),
            least=A_MODE * len(centres),
            details={
                "of": len(centres),
                "minimum_part": FAIR_PART,
                "parts_of_fair_share": [round(float(part), 4) for part in counts.parts],
            },
            **known,
        ),
        given.measured(
            "high_quality",
            "samples within 3 standard deviations of a mode",
            near / counts.n,
            "higher",
            interval=wilson(near, counts.n),
            least=LEAST_SHARE,
            notes=(f"Of the distribution itself {of_data:.4f}.",),
            details={"of_the_distribution": of_data},
            **known,
        ),
        *_evenness(given, counts, known),
    ]


def _evenness(given: Given, counts: ModeCounts, known: dict) -> list[Measurement]:
    """KL of the samples' nearest modes to the uniform histogram, and the other way round."""
    least = A_MODE * len(counts.nearest)
    empty = int((counts.nearest == 0).sum())
    infinite = (f"The other way round it is infinite: {empty} modes have no sample.",)
    found = [
        given.measured(
            "mode_reverse_kl",
            "KL(modes of the samples‖uniform), nats",
            counts.reverse_kl(),
            "lower",
            interval=counts.reverse_kl_interval(np.random.default_rng(given.seed)),
            least=least,
            notes=infinite if empty else (),
            **known,
        )
    ]
    if not empty:
        name = "KL(uniform‖modes of the samples), nats"
        found.append(
            given.measured("mode_kl", name, counts.kl(), "lower", least=least, **known),
        )
    return found


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
