"""Pictures into a folder that training reads at speed: begun, gone on with, brought to its end."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gansmith.data.convert import unreadable_words
from gansmith.data.manifest import (
    AT_WORK,
    CAPTIONS,
    IMAGES,
    INDEX,
    LABELS,
    NAMES,
    Manifest,
    sha256_of,
)
from gansmith.errors import DataError
from gansmith.prepare.assembly import Assembled, assemble
from gansmith.prepare.begin import alone, begin
from gansmith.prepare.job import Job
from gansmith.prepare.npy import npy
from gansmith.prepare.part import Part
from gansmith.prepare.stored import PICTURES, pictures_hash, read_hash
from gansmith.prepare.tar import shard
from gansmith.prepare.workers import made_parts, processors
from gansmith.whole_file import write_whole


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
        ended = begin(out, settings)
        if ended is not None:
            _still_there(job, out, ended, workers or processors())
        else:
            with alone(out):
                parts = _told(made_parts(job, out, workers or processors()), job, advance)
                ended = _end(job, out, settings, assemble(job, out, parts))
        shutil.rmtree(out / AT_WORK, ignore_errors=True)
    except OSError as error:
        raise DataError(
            f"{out} cannot be written: {error}. What is done is kept: mend that and give the same "
            "command again."
        ) from error
    return ended


def _still_there(job: Job, out: Path, ended: Manifest, threads: int) -> None:
    """Refuse pictures that are not those that were prepared, though they are called like them."""
    hashes = (read_hash(job.source, job.numbers(part), threads) for part in range(job.parts))
    if pictures_hash(hashes) != ended.settings["source"].get(PICTURES):
        raise DataError(
            f"{out} was made from other pictures: since then some in {job.source.origin} have "
            "changed. Give another folder, or delete this one."
        )


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
    told = source.labels or source.attributes
    labels = np.array([told[n] if told else 0 for n in kept], np.int64)
    captions = [source.captions[n] for n in kept] if source.captions else []
    files = {LABELS: npy(labels), NAMES: _json([source.names[n] for n in kept])}
    if captions:
        files[CAPTIONS] = _json(captions)
    hashes = _put_in_place(job, out, assembled, files)
    settings["source"][PICTURES] = pictures_hash(part.read for part in assembled.parts)
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
        attributed=bool(source.attributes),
    )
    manifest.write(out)
    return manifest


def _put_in_place(
    job: Job, out: Path, assembled: Assembled, files: dict[str, bytes]
) -> dict[str, str]:
    """All files but the manifest; their hashes."""
    if job.layout == "array":
        os.replace(assembled.file, out / IMAGES)
        hashes = {IMAGES: assembled.array}
    else:
        hashes = {shard(out, part.number).name: part.sha256 for part in assembled.parts}
        ranges = [(part.number, *place) for part in assembled.parts for place in part.ranges]
        files = files | {INDEX: npy(np.array(ranges, np.int64).reshape(-1, 3))}
    for name, content in files.items():
        write_whole(out / name, content, synced=True)
        hashes[name] = sha256_of(out / name)
    for left_by_a_kill in out.glob(".*.partial"):
        left_by_a_kill.unlink()
    return hashes


def _json(values: list[str]) -> bytes:
    return json.dumps(values, indent=0).encode()
