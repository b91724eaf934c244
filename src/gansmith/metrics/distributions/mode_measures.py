"""What an evaluation reports of the modes of points; sources and deviations stand in `modes`."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import chi

from gansmith.metrics.distributions.modes import DEVIATIONS, FAIR_PART, ModeCounts, count_modes
from gansmith.metrics.given import Given
from gansmith.metrics.interval import wilson
from gansmith.metrics.measurement import Measurement

A_MODE = 50
"""Samples a mode from which on 10 or more decide whether it counts."""
LEAST_SHARE = 100
"""Samples from which on the interval of a share is no wider than 0.2."""
ALONE: dict[str, Any] = {"featured": False, "n_reference": 0, "reference": ""}
"""The centres are known: no real samples are needed."""


def modes(given: Given) -> list[Measurement]:
    """Modes captured, the share of samples near one, and how evenly the modes are served."""
    assert given.centres is not None, "said in the table"
    centres, deviation = given.centres
    counts = count_modes(given.generated.x.numpy(), centres.numpy(), deviation)
    return [_captured(given, counts), _quality(given, counts), *_evenness(given, counts)]


def _captured(given: Given, counts: ModeCounts) -> Measurement:
    low, high = counts.captured_interval()
    return given.measured(
        "modes",
        f"modes captured, of {len(counts.near)}",
        float(counts.captured),
        "higher",
        interval=(float(low), float(high)),
        least=A_MODE * len(counts.near),
        details={
            "of": len(counts.near),
            "minimum_part": FAIR_PART,
            "parts_of_fair_share": [round(float(part), 4) for part in counts.parts],
        },
        **ALONE,
    )


def _quality(given: Given, counts: ModeCounts) -> Measurement:
    of_data = float(chi(given.generated.x.shape[1]).cdf(DEVIATIONS))
    return given.measured(
        "high_quality",
        "samples within 3 standard deviations of a mode",
        counts.high_quality,
        "higher",
        interval=wilson(int(counts.near.sum()), counts.n),
        least=LEAST_SHARE,
        notes=(f"Of the distribution itself {of_data:.4f}.",),
        details={"of_the_distribution": of_data},
        **ALONE,
    )


def _evenness(given: Given, counts: ModeCounts) -> list[Measurement]:
    """KL of the samples' nearest modes to the uniform histogram, and the other way round."""
    least = A_MODE * len(counts.nearest)
    empty = int((counts.nearest == 0).sum())
    infinite = f"The other way round it is infinite: {empty} modes have no sample."
    reverse = given.measured(
        "mode_reverse_kl",
        "KL(modes of the samples‖uniform), nats",
        counts.reverse_kl(),
        "lower",
        interval=counts.reverse_kl_interval(np.random.default_rng(given.seed)),
        least=least,
        notes=(infinite,) if empty else (),
        **ALONE,
    )
    name = "KL(uniform‖modes of the samples), nats"
    forward = given.measured("mode_kl", name, counts.kl(), "lower", least=least, **ALONE)
    return [reverse] if empty else [reverse, forward]
