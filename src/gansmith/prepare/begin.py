"""What may lie in the folder of a preparation before it goes on: nothing, or the same job."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from gansmith.data.manifest import AT_WORK, NAME, Manifest, is_prepared
from gansmith.errors import DataError
from gansmith.whole_file import write_whole

JOB, LOCK = "job.json", "lock"


def begin(out: Path, settings: dict[str, Any]) -> Manifest | None:
    """Make the folder or check it; its manifest, where all has been done before."""
    if out.exists() and not out.is_dir():
        raise DataError(f"{out} is a file: give a new folder.")
    if (out / NAME).exists() and is_prepared(out):
        manifest = Manifest.read(out)
        _same(out, manifest.settings, settings)
        manifest.check(out)
        return manifest
    if out.is_dir() and {path.name for path in out.iterdir()} - {AT_WORK} and not is_prepared(out):
        raise DataError(f"{out} holds something else: give a new folder or an empty one.")
    job = out / AT_WORK / JOB
    if job.exists():
        _same(out, _begun(job), settings)
    else:
        write_whole(job, json.dumps(settings, indent=2).encode())
    return None


def _begun(job: Path) -> dict[str, Any]:
    """The settings that a job was begun with."""
    try:
        return dict(json.loads(job.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DataError(
            f"{job} is damaged: {error}. Delete {job.parent} and start again."
        ) from error


def _same(out: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Refuse to mix two jobs in one folder."""
    before, now = _flat(old), _flat(json.loads(json.dumps(new)))
    differing = [name for name in now if before.get(name) != now[name]]
    if not differing:
        return
    listed = "\n".join(f"  {name}: {before.get(name)}, now {now[name]}" for name in differing)
    raise DataError(
        f"{out} was begun with other settings:\n{listed}\nGive another folder, or delete this one."
    )


def _flat(settings: dict[str, Any]) -> dict[str, Any]:
    """{"a": {"b": 1}} → {"a.b": 1}."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        inner = _flat(value) if isinstance(value, dict) else {"": value}
        flat |= {f"{name}.{key}".rstrip("."): one for key, one in inner.items()}
    return flat


def alone(out: Path) -> AbstractContextManager[object]:
    """Refuse two preparations in one folder at the same time."""
    try:
        return FileLock(out / AT_WORK / LOCK).acquire(timeout=0)
    except Timeout:
        raise DataError(f"{out} is being prepared by another process.") from None
