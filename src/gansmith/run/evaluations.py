"""What was measured while a run trained: evaluations.jsonl, and how two of its lines compare."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import statistics
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gansmith.errors import RunError

SURE = 0.95
"""The part of all cases in which equal generators are not told apart."""
TAIL = 0.75
"""A run that still became better after this part of its steps has not been trained to its end."""


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """What was measured of the averaged generator at a step."""

    step: int
    n: int
    """Generated samples."""
    seed: int = 0
    """Of their noise: the same at every step."""
    features: str = ""
    """What images were seen through, such as "classifier 3f2a91c0"; empty for points."""
    features_sha256: str = ""
    """Of the weights of these."""
    key: str = ""
    """The measurement that decides which step is best; empty where none can."""
    name: str = ""
    """Of that one, for people."""
    better: str = ""
    """"lower" or "higher"."""
    parts: tuple[float | None, ...] = ()
    """The deciding figure of each of several equal parts of the samples, for its noise."""
    values: dict[str, float | None] = field(default_factory=dict)
    """Every measurement by its key; None where it is not a finite number."""
    error: str = ""
    """Why nothing was measured; empty where all went well."""

    @property
    def value(self) -> float | None:
        """The deciding figure; None where there is none."""
        return self.values.get(self.key)

    def comparable(self, other: Evaluated) -> bool:
        """Whether the figures of both mean the same."""
        names = ("key", "n", "seed", "features_sha256")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def improves(self, other: Evaluated | None) -> bool:
        """Whether it is better than another; so it is where the other's figure means nothing."""
        if self.value is None:
            return False
        if other is None or other.value is None or not self.comparable(other):
            return True
        lower = self.better == "lower"
        return self.value < other.value if lower else self.value > other.value

    def append_to(self, path: Path) -> None:
        """Add its line to evaluations.jsonl, so that it outlives a power cut.

        Raises:
            OSError: it cannot be written; nothing of the line is left.
        """
        line = json.dumps(dataclasses.asdict(self), allow_nan=False, ensure_ascii=False) + "\n"
        before = path.stat().st_size if path.exists() else 0
        try:
            with path.open("ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError:  # the next line would follow half of this one
            with suppress(OSError):
                os.truncate(path, before)
            raise


def read_evaluations(path: Path) -> list[Evaluated]:
    """The lines of evaluations.jsonl that were written whole; none where there is no such file.

    Raises:
        RunError: it is damaged.
    """
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        return [_evaluated(json.loads(line)) for line in lines if line.endswith("\n")]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RunError(f"{path} is damaged: {error}. Remove it, or its damaged lines.") from error


def _evaluated(raw: dict[str, Any]) -> Evaluated:
    known = {one.name for one in dataclasses.fields(Evaluated)}
    raw = {name: value for name, value in raw.items() if name in known}
    return Evaluated(**{**raw, "parts": tuple(raw["parts"]), "step": int(raw["step"])})


def best_of(lines: Iterable[Evaluated]) -> Evaluated | None:
    """The best of comparable evaluations, the first of equal ones; None where no figure is one."""
    best = None
    for line in lines:
        if line.improves(best):
            best = line
    return best


def rounded(value: float) -> float | None:
    """To the 6 significant digits that are logged; None for what is not a finite number."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def judged(kept: Evaluated, alike: Sequence[Evaluated], last: Evaluated) -> tuple[str, int | None]:
    """(verdict, step after which nothing was gained): see `Best`.

    The kept one is the best of many, and by chance alone the best of many is better than the last:
    "worse" is said where the last is worse than chance makes it in so many comparisons. A step
    counts as "about as good" more strictly, compared as if it were the only one.

    Args:
        kept: the best.
        alike: all evaluations comparable with it, in the order of their steps.
        last: of the last step.
    """
    if last is not kept and (last.value is None or clearly_better(kept, last, len(alike) - 1)):
        return "worse", kept.step
    if len(alike) == 1:
        return "once", None
    earlier = best_of(line for line in alike if line.step <= TAIL * last.step) or alike[0]
    if kept.step > TAIL * last.step and clearly_better(last, earlier):
        return "improving", None
    return "level", next(line.step for line in alike if not clearly_better(kept, line))


def clearly_better(one: Evaluated, other: Evaluated, comparisons: int = 1) -> bool:
    """Whether the difference is larger than the noise of a finite number of samples.

    The samples of both came from the same noise, in the same equal parts. The differences between
    their figures part by part tell how far the difference of the whole is to be trusted: Student's
    paired t, at 95 % for all comparisons together (Šidák 1967, "Rectangular confidence regions").

    Args:
        one: this one.
        other: than this one.
        comparisons: among so many this one was chosen.
    """
    if one.value is None or other.value is None:
        return other.value is None and one.value is not None
    if not one.comparable(other) or not one.improves(other):
        return False
    pairs = zip(one.parts, other.parts, strict=False)
    apart = [a - b for a, b in pairs if a is not None and b is not None]
    if len(apart) < 2:
        return True  # there is no noise to know of
    error = statistics.stdev(apart) / math.sqrt(len(apart))
    return abs(one.value - other.value) > factor(len(apart), comparisons) * error


def factor(parts: int, comparisons: int = 1) -> float:
    """Student's t within which every one of so many comparisons stays in 95 of 100 cases.

    Args:
        parts: two or more: one more than the degrees of freedom.
        comparisons: how many; at least one is counted.
    """
    from scipy.special import stdtrit

    each = SURE ** (1 / max(1, comparisons))
    return float(stdtrit(parts - 1, (1 + each) / 2))
