"""One page about one run: gathers what it says and shows, and writes it whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import gansmith
from gansmith.batch import Points
from gansmith.config import stored_data
from gansmith.errors import ConfigError, DataError, RunError
from gansmith.evaluation.evaluation import SAMPLES, Evaluation, Wanted, evaluate, read_evaluation
from gansmith.metrics.judge import Judge, make_judge
from gansmith.pages.render import render
from gansmith.report.content import Subject, content
from gansmith.report.words import words
from gansmith.trained import Run
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
    subject = Subject(run, method, state.averaged, evaluation, judge, why)
    values = content(subject, asked.language)
    page = render(TEMPLATE, language=asked.language, version=gansmith.__version__, **values)
    try:
        write_whole(out, page.encode())
    except OSError as error:
        raise RunError(f"{out} cannot be written: {error}. Give another --out.") from error
    return out, len(page.encode())


def _measured(run: Run, asked: Asked, tell: Tell) -> tuple[Evaluation, Judge | None, str]:
    """What was measured, the real samples, and why these are not there where they are not."""
    evaluation = _stored(run, asked)
    judge, why = None, ""
    try:
        judge = _judge(run, evaluation, tell)
    except (DataError, RunError) as error:
        if evaluation is None:
            raise
        why = str(error)
    if evaluation is None:
        evaluation = evaluate(run, Wanted(n=asked.n or SAMPLES), judge, tell)
    return evaluation, judge, why


def _stored(run: Run, asked: Asked) -> Evaluation | None:
    """The evaluation that is there, unless the run has come further or another n is wanted."""
    if not run.directory.evaluation.exists():
        return None
    found = read_evaluation(run.directory.evaluation)
    stale = found.checkpoint == "latest" and found.step != run.step
    return None if stale or asked.n not in (None, found.n) else found


def _judge(run: Run, evaluation: Evaluation | None, tell: Tell) -> Judge:
    """The run's real samples, seen through what it was measured with where that can be had."""
    data = stored_data(run.config)
    if data.spec.fingerprint != run.config.spec.fingerprint:
        raise RunError(
            f"{run.config.data} is not what {run.path} was trained on: its content has changed."
        )
    tell("features")
    name = evaluation.features.get("name") if evaluation else None
    known = name if name not in ("inception", "no") else None  # weights that are not here; none
    return make_judge(data, None if data.spec.batch is Points else known)


def _checkpoint(run: Run, evaluation: Evaluation) -> str:
    """Which one the samples are drawn from: that which was measured.

    Raises:
        RunError: it is not there any more.
    """
    if evaluation.checkpoint == "best" or evaluation.step in run.checkpoints.steps():
        return "best" if evaluation.checkpoint == "best" else str(evaluation.step)
    raise RunError(
        f"The checkpoint of step {evaluation.step:,}, which was measured, is not there any more. "
        f"Measure anew: gansmith evaluate {run.path}"
    )
