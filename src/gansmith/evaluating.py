"""Measures the averaged generator while a run trains, and keeps the weights that were best.

Only the leading process measures; the others learn whether the weights are to be kept, and wait for
that as they wait for a gradient. Nothing that training draws or computes depends on it, and its
time is not part of the run's: `--minutes` are minutes of training. What goes wrong while measuring
costs that step's figure, never the run; weights that cannot be written end it, as those of any
checkpoint do.

The last step of a run is measured too, whichever it is. Where it is not one of every N, its line
stays after a resume, and its weights may be the best: they are as good as measured, though a run
that was never stopped would not have measured them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from gansmith.batch import DataSpec, Points
from gansmith.display import Display
from gansmith.metrics.judge import Judge, make_judge
from gansmith.metrics.made import given_of
from gansmith.metrics.measuring import needing_features
from gansmith.metrics.quick import quick
from gansmith.run.directory import RunDirectory
from gansmith.run.evaluations import Evaluated, read_evaluations, rounded
from gansmith.run.log import cut_after
from gansmith.training.checkpoint import BEST, Checkpoints
from gansmith.training.lasting import put_in_place
from gansmith.training.loop import Every, Moment

IMAGES, POINTS = 1_000, 5_000
"""Samples that are measured: few enough to be quick. Compare figures only at the same number."""
SEED = 7919
"""Of their noise. `gansmith evaluate` draws from another one, for a figure of the very samples that
a step was chosen by flatters it. It still flatters a little: the real samples are the same ones."""
BEFORE = f"{BEST}-before"
"""Begins the names of folders of weights that were best by figures that mean something else."""


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
    measures: Sequence[str] = ()
    """What is measured, by name; none: the quick ones."""
    told: set[str] = field(default_factory=set)
    """Kinds of errors that were said."""

    def __call__(self, moment: Moment) -> None:
        """Measure, and keep the weights if they are the best so far."""
        found = None
        if self.judge is not None:
            found = self._evaluated(moment, self.judge)
        self._keep(moment, found)

    def _evaluated(self, moment: Moment, judge: Judge) -> Evaluated:
        """What was measured, logged and told; without a figure where any of it went wrong."""
        step, n = moment.state.step, samples_of(moment.data.spec)
        try:
            found = evaluated(moment, judge, self.measures)
            found.append_to(self.directory.evaluations)
        except Exception as error:  # whatever a measure or the disk does, training goes on
            found = Evaluated(step=step, n=n, seed=SEED, error=_reason(error))
            with suppress(OSError):  # a full disk may be the reason
                found.append_to(self.directory.evaluations)
            self._tell(found, type(error).__name__)
        else:
            self.display.say(_line(found, found.improves(self.kept)))
        return found

    def _tell(self, found: Evaluated, kind: str) -> None:
        """Say what went wrong, once for each kind of error."""
        if kind not in self.told:
            self.told.add(kind)
            self.display.say(
                f"Step {found.step:,} was not measured: {found.error}. Training goes on; where "
                f"another {kind} comes, evaluations.jsonl alone says so."
            )

    def begin(self, moment: Moment, every: int) -> None:
        """Go on from what stands in the run directory.

        Lines of steps that will be played again are cut. Where the run was killed after its
        checkpoint and before this step was measured, or its weights kept, or where measuring went
        wrong, that is done now. Where the weights that were kept are of a step that will be played
        again, they count no more.
        """
        step, here = moment.state.step, None
        if self.judge is not None:
            cut_after(self.directory.evaluations, step)
            lines = {line.step: line for line in read_evaluations(self.directory.evaluations)}
            self.kept = lines.get(self.checkpoints.step_of(BEST) or 0)
            here = lines.get(step)
            here = None if here is not None and here.error else here
        missing = self.judge is not None and here is None and step > 0 and step % every == 0
        if moment.engine.any(missing):
            self(moment)
        else:
            self._keep(moment, here)

    def _keep(self, moment: Moment, found: Evaluated | None) -> None:
        """Write checkpoints/best if the leading process found an improvement."""
        better = found is not None and found.improves(self.kept)
        if found is not None and better and self.kept is not None:
            self._set_aside(found, self.kept)
        if moment.engine.any(better):
            self.checkpoints.save(moment.state, moment.engine, BEST)
            self.kept = found

    def _set_aside(self, found: Evaluated, kept: Evaluated) -> None:
        """Keep the weights that were best by figures that mean something else, and say so."""
        if found.comparable(kept):
            return
        aside = self.checkpoints.folder / f"{BEFORE}-{kept.step:09d}"
        put_in_place(self.checkpoints.folder / BEST, aside)
        now, then = (f"{one.features or 'no'} features" for one in (found, kept))
        how = f"through {now}, before through {then}" if now != then else "otherwise than before"
        self.display.say(
            f"Step {found.step:,} is measured {how}. Such figures do not compare: the search for "
            f"the best step begins anew. The best so far, of step {kept.step:,}, stays in {aside}."
        )


def evaluating(
    directory: RunDirectory,
    checkpoints: Checkpoints,
    display: Display,
    moment: Moment,
    every: int | None,
    measures: Sequence[str] = (),
) -> list[Every]:
    """An `Evaluator` that is ready, called every so many steps and at the end; none for None.

    Args:
        directory: of the run.
        checkpoints: where the best weights are kept.
        display: told of each evaluation.
        moment: the present.
        every: steps.
        measures: names of what is measured; none: the quick ones.

    Raises:
        DataError: data that cannot be measured.
    """
    if every is None:
        return []
    judge = None
    if moment.engine.leads:
        n = samples_of(moment.data.spec)
        display.say(f"Every {every:,} steps, {n:,} samples are measured: preparing for it.")
        judge = make_judge(moment.data, blind=bool(measures) and not needing_features(measures))
    evaluator = Evaluator(directory, checkpoints, display, judge, measures=measures)
    evaluator.begin(moment, every)
    return [Every(every, evaluator, counted=False)]


def samples_of(spec: DataSpec) -> int:
    """How many samples of such data are measured."""
    return POINTS if spec.batch is Points else IMAGES


def evaluated(moment: Moment, judge: Judge, measures: Sequence[str] = ()) -> Evaluated:
    """What the quick measures, or those of these names, say of the averaged generator as it is."""
    spec, method = moment.data.spec, moment.method
    n = samples_of(spec)
    seen = None if judge.features is None else judge.features.seen
    found = Evaluated(
        step=moment.state.step,
        n=n,
        seed=SEED,
        features=str(seen) if seen else "",
        features_sha256=seen.hash if seen else "",
    )
    learned = judge.learned(moment.data)
    given = given_of(method, moment.state, spec, judge, n, SEED, learned=learned)
    if given is None:  # points have no bounds, and measures need numbers
        return found
    quickly = quick(given, measures)
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


def _reason(error: Exception) -> str:
    """In one line, without the full stop."""
    words = " ".join(str(error).split()).removesuffix(".")
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
