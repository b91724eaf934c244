"""Pictures into a folder that training reads at speed: begun, gone on with, brought to its end."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from gansmith.data.convert import unreadable_words
from gansmith.data.manifest import (
    AT_WORK,
    CAPTIONS,
    IMAGES,
    INDEX,
    LABELS,
    NAMES,
    Manifest,
    is_prepared,
    sha256_of,
)
from gansmith.data.manifest import NAME as MANIFEST
from gansmith.errors import DataError
from gansmith.prepare.assembly import Assembled, assemble
from gansmith.prepare.job import Job
from gansmith.prepare.part import Part, npy, shard
from gansmith.prepare.workers import made_parts, processors
from gansmith.whole_file import write_whole

JOB, LOCK = "job.json", "lock"


def prepare(
    job: Job,
    out: Path,
    workers: int | None = None,
    advance: Callable[[int], None] = lambda pictures: None,
) -> Manifest:
    """Convert and store pictures; the same call after a kill goes on where it stopped.

    Args:
        job: which pictures, and how.
        out: a new folder, an empty one, or one with this job in it, ended or not.
        workers: processes; None for one a processor. The bytes do not depend on it.
        advance: told how many more pictures are done.

    Raises:
        DataError: `out` holds something else or cannot be written, or more pictures cannot be read
            than can.
    """
    try:
        settings = job.settings()
        ended = _begin(out, settings)
        if ended is None:
            with _alone(out):
                parts = _told(made_parts(job, out, workers or processors()), job, advance)
                ended = _end(job, out, settings, assemble(job, out, parts))
        shutil.rmtree(out / AT_WORK, ignore_errors=True)
    except OSError as error:
        raise DataError(
            f"{out} cannot be written: {error}. What is done is kept: mend that and give the same "
            "command again."
        ) from error
    return ended


def _begin(out: Path, settings: dict[str, Any]) -> Manifest | None:
    """Make the folder or check it; its manifest, where all has been done before."""
    if out.exists() and not out.is_dir():
        raise DataError(f"{out} is a file: give a new folder.")
    if (out / MANIFEST).exists() and is_prepared(out):
        manifest = Manifest.read(out)
        _same(out, manifest.settings, settings)
        manifest.check(out)
        return manifest
    if out.is_dir() and {path.name for path in out.iterdir()} - {AT_WORK} and not is_prepared(out):
        raise DataError(f"{out} holds something else: give a new folder or an empty one.")
    job = out / AT_WORK / JOB
    if job.exists():
        _same(out, json.loads(job.read_text(encoding="utf-8")), settings)
    else:
        write_whole(job, json.dumps(settings, indent=2).encode())
    return None


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


def _alone(out: Path) -> AbstractContextManager[object]:
    """Refuse two preparations in one folder at the same time."""
    try:
        return FileLock(out / AT_WORK / LOCK).acquire(timeout=0)
    except Timeout:
        raise DataError(f"{out} is being prepared by another process.") from None


def _told(parts: Iterator[Part], job: Job, advance: Callable[[int], None]) -> Iterator[Part]:
    for part in parts:
        advance(len(job.numbers(part.number)))
        yield part


def _end(job: Job, out: Path, settings: dict[str, Any], assembled: Assembled) -> Manifest:
    """Write what goes with the pictures, and the manifest last of all."""
    kept, source = assembled.kept, job.source
    if len(assembled.left_out) > len(kept):
        words = unreadable_words(source, assembled.left_out)
        raise DataError(f"{words}\nRepair them, delete {out}, then start again.")
    labels = np.array([source.labels[n] if source.labels else 0 for n in kept], np.int64)
    captions = [source.captions[n] for n in kept] if source.captions else []
    files = {LABELS: npy(labels), NAMES: _json([source.names[n] for n in kept])}
    if captions:
        files[CAPTIONS] = _json(captions)
    hashes: dict[str, str] = {}
    if job.layout == "array":
        os.replace(out / AT_WORK / IMAGES, out / IMAGES)
        hashes[IMAGES] = assembled.array
    else:
        hashes = {shard(out, part.number).name: part.sha256 for part in assembled.parts}
        ranges = [(part.number, *place) for part in assembled.parts for place in part.ranges]
        files[INDEX] = npy(np.array(ranges, np.int64).reshape(-1, 3))
    for name, content in files.items():
        write_whole(out / name, content, synced=True)
        hashes[name] = sha256_of(out / name)
    for left_by_a_kill in out.glob(".*.partial"):
        left_by_a_kill.unlink()
    train = sum(number < job.trained_on for number in kept)
    assembled.fingerprint.update(labels[:train].data)
    assembled.fingerprint.update("\0".join(captions).encode())
    manifest = Manifest(
        layout=job.layout,
        count=len(kept),
        held_out=len(kept) - train,
        captioned=bool(captions),
        shape=(assembled.channels, job.conversion.height, job.conversion.width),
        class_names=source.class_names,
        fingerprint=assembled.fingerprint.hexdigest(),
        settings=settings,
        licence=job.licence,
        left_out=dict(sorted(assembled.left_out.items())),
        sha256=dict(sorted(hashes.items())),
    )
    manifest.write(out)
    return manifest


def _json(values: list[str]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=0).encode()
