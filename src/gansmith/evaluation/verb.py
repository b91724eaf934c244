"""`gansmith evaluate RUN`: its flags, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro
from tyro.conf import arg

from gansmith.answer import Answer, telling
from gansmith.metrics import MEASURES
from gansmith.metrics.features import FEATURES
from gansmith.parsing import Json, parse_verb

if TYPE_CHECKING:
    from gansmith.evaluation.evaluation import Evaluation


@dataclass(frozen=True, kw_only=True)
class Evaluate(Json):
    """Measure a run's samples, and say how far to trust each number."""

    run: Annotated[Path, tyro.conf.Positional, arg(metavar="RUN")]
    """Directory of the run; evaluation.json is written into it, and nearest-pairs.png: the samples
    closest to training images."""
    n: Annotated[int, arg(metavar="N")] = 2000
    """Samples to draw. Compare numbers only at the same n."""
    checkpoint: Annotated[str, arg(metavar="best|latest|STEP")] = "latest"
    """Which weights: the newest, the best that --evaluate-every found, or those of a step."""
    measures: Annotated[
        tuple[str, ...], arg(metavar="NAME ...", help_behavior_hint="(default: all that apply)")
    ] = ()
    """Which measures: see the list below."""
    features: Annotated[
        str | None, arg(metavar="NAME", help_behavior_hint="(default: what fits the data)")
    ] = None
    """What images are seen through: see the list below."""
    inception: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Weights of Inception-v3: see through it, which makes the Fréchet distance an FID."""
    seed: Annotated[int, arg(metavar="S")] = 0
    """What samples and measures follow from."""
    method: Annotated[str | None, arg(metavar="FILE:CLASS", help_behavior_hint="")] = None
    """FILE.py:CLASS again, for a method from outside the package."""


Evaluate.__doc__ = (Evaluate.__doc__ or "") + (
    "\n\nMeasures: " + "; ".join(f"{name}: {entry.about}" for name, entry in MEASURES.items())
    + ".\n\nFeatures: " + "; ".join(f"{name}: {entry.about}" for name, entry in FEATURES.items())
    + "."
)  # fmt: skip


def evaluate(arguments: list[str]) -> Answer:
    """Measure a run, and say how far to trust each number."""
    parsed = parse_verb(Evaluate, "evaluate", arguments)
    from gansmith.evaluation.evaluation import Wanted, evaluate, features_asked
    from gansmith.evaluation.table import show
    from gansmith.trained import load

    wanted = Wanted(
        n=parsed.n,
        seed=parsed.seed,
        checkpoint=parsed.checkpoint,
        features=features_asked(parsed.features, parsed.inception),
        weights=parsed.inception,
        measures=parsed.measures,
    )

    tell = telling(quiet=parsed.json)
    run = load(parsed.run, parsed.method)
    made: Evaluation = evaluate(run, wanted, tell=tell)

    def answer() -> None:
        show(made)
        if run.directory.pairs.exists():
            print(f"\nThe samples closest to training images, beside them: {run.directory.pairs}")

    return Answer(made.as_json(), answer)
