"""Tar files of pictures in the WebDataset layout: a sample is the files of one name but the suffix.

Source: the format description of the webdataset package. A picture is read as a range of bytes of
its tar file, so nothing is unpacked; .cls holds a label, .txt or .json a caption.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gansmith.data.captions import one_line
from gansmith.data.folder import SUFFIXES, is_image
from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.source import Source, ordered
from gansmith.errors import DataError


@dataclass(frozen=True)
class Range:
    """Where a file lies: in which tar file, from which byte on, how many."""

    tar: Path
    start: int
    size: int

    def read(self) -> bytes:
        """The file's content."""
        with self.tar.open("rb") as file:
            file.seek(self.start)
            content = file.read(self.size)
        if len(content) < self.size:
            raise OSError("the tar file ends before it")
        return content


@dataclass(frozen=True, kw_only=True)
class ShardSource(Source):
    """Pictures in tar files."""

    ranges: tuple[Range, ...]

    def read(self, number: int) -> bytes:
        """The picture as it lies in its tar file."""
        return self.ranges[number].read()


@dataclass
class Sample:
    """The files of one name: each by its suffix in lower case."""

    name: str
    files: dict[str, Range] = field(default_factory=dict)

    def picture(self) -> Range | None:
        """Its image; the first by suffix where there are several."""
        return next((self.files[s] for s in sorted(self.files) if _ends(s) in SUFFIXES), None)

    def label(self) -> str | None:
        """Its class."""
        return self._text("cls")

    def caption(self) -> str | None:
        """What it shows: a text, or "caption" or "text" in JSON."""
        if "txt" in self.files or "json" not in self.files:
            return self._text("txt")
        try:
            row = json.loads(self.files["json"].read())
        except ValueError as error:
            raise DataError(f"{self.name}.json is no JSON: {error}.") from error
        known = (row.get(key) for key in ("caption", "text")) if isinstance(row, dict) else ()
        return next((one_line(text) for text in known if isinstance(text, str)), None)

    def _text(self, suffix: str) -> str | None:
        try:
            found = self.files.get(suffix)
            return None if found is None else one_line(found.read().decode("utf-8-sig"))
        except ValueError as error:
            raise DataError(f"{self.name}.{suffix} is no UTF-8 text: {error}.") from error


def is_sharded(path: Path) -> bool:
    """Whether a path is a tar file, or a folder of them without pictures beside them."""
    beside = path.is_dir() and any(is_image(file.name) for file in path.iterdir())
    return not beside and bool(_tars(path))


def shard_batch(path: Path) -> str:
    """Name of the batch type, from the first sample; its caption may lie behind all pictures."""
    first = next(iter(_whole_samples(path)), None)
    captioned = first is not None and first.caption() is not None
    return "CaptionedImages" if captioned else "LabeledImages"


def shard_pictures(path: Path, form: Form) -> Found:
    """The pictures in the order of tar files and names.

    Raises:
        DataError: a damaged tar file, no picture, or a label or caption that only some have.
    """
    samples = _whole_samples(path)
    if not samples:
        kinds = ", ".join(sorted(suffix[1:] for suffix in SUFFIXES))
        raise DataError(f"No images in {path}: looked in its tar files for {kinds} files.")
    labels = _all_or_none(samples, [sample.label() for sample in samples], "label (.cls)")
    captions = _all_or_none(samples, [sample.caption() for sample in samples], "caption")
    classes = ordered(labels)
    places = {name: place for place, name in enumerate(classes)}
    return Found(
        ShardSource(
            origin=str(path),
            layout="shards",
            names=tuple(sample.name for sample in samples),
            labels=tuple(places[label] for label in labels),
            class_names=tuple(classes),
            captions=tuple(captions),
            ranges=tuple(r for sample in samples if (r := sample.picture()) is not None),
        )
    )


def _whole_samples(path: Path) -> list[Sample]:
    """The samples that have a picture, by name, whatever the order of their files.

    Raises:
        DataError: a file that is there twice.
    """
    found: dict[str, Sample] = {}
    for sample in (sample for tar in _tars(path) for sample in _samples(tar)):
        known = found.setdefault(sample.name, sample)
        if known is sample:
            continue
        twice = known.files.keys() & sample.files.keys()
        if twice:
            raise DataError(f"{path} holds {sample.name}.{min(twice)} twice: leave one of the two.")
        known.files.update(sample.files)
    return [found[name] for name in sorted(found) if found[name].picture() is not None]


def _all_or_none(samples: list[Sample], known: list[str | None], what: str) -> list[str]:
    """What is known of every sample; empty where it is known of none."""
    some = [value for value in known if value is not None]
    if some and len(some) < len(known):
        name = samples[known.index(None)].name
        raise DataError(
            f"{len(known) - len(some)} of {len(known)} samples have no {what}, such as {name}: "
            "give it to all of them or to none."
        )
    return some


def _tars(path: Path) -> list[Path]:
    files = [path] if path.is_file() else sorted(path.iterdir()) if path.is_dir() else []
    return [file for file in files if file.suffix.lower() == ".tar" and file.is_file()]


def _samples(tar: Path) -> Iterator[Sample]:
    """The samples of a tar file; the files of one follow each other."""
    sample = Sample("")
    try:
        with tarfile.open(tar, "r:") as archive:
            for member in (member for member in archive if member.isreg()):
                stem, suffix = _parts(member.name)
                if f"{tar.name}/{stem}" != sample.name:
                    yield sample
                    sample = Sample(f"{tar.name}/{stem}")
                sample.files[suffix] = Range(tar, member.offset_data, member.size)
    except (OSError, tarfile.TarError) as error:
        raise DataError(f"{tar} is no whole tar file: {error}. Make or copy it anew.") from error
    yield sample


def _parts(name: str) -> tuple[str, str]:
    """("a/0001", "seg.png") of "a/0001.seg.png"."""
    folder, slash, file = name.removeprefix("./").rpartition("/")
    stem, _, suffix = file.partition(".")
    return folder + slash + stem, suffix.lower()


def _ends(suffix: str) -> str:
    return "." + suffix.rpartition(".")[2]
