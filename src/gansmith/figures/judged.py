"""How far generated images are from held-out ones, as figures state it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gansmith.config import stored_data
from gansmith.metrics.judge import Judge, make_judge
from gansmith.metrics.measuring import measure

if TYPE_CHECKING:
    from torch import Tensor

    from gansmith.trained import Run

SAMPLES = 1000


def judge_of(run: Run) -> Judge:
    """A judge of samples of the data that a run was trained on, with the features that fit it."""
    return make_judge(stored_data(run.config))


def distances(judge: Judge, x: Tensor, seed: int = 0) -> dict[str, Any]:
    """{"frechet": distance, "kernel": distance, ...} of images (N, C, H, W), with how they arose.

    "interval" is that of the Fréchet distance. What could not be computed is None.
    """
    given = judge.given(x.clamp(-1, 1), seed=seed)
    found = {one.key: one for one in measure(given, ["frechet", "kernel"]).measurements}
    values = {key: rounded(found[key].value) if key in found else None for key in DISTANCES}
    ends = found["frechet"].interval if "frechet" in found else None
    interval = None if ends is None else [rounded(end) for end in ends]
    facts = {"n": len(x), "reference": given.reference_split, "features": str(given.seen)}
    return {**values, "interval": interval, **facts}


DISTANCES = ("frechet", "kernel")


def rounded(value: float, digits: int = 4) -> float:
    """To so many significant digits."""
    return float(f"{value:.{digits}g}")
