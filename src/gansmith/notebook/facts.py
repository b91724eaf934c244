"""What the report in words is written from: numbers of a run, and what they say.

A course is told from medians: of the first tenth of the values and of the last. It fell or rose
where these differ by more than the spread of the last tenth (1.4826 times the median distance from
its median, which is the standard deviation of normal values); else it is level. It is still moving
where the medians of the last two tenths differ by more than half of that spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gansmith.evaluation.differing import words
from gansmith.metrics.measurement import Measurement
from gansmith.notebook.escaped import Made, escaped, span
from gansmith.notebook.subject import Subject
from gansmith.notebook.text import named

ESTIMATE = "critic/wasserstein_estimate"
TENTH = 10
NORMAL = 1.4826


@dataclass(frozen=True)
class Course:
    """How a logged value went."""

    name: str
    start: str
    end: str
    trend: Literal["fell", "rose", "level"]
    moving: bool


def course(name: str, values: np.ndarray) -> Course | None:
    """Of values (N,) in order of time; None without a finite one."""
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    length = max(1, len(values) // TENTH)
    first, last = values[:length], values[-length:]
    before = values[-2 * length : -length] if len(values) > length else last
    start, end = float(np.median(first)), float(np.median(last))
    spread = NORMAL * float(np.median(np.abs(last - end)))
    trend = "level" if abs(end - start) <= spread else "fell" if end < start else "rose"
    moving = abs(end - float(np.median(before))) > spread / 2
    return Course(name, f"{start:.4g}", f"{end:.4g}", trend, moving)


def facts(subject: Subject, given: Sequence[Measurement]) -> dict[str, Any]:
    """The values of the section "report"."""
    metrics, language = subject.run.metrics, subject.language
    names = [name for name in metrics if name.endswith("/loss")]
    losses = [course(named(language, n.removesuffix("/loss")), metrics[n]) for n in names]
    found = [one for one in losses if one]
    estimate = course("", metrics[ESTIMATE]) if ESTIMATE in metrics else None
    lost = sum(int((~np.isfinite(played(metrics, name))).sum()) for name in names)
    return {
        "losses": found,
        "estimate": estimate,
        "lost": lost,
        "moving": [one.name for one in found if one.moving],
        "measures": [_measured(one) for one in given],
        "untrusted": sum(not one.trusted for one in given),
        "held_out": next((m.n_reference for m in given if m.reference == "held-out"), 0),
        **_training(subject),
    }


def played(metrics: dict[str, np.ndarray], name: str) -> np.ndarray:
    """The losses of a phase at the steps where it was played: where any of its values is there."""
    phase = name.removesuffix("/loss")
    mine = [values for key, values in metrics.items() if key.startswith(f"{phase}/")]
    there = np.any([np.isfinite(values) for values in mine], axis=0)
    return metrics[name][there]


def _training(subject: Subject) -> dict[str, Any]:
    run, config, method = subject.run, subject.run.config, subject.run.restored()[0]
    first = method.phases()[0]
    seen = run.step * method.batch_size * first.repeats
    _, height, width = config.spec.shape
    return {
        "method": config.method.rpartition(":")[2],
        "judge": named(subject.language, first.name),
        "data": subject.data_title,
        "size": config.spec.size,
        "width": width,
        "height": height,
        "steps": run.step,
        "batch_size": method.batch_size,
        "passes": f"{seen / config.spec.size:.3g}",
        "minutes": f"{run.seconds / 60:.1f}",
        "machine": config.environment.device,
        "threads": config.environment.threads,
        "precision": config.training.precision,
        "seed": config.training.seed,
        "smaller": Made(
            ", ".join(
                f"{span(name)} {escaped(here)} (paper: {escaped(paper)})"
                for name, here, paper in rows(subject)
                if paper not in ("", here)
            )
        ),
    }


def _measured(one: Any) -> dict[str, Any]:
    interval = one.interval and f"{one.interval[0]:.4g} to {one.interval[1]:.4g}"
    return {
        "name": one.name,
        "value": f"{one.value:.4g}",
        "interval": interval,
        "trusted": one.trusted,
    }


def rows(subject: Subject) -> list[tuple[str, str, str]]:
    """(hyper-parameter, its value, the paper's); the last is empty without a preset "paper"."""
    config, chosen = subject.run.config, subject.chosen
    presets = type(chosen).presets(config.spec.batch)
    here = {name: words(value) for name, value in config.fields.items()}
    if "paper" not in presets:
        return [(name, value, "") for name, value in here.items()]
    paper = type(chosen)(**presets["paper"])
    return [(name, value, words(getattr(paper, name))) for name, value in here.items()]
