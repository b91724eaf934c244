"""All that the page about a run shows, by the names that its template knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gansmith.evaluation.evaluation import Evaluation
from gansmith.methods import METHODS
from gansmith.report import pictures, shown
from gansmith.report.command import command
from gansmith.report.facts import facts, short_name
from gansmith.report.fields import table
from gansmith.report.maths import explain
from gansmith.report.measures import reason, rows, summary
from gansmith.report.subject import Subject
from gansmith.report.words import Words, byte_size, measure_names, words


def content(subject: Subject, language: str) -> dict[str, Any]:
    """The values of the template."""
    w, names = words(language), measure_names(language)
    run, evaluation, method = subject.run, subject.evaluation, subject.method
    data = short_name(run.config.data)
    name = run.config.method
    made = {
        "plain": shown.plain(subject, w),
        "best": shown.best(subject, w),
        "nearest": shown.nearest(subject, w),
        "copies": shown.copies(subject, w),
        "film": pictures.film(run.directory, subject.metadata),
        "losses": pictures.losses(run.directory, f"{name} on {data}", method.curves),
    }
    return {
        **made,
        "w": w,
        "verdict": shown.verdict(subject, w),
        "title": w["title"]["page"].format(method=name, data=data),
        "step": f"{evaluation.step:,}",
        "summary": summary(evaluation, w, names),
        "facts": facts(subject, w),
        "measured": _measured(evaluation, w),
        "measures": rows(evaluation, w, names),
        "left_out": _left_out(evaluation, w) | shown.missing(subject, w),
        "fields": table(method, run.config.spec.batch.__name__, w),
        "explained": explain(name, method, language),
        "paper": "" if run.config.method_sha256 else _paper(name),
        "files": _files(run.path, w),
        "command": command(run.config, method, run.step),
        "sha256": run.config.method_sha256,
        "shrunk": _any_shrunk(made),
    }


def _paper(method: str) -> str:
    return METHODS[method].paper if method in METHODS else ""


def _measured(evaluation: Evaluation, w: Words) -> str:
    """What all measures have in common."""
    seen = evaluation.features
    known = f"{seen.get('name')} {str(seen.get('hash', ''))[:8]}".strip()
    return w["measures"]["intro"].format(
        n=f"{evaluation.n:,}",
        step=f"{evaluation.step:,}",
        seed=evaluation.seed,
        features=w["measures"]["no_features"] if seen.get("name") in (None, "no") else known,
    )


def _left_out(evaluation: Evaluation, w: Words) -> dict[str, str]:
    """Measures that were not computed, with the reason."""
    called = w["left_out"]["measure"]
    return {called.format(name=name): reason(why, w) for name, why in evaluation.left_out.items()}


def _files(run: Path, w: Words) -> list[tuple[str, str, str]]:
    """Name, size and meaning of what lies in a run's directory, but for this page and locks."""
    found = []
    for path in sorted(run.iterdir()):
        meaning = w["files"].get(path.name, "")
        if path.suffix in (".lock", ".html") or path.name.startswith("."):
            continue
        parts = path.rglob("*") if path.is_dir() else [path]
        size = sum(part.stat().st_size for part in parts if part.is_file())
        found.append((path.name + ("/" if path.is_dir() else ""), byte_size(size), meaning))
    return found


def _any_shrunk(made: dict[str, Any]) -> bool:
    """Whether a picture is smaller than it was made."""
    film, losses = made["film"], made["losses"]
    grids = (made[name] for name in ("plain", "best", "nearest", "copies"))
    found = [one.picture for one in grids if one]
    found += [film.moving, film.still] if film else []
    return any(one.shrunk for one in [*found, *([losses] if losses else [])])
