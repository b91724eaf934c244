"""When a run was at its best, and what the rest of its time was worth: numbers and a sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gansmith.display import human_seconds
from gansmith.run.directory import RunDirectory
from gansmith.run.evaluations import judged, read_evaluations
from gansmith.run.log import seconds_at
from gansmith.training.checkpoint import BEST, Checkpoints


@dataclass(frozen=True, kw_only=True)
class Best:
    """The evaluation whose weights were kept, and how the last one compares with it."""

    run: Path
    step: int
    value: float
    key: str
    """The measurement that decided."""
    name: str
    """Of that, for people."""
    better: str
    """"lower" or "higher"."""
    n: int
    features: str
    last_step: int
    """The last one that was measured."""
    last_value: float | None
    """None where the figure of the last step was not a finite number."""
    verdict: str
    """What came of the time after: "worse", "level" (about as good), "improving" (it still became
    better at the end), or "once" where there is only one evaluation to tell from."""
    since: int | None
    """The step after which nothing was gained; None where the run still improved, or none knows."""
    share_after: float | None
    """The part of the training time that was spent after `since`."""
    seconds_after: float | None

    def as_json(self) -> dict[str, Any]:
        """All of it, the words too."""
        return {**asdict(self), "run": str(self.run), "words": self.words}

    @property
    def words(self) -> str:
        """All of it in a sentence or two."""
        if self.verdict == "once":
            return (
                f"Measured only once, at step {self.step:,} {self._figure}. "
                "A smaller --evaluate-every shows when a run is at its best."
            )
        if self.verdict == "worse":
            last = "the samples of the last step are no finite numbers"
            if self.last_value is not None:
                last = f"the last step has {self.last_value:.4g}"
            return (
                f"{self._at}; {last}, so {self._time} made it worse: sample with --checkpoint best."
            )
        if self.verdict == "improving":
            return (
                f"{self._at}{self._as_good}. It still became better in the last quarter of its "
                f"steps: train longer, gansmith resume {self.run} --steps {2 * self.last_step}."
            )
        already = f", and step {self.since:,} was so already" if self.since != self.step else ""
        return (
            f"{self._at}{self._as_good}{already}: {self._time} gained nothing that "
            f"{self.n:,} samples can show."
        )

    @property
    def _at(self) -> str:
        if self.step == self.last_step:
            return f"Best at the last step, {self.step:,} {self._figure}"
        return f"Best at step {self.step:,} of {self.last_step:,} {self._figure}"

    @property
    def _as_good(self) -> str:
        if self.last_value is None or self.step == self.last_step:
            return ""
        return f"; the last step, with {self.last_value:.4g}, is about as good"

    @property
    def _figure(self) -> str:
        """Such as "(Fréchet distance 12.3, n = 1,000, classifier features 3f2a91c0)"."""
        name, _, digest = self.features.partition(" ")
        seen = [f"{name} features {digest}".strip()] if name else []
        figure = f"{self.name.partition(' (')[0]} {self.value:.4g}"
        return f"({', '.join([figure, f'n = {self.n:,}', *seen])})"

    @property
    def _time(self) -> str:
        """Such as "the last 70 % of the time (4 min 10 s)"."""
        share, seconds = self.share_after or 0.0, self.seconds_after or 0.0
        return f"the last {100 * share:.0f} % of the time ({human_seconds(seconds)})"


def best(directory: RunDirectory) -> Best | None:
    """What evaluations.jsonl, checkpoints/best and timing.jsonl say; None where none was kept.

    Raises:
        RunError: evaluations.jsonl is damaged.
    """
    lines = [line for line in read_evaluations(directory.evaluations) if not line.error]
    step = Checkpoints(directory.checkpoints).step_of(BEST)
    kept = next((line for line in lines if line.step == step), None)
    if kept is None or kept.value is None:
        return None
    last = lines[-1]
    verdict, since = judged(kept, [line for line in lines if line.comparable(kept)], last)
    share = seconds = None
    if since is not None:
        whole = seconds_at(directory.timing, last.step)
        seconds = whole - seconds_at(directory.timing, since)
        share = seconds / whole if whole > 0 else 1 - since / last.step
    names = ("step", "value", "key", "name", "better", "n", "features")
    return Best(
        run=directory.path,
        **{name: getattr(kept, name) for name in names},
        last_step=last.step,
        last_value=last.value,
        verdict=verdict,
        since=since,
        share_after=share,
        seconds_after=seconds,
    )
