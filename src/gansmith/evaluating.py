"""Measures the averaged generator while a run trains, and keeps the weights that were best.

Only the leading process measures; the others learn whether the weights are to be kept, and wait for
that as they wait for a gradient. Nothing that training draws or computes depends on it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from gansmith.batch import DataSpec, Points
from gansmith.display import Display
from gansmith.metrics.judge import Judge, make_judge
from gansmith.metrics.quick import quick
from gansmith.run.directory import RunDirectory
from gansmith.run.evaluations import Evaluated, read_evaluations, rounded
from gansmith.run.log import cut_after
from gansmith.training.checkpoint import BEST, Checkpoints
from gansmith.training.loop import Every, Moment
from gansmith.training.sampling import all_samples, conditions

IMAGES, POINTS = 1_000, 5_000
"""Samples that are measured: few enough to be quick. Compare figures only at the same number."""
SEED = 7919
"""Of their noise. `gansmith evaluate` draws from another one: a figure of the very samples that a
step was chosen by flatters it."""


@dataclass
class Evaluator:
    """Adds a line to evaluations.jsonl, and writes checkpoints/best where the figure improved."""

    directory: RunDirectory
    checkpoints: Checkpoints
    display: Display
    judge: Judge | None
    """None in the processes that do not lead."""
    kept: Evaluated | None = None
    """The evaluation whose weights are in checkpoints/best; known to the leading process."""

    def __call__(self, moment: Moment) -> None:
        """Measure, and keep the weights if they are the best so far."""
        found = None
        if self.judge is not None:
            found = evaluated(moment, self.judge)
            found.append_to(self.directory.evaluations)
            self.display.say(_line(found, found.improves(self.kept)))
        self._keep(moment, found)

    def begin(self, moment: Moment, every: int) -> None:
        """Go on from what stands in the run directory.

        Lines of steps that will be played again are cut. Where the run was killed after its
        checkpoint and before this step was measured, or its weights kept, that is done now. Where
        the weights that were kept are of a step that will be played again, they count no more.
        """
        step, here = moment.state.step, None
        if self.judge is not None:
            cut_after(self.directory.evaluations, step)
            lines = {line.step: line for line in read_evaluations(self.directory.evaluations)}
            self.kept = lines.get(self.checkpoints.step_of(BEST) or 0)
            here = lines.get(step)
        missing = self.judge is not None and here is None and step > 0 and step % every == 0
        if moment.engine.any(missing):
            self(moment)
        else:
            self._keep(moment, here)

    def _keep(self, moment: Moment, found: Evaluated | None) -> None:
        """Write checkpoints/best if the leading process found an improvement."""
        if moment.engine.any(found is not None and found.improves(self.kept)):
            self.checkpoints.save(moment.state, moment.engine, BEST)
            self.kept = found


def evaluating(
    directory: RunDirectory,
    checkpoints: Checkpoints,
    display: Display,
    moment: Moment,
    every: int | None,
) -> list[Every]:
    """An `Evaluator` that is ready, called every so many steps and at the end; none for None.

    Raises:
        DataError: data that cannot be measured.
    """
    if every is None:
        return []
    judge = None
    if moment.engine.leads:
        n = samples_of(moment.data.spec)
        display.say(f"Every {every:,} steps, {n:,} samples are measured: preparing for it.")
        judge = make_judge(moment.data)
    evaluator = Evaluator(directory, checkpoints, display, judge)
    evaluator.begin(moment, every)
    return [Every(every, evaluator)]


def samples_of(spec: DataSpec) -> int:
    """How many samples of such data are measured."""
    return POINTS if spec.batch is Points else IMAGES


def evaluated(moment: Moment, judge: Judge) -> Evaluated:
    """What the quick measures say of the averaged generator as it is."""
    spec, method = moment.data.spec, moment.method
    n = samples_of(spec)
    x = all_samples(method, moment.state.averaged, spec, n, SEED)
    seen = None if judge.features is None else judge.features.seen
    found = Evaluated(
        step=moment.state.step,
        n=n,
        seed=SEED,
        features=str(seen) if seen else "",
        features_sha256=seen.hash if seen else "",
    )
    if not x.isfinite().all():  # points have no bounds, and measures need numbers
        return found
    quickly = quick(judge.given(x, conditions(method, spec, n), SEED))
    values = {one.key: rounded(one.value) for one in quickly.measurements}
    figure = quickly.figure
    if figure is None:
        return dataclasses.replace(found, values=values)
    return dataclasses.replace(
        found,
        key=figure.key,
        name=figure.name,
        better=figure.better,
        parts=tuple(map(rounded, quickly.parts)),
        values=values,
    )


def _line(found: Evaluated, best: bool) -> str:
    """What is told of an evaluation while the run trains."""
    if found.value is None:
        why = "nothing that is measured says what is better" if found.values else "no figure"
        return f"Step {found.step:,}: {why}."
    return f"Step {found.step:,}: {found.name} {found.value:.4g}{', the best so far' * best}."
