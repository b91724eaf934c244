"""What was trained on what, where and for how long: a list of names and texts."""

from __future__ import annotations

from pathlib import Path

from gansmith.batch import DataSpec, Points
from gansmith.config import RunConfig
from gansmith.data import DATASETS
from gansmith.data.cached import recipe_table
from gansmith.data.manifest import Manifest, is_prepared
from gansmith.methods import METHODS
from gansmith.report.subject import Subject
from gansmith.report.words import Words, duration
from gansmith.trained import Run

FINGERPRINT = 16
"""Digits that are shown: enough to tell sets apart."""


def short_name(data: str) -> str:
    """A data set's name, or the last part of each path."""
    return ", ".join(Path(part).name or part for part in data.split(","))


def facts(subject: Subject, w: Words) -> dict[str, str]:
    """Names and texts, in the order in which they are read."""
    run, batch_size = subject.run, subject.method.batch_size
    config, t = run.config, w["trained"]
    found = {
        "method": _method(config, w),
        "preset": config.preset or "",
        "networks": " · ".join(f"{net} {count:,}" for net, count in subject.parameters.items()),
        **_data(config, w),
        "size": _size(config.spec, subject.held_out, w),
        "shape": _shape(config.spec, w),
        "classes": ", ".join(config.spec.class_names),
        "unreadable": _unreadable(config.spec, w),
        "fingerprint": config.spec.fingerprint[:FINGERPRINT],
        "seed": str(config.training.seed),
        "steps": _steps(run, w),
        "batch": t["batches"].format(
            size=f"{batch_size:,}",
            passes=_passes(run.step * batch_size / config.spec.size),
        ),
        **_machine(config, w),
        "time": duration(run.seconds, w),
    }
    return {t[key]: text for key, text in found.items() if text}


def _passes(count: float) -> str:
    return f"{count:,.1f}" if count >= 1 else f"{count:.2g}"


def _method(config: RunConfig, w: Words) -> str:
    if config.method_sha256 is not None:
        return w["trained"]["own"].format(name=config.method)
    known = METHODS.get(config.method)  # a plug-in's name stands in no table
    return f"{config.method}: {known.paper}" if known else config.method


def _data(config: RunConfig, w: Words) -> dict[str, str]:
    """What it is called and holds, on what terms, and whom to name."""
    name, about, attribution, licence = config.data, "", "", ""
    if name in DATASETS:
        about, licence = DATASETS[name].about, DATASETS[name].licence
    elif name in recipe_table():
        recipe = recipe_table()[name]
        about, licence = recipe["about"], recipe["licence"]
        attribution = recipe["attribution"]
    elif is_prepared(Path(name)):
        licence = Manifest.read(Path(name)).licence
    licence = licence or w["trained"]["licence_unknown"]
    return {"data": name, "about": about, "licence": licence, "attribution": attribution}


def _size(spec: DataSpec, held_out: int | None, w: Words) -> str:
    if held_out:
        return w["trained"]["sizes"].format(train=f"{spec.size:,}", held_out=f"{held_out:,}")
    return w["trained"]["size_only"].format(train=f"{spec.size:,}")


def _shape(spec: DataSpec, w: Words) -> str:
    if spec.batch is Points:
        return w["trained"]["point"].format(dimensions=spec.shape[0])
    channels, height, width = spec.shape
    colour = w["trained"]["grey" if channels == 1 else "colour"]
    return w["trained"]["image"].format(width=width, height=height, channels=colour)


def _unreadable(spec: DataSpec, w: Words) -> str:
    count = len(spec.unreadable)
    return w["trained"]["unreadable_count"].format(count=f"{count:,}") if count else ""


def _steps(run: Run, w: Words) -> str:
    planned = run.config.training.steps
    if planned is None or planned == run.step:
        return f"{run.step:,}"
    return w["trained"]["steps_planned"].format(done=f"{run.step:,}", planned=f"{planned:,}")


def _machine(config: RunConfig, w: Words) -> dict[str, str]:
    there = config.environment
    return {
        "machine": w["trained"]["machine_text"].format(**vars(there)),
        "precision": config.training.precision,
        "versions": f"gansmith {there.gansmith} · torch {there.torch} · "
        f"Python {there.python} · Pillow {there.pillow}",
    }
