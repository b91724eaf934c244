"""Trains twice as one of two processes, measuring or not; the figures are the step's distance to 6.

Prints nothing; the runs are compared by the test that starts it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gansmith
from gansmith import evaluating
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.quick import Quick
from gansmith.observers import LossPicture, SamplePictures

moments = []


class Judge:
    """Says how far the step is from 6."""

    features = None

    def given(self, *args: object, **method: object) -> str:
        """Nothing is needed."""
        return "nothing"

    def learned(self, data: object) -> None:
        """Nor this."""


def measured(given: str, measures: tuple[str, ...]) -> Quick:
    far = float(abs(moments[-1].state.step - 6))
    one = Measurement(key="d", name="D", value=far, better="lower", n=8, n_reference=0)
    return Quick([one], one, (far, far + 1, far, far))


def evaluated(moment, judge, measures):
    moments.append(moment)
    return real(moment, judge, measures)


real, evaluating.evaluated = evaluating.evaluated, evaluated
LossPicture.draw = SamplePictures.__call__ = lambda *_: None  # pictures take half of the time
evaluating.quick, evaluating.make_judge, evaluating.POINTS = (
    measured,
    lambda data, blind: Judge(),
    8,
)
for name, every in (("plain", None), ("measured", 3)):
    run = gansmith.train(
        "gan",
        data="8gaussians",
        run=Path(name),
        steps=10,
        hidden=(8,),
        batch_size=8,
        device="cpu",
        evaluate_every=every,
    )
    if name == "measured":
        run.resume(steps=12)
sys.exit(run.checkpoints.step_of("best") != 6)
