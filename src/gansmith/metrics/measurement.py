"""One measured number, with all that is needed to know how far to trust it."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any, Literal

Better = Literal["lower", "higher", "neither"]


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A number and its circumstances; two are comparable only where these are equal."""

    key: str
    """Which number: unique within an evaluation, such as "frechet" or "precision"."""
    name: str
    """For people, such as "Fréchet distance (classifier features)"."""
    value: float
    better: Better
    n: int
    """Generated samples that it was computed from."""
    n_reference: int
    """Real samples that they were compared with; 0 where there was no comparison."""
    reference: str = ""
    """The split that these came from: "held-out" or "training"."""
    interval: tuple[float, float] | None = None
    """Where the value of endlessly many samples lies in 95 of 100 cases; of "frechet", "precision",
    "recall", "density", "coverage", which depend on n, the expected one at this n. None: unknown.
    """
    features: str = ""
    """What the images were seen through, such as "classifier 3f2a91c0"; empty: nothing."""
    resizer: str = "none"
    """How images were resized before that."""
    seed: int = 0
    """What was drawn at random on the way follows from it."""
    least: int = 0
    """From so many generated samples on the number can be trusted."""
    notes: tuple[str, ...] = ()
    """What a reader has to know besides, a sentence each."""
    details: dict[str, Any] = field(default_factory=dict)
    """Parts and by-products, as JSON holds them."""

    @property
    def trusted(self) -> bool:
        """Whether there were samples enough."""
        return self.n >= self.least

    @property
    def trust(self) -> str:
        """How far to trust it, in words; empty where there is nothing to say."""
        few = f"{self.n:,} samples are too few: {self.least:,} are needed to trust this number."
        return " ".join(([] if self.trusted else [few]) + list(self.notes))

    def as_json(self) -> dict[str, Any]:
        """All of it, the words too."""
        raw = dataclasses.asdict(self)
        interval = None if self.interval is None else list(self.interval)
        return raw | {"interval": interval, "trusted": self.trusted, "trust": self.trust}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Measurement:
        """What `as_json` gave."""
        known = {name.name: raw[name.name] for name in dataclasses.fields(cls) if name.name in raw}
        known["notes"] = tuple(known.get("notes", ()))
        known["value"] = _number(known["value"])
        if known.get("interval") is not None:
            known["interval"] = tuple(map(_number, known["interval"]))
        return cls(**known)


def _number(value: float | None) -> float:
    """JSON has null for what is no finite number."""
    return math.nan if value is None else value
