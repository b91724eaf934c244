"""One page about one run: gathers what it says and shows, and writes it whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import nn

import gansmith
from gansmith.batch import Points
from gansmith.errors import ConfigError, DataError, RunError
from gansmith.evaluation.evaluation import (
    SAMPLES,
    Evaluation,
    Wanted,
    evaluate,
    read_evaluation,
    unchanged_data,
)
from gansmith.metrics.given import Seen
from gansmith.metrics.judge import Judge, make_judge
from gansmith.pages.render import render
from gansmith.report.content import Subject, content
from gansmith.report.words import words
from gansmith.trained import Run
from gansmith.training.checkpoint import BEST
from gansmith.whole_file import write_whole

TEMPLATE = Path(__file__).parent / "report.html"
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How a report is made."""

    language: str = "en"
    out: Path | None = None
    """None: report.html in the run's directory."""
    n: int | None = None
    """Samples to measure; None: those of the evaluation that is there, else 2,000."""


def write_report(run: Run, asked: Asked, tell: Tell = lambda name: None) -> tuple[Path, int]:
    """Write the page; a run that has not been evaluated is evaluated first.

    Args:
        run: it is read; evaluation.json and pictures that are missing are written into it.
        asked: how.
        tell: told what is being done.

    Returns:
        (path written, its bytes).

    Raises:
        ConfigError: an unknown language, or `out` is no place for a file.
        DataError: a run that has not been evaluated, whose data is not here.
        RunError: there is no whole checkpoint, or something cannot be read or written.
    """
    words(asked.language)
    out = asked.out or run.path / "report.html"
    if out.is_dir() or not out.parent.is_dir():
        raise ConfigError(f"--out {out}: give a file in a folder that there is.")
    evaluation, judge, why = _measured(run, asked, tell)
    method, state = run.restored(_checkpoint(run, evaluation))
    tell("pictures")
    parameters = {name: _parameters(net) for name, net in state.nets.items()}
    sized = {name: count for name, count in parameters.items() if count}
    subject = Subject(run, method, state.averaged, evaluation, sized, judge, why)
    values = content(subject, asked.language)
    page = render(TEMPLATE, language=asked.language, version=gansmith.__version__, **values)
    encoded = page.encode(errors="replace")  # names of files need not be text
    try:
        write_whole(out, encoded)
    except OSError as error:
        raise RunError(f"{out} cannot be written: {error}. Give another --out.") from error
    return out, len(encoded)


def _parameters(net: nn.Module) -> int:
    return sum(weights.numel() for weights in net.parameters())


def _measured(run: Run, asked: Asked, tell: Tell) -> tuple[Evaluation, Judge | None, str]:
    """What was measured, the real samples, and why these are not there where they are not."""
    stored = run.directory.evaluation
    before = read_evaluation(stored) if stored.exists() else None
    anew = before is None or _outdated(before, run, asked)
    try:
        judge, why = _judge(run, before, tell), ""
    except (DataError, RunError) as error:
        if anew:
            raise
        judge, why = None, str(error)
    if before is not None and not anew:
        return before, judge, why
    return evaluate(run, _wanted(before, run, asked), judge, tell), judge, why


def _outdated(before: Evaluation, run: Run, asked: Asked) -> bool:
    """Whether its checkpoint is another by now, or another number of samples is wanted."""
    step = before.step  # that of a checkpoint by its number stays
    if before.checkpoint == "latest":
        step = run.step
    elif before.checkpoint == BEST:
        step = run.checkpoints.step_of(BEST) or step  # where it is gone, restoring it says so
    return step != before.step or asked.n not in (None, before.n)


def _wanted(before: Evaluation | None, run: Run, asked: Asked) -> Wanted:
    """How to measure: as before, where it was measured.

    Raises:
        ConfigError: it was measured through Inception, whose weights are not given here.
    """
    if before is None:
        return Wanted(n=SAMPLES if asked.n is None else asked.n)
    number = before.n if asked.n is None else asked.n
    if Seen(**before.features).from_file:
        raise ConfigError(
            f"{run.path} was measured through Inception. Measure it anew first: "
            f"gansmith evaluate {run.path} --inception FILE --n {number}"
        )
    return Wanted(n=number, seed=before.seed, checkpoint=before.checkpoint)


def _judge(run: Run, evaluation: Evaluation | None, tell: Tell) -> Judge:
    """The run's real samples, seen through what it was measured with where that can be had."""
    data = unchanged_data(run)
    tell("features")
    seen = Seen(**evaluation.features) if evaluation else Seen()
    known = seen.name if seen.hash and not seen.from_file else None  # weights are not here
    return make_judge(data, None if data.spec.batch is Points else known)


def _checkpoint(run: Run, evaluation: Evaluation) -> str:
    """Which one the samples are drawn from: that which was measured.

    Raises:
        RunError: it is not there any more.
    """
    if evaluation.checkpoint == BEST or evaluation.step in run.checkpoints.steps():
        return BEST if evaluation.checkpoint == BEST else str(evaluation.step)
    raise RunError(
        f"The checkpoint of step {evaluation.step:,}, which was measured, is not there any more. "
        f"Measure anew: gansmith evaluate {run.path}"
    )
