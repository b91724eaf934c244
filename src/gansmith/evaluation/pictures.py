"""Images from anywhere, made into what a run's data was made into, with the classes they carry."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith import data as data_sets
from gansmith.batch import Batch, DataSet, Points, UnpairedImages
from gansmith.config import RunConfig, stored_data
from gansmith.data.convert import convert, listed_reasons, with_channels
from gansmith.data.decode import Conversion
from gansmith.data.find import find, offers_attributes
from gansmith.data.folder import is_image
from gansmith.data.form import Form
from gansmith.data.manifest import is_prepared
from gansmith.data.parts import is_training, parts_of
from gansmith.data.source import FileSource, Source
from gansmith.errors import DataError

CHUNK = 250
UNKNOWN = -1
"""In place of a class number, where an image carries no class that the run knows."""
LEARNED = "The run was trained on these images: an accuracy on them is no test."


class Pictures(NamedTuple):
    """Images of one place."""

    names: list[str]
    chunks: Iterator[Tensor]
    """Of (n, C, H, W) in [-1, 1]."""
    y: list[int]
    """Class numbers of the run, or `UNKNOWN`."""
    notes: tuple[str, ...] = ()


def conversion_of(config: RunConfig) -> Conversion:
    """What was done to every image of a run's data."""
    _, height, width = config.spec.shape
    return Conversion(
        height=height, width=width, crop=config.form.crop, background=config.form.background
    )


def pictures(given: Sequence[str], config: RunConfig) -> list[Pictures]:
    """The images that a user names: files, and whatever `--data` takes.

    Of a set that holds images out these are taken, else all; without a name the run's own ones.

    Raises:
        DataError: there are none, most cannot be read, or they are not of the run's kind.
    """
    if not given:
        return [_held_out(config)]
    files = [name for name in given if Path(name).is_file() and is_image(name)]
    found = [_of_source(_files(files), config)] if files else []
    return found + [_of_name(name, config) for name in given if name not in files]


def _files(names: list[str]) -> FileSource:
    return FileSource(origin=".", layout="files", names=tuple(names))


def _held_out(config: RunConfig) -> Pictures:
    """Those of the run's own data."""
    data = stored_data(config)
    if data.held_out() is None:
        raise DataError(
            f"{config.data} holds no images out: the run was trained on all of them. Name others: "
            "gansmith classify RUN IMAGES."
        )
    return _of_set(data, config, f"{config.data}, held out")


def _of_name(name: str, config: RunConfig) -> Pictures:
    """Those of a path or of a set by name."""
    sides = config.spec.shape[1:]
    size = (sides[0], sides[1])
    if name in data_sets.DATASETS:
        form = Form(size=size, crop=config.form.crop, background=config.form.background)
        if data_sets.batch_name(name) == Points.__name__:
            raise DataError(f"{name} holds points: give images.")
        return _of_set(data_sets.open_data(name, form), config, name)
    path = data_sets.check_there(name)
    if is_prepared(Path(path)):
        return _of_set(data_sets.open_data(path, Form(size=size)), config, name)
    form = dataclasses.replace(config.form, size=size)
    if data_sets.absolute(name) != config.data:
        label = form.label if offers_attributes(path) else ()
        form = dataclasses.replace(form, label=label, attributes=(), labels_file=None)
    found = find(path, form)
    if found.other is not None:
        raise DataError(f"{name} has two domains: give one of its folders.")
    asked = found.train if is_training(Path(name)) else found.held_out
    source = asked or found.train
    below = name if source is found.train and Path(source.origin) == Path(path) else source.origin
    made = _of_source(source, config, f"{below.rstrip('/')}/")
    learned = source is found.train and _trained_on(name) == _trained_on(config.data)
    return made._replace(notes=(*made.notes, *(LEARNED,) * learned))


def _trained_on(name: str) -> Path:
    """The folder of training pictures of a path; the name itself where it is none."""
    return parts_of(Path(data_sets.absolute(name))).train


def _of_source(source: Source, config: RunConfig, below: str = "") -> Pictures:
    """Pictures that are decoded now, as the run's were."""
    images, numbers, unreadable = convert(source, conversion_of(config))
    labels = [source.labels[number] for number in numbers] if source.labels else []
    y = _known(labels, source.class_names, config) or [UNKNOWN] * len(numbers)
    reasons = listed_reasons(f"{name}: {why}" for name, why in sorted(unreadable.items()))
    notes = (f"Left out: {len(unreadable)} images cannot be read:\n{reasons}",) * bool(unreadable)
    notes += _strangers(source.class_names, config)

    def chunks() -> Iterator[Tensor]:
        for first in range(0, len(images), CHUNK):
            some = with_channels(images[first : first + CHUNK], config.spec.shape[0])
            yield torch.from_numpy(some).float() / 127.5 - 1

    return Pictures([below + source.names[n] for n in numbers], chunks(), y, notes)


def _of_set(data: DataSet, config: RunConfig, name: str) -> Pictures:
    """The held-out images of a set, else all of them."""
    if data.spec.shape != config.spec.shape:
        shapes = ["x".join(map(str, shape)) for shape in (data.spec.shape, config.spec.shape)]
        raise DataError(f"{name} holds images of {shapes[0]}; the run is of {shapes[1]}.")
    held_out = data.held_out()
    size = data.spec.size if held_out is None else len(_x(held_out))
    rows = torch.arange(size).split(CHUNK)
    parts = (data.take(some) if held_out is None else held_out for some in rows)
    y = data.labels if held_out is None else getattr(held_out, "y", None)
    labels = [] if y is None or y.ndim > 1 else y.tolist()
    known = _known(labels, data.spec.class_names, config) or [UNKNOWN] * size

    def chunks() -> Iterator[Tensor]:
        for some, part in zip(rows, parts, strict=True):
            yield _x(part) if held_out is None else _x(part)[some]

    learned = held_out is None and data.spec.fingerprint == config.spec.fingerprint
    names = [f"{name}/{number:06d}" for number in range(size)]
    notes = (*(LEARNED,) * learned, *_strangers(data.spec.class_names, config))
    return Pictures(names, chunks(), known, notes)


def _x(batch: Batch) -> Tensor:
    assert not isinstance(batch, UnpairedImages), "of one domain"
    return batch.x.float().cpu()


def _known(labels: Sequence[int], names: Sequence[str], config: RunConfig) -> list[int]:
    """The run's class numbers of labels by their names."""
    mine = config.spec.class_names
    places = [mine.index(name) if name in mine else UNKNOWN for name in names]
    return [places[label] for label in labels] if names else []


def _strangers(names: Sequence[str], config: RunConfig) -> tuple[str, ...]:
    """That the run knows none of the classes that images carry, by these names."""
    if not names or set(names) & set(config.spec.class_names):
        return ()
    theirs, mine = (", ".join(some[:5]) for some in (names, config.spec.class_names))
    return (f"No accuracy: of their classes ({theirs}) none is the run's ({mine}).",)
