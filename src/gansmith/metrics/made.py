"""What measures are given of a method in training: its samples, and what else it can do."""

from __future__ import annotations

from typing import Any

from gansmith.batch import DataSpec
from gansmith.method import Method
from gansmith.metrics.classifying import classify_of
from gansmith.metrics.given import Given
from gansmith.metrics.judge import Judge
from gansmith.metrics.likelihood import likelihood_of
from gansmith.training.sampling import all_samples, conditioned, conditions, latent_generator
from gansmith.training.state import TrainState


def given_of(
    method: Method, state: TrainState, spec: DataSpec, judge: Judge, n: int, seed: int, **more: Any
) -> Given | None:
    """Samples of the averaged generator, ready to be measured; None where they are not finite.

    Args:
        method: that was trained.
        state: as it is after a step.
        spec: of the data that the networks were built for.
        judge: of that data.
        n: samples; classes run through them in turn.
        seed: what they, and what is drawn while measuring, follow from.
        more: what else `Given` holds and is no part of a method: learned.
    """
    averaged = state.averaged
    x = all_samples(method, averaged, spec, n, seed)
    if not x.isfinite().all():
        return None
    free = not conditioned(method, spec)
    return judge.given(
        x,
        conditions(method, spec, n),
        seed,
        generator=latent_generator(method, averaged) if free else None,
        z_dim=getattr(method, "z_dim", 0),
        likelihood=likelihood_of(method, averaged),
        classify=classify_of(method, state.nets, averaged),
        **more,
    )
