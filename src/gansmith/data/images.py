"""Pictures of any source as a data set that lives in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch

from gansmith.batch import (
    AttributedImages,
    CaptionedImages,
    DataSet,
    DataSpec,
    LabeledImages,
    UnpairedImages,
)
from gansmith.data.brief import brief_check
from gansmith.data.convert import Converted, convert, with_channels
from gansmith.data.decode import Conversion
from gansmith.data.form import SIDE, Form
from gansmith.data.found import Found
from gansmith.data.resident import (
    ResidentAttributed,
    ResidentCaptioned,
    ResidentImages,
    ResidentUnpaired,
    resident,
)
from gansmith.data.source import Source
from gansmith.draws import seed_of


class Part(NamedTuple):
    """Pictures of a source that have been read."""

    source: Source
    converted: Converted

    @property
    def captions(self) -> list[str]:
        """Of the pictures that could be read."""
        return [self.source.captions[number] for number in self.converted.numbers]

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Those that could not, each with the reason."""
        return tuple(f"{name}: {why}" for name, why in sorted(self.converted.unreadable.items()))

    def resident(self, channels: int) -> ResidentImages:
        """Images and labels, or attributes; labels are 0 where there are none."""
        numbers = self.converted.numbers
        labels = self.source.labels or self.source.attributes
        chosen = [labels[number] for number in numbers] if labels else [0] * len(numbers)
        images = with_channels(self.converted.images, channels)
        return ResidentImages(torch.from_numpy(images), torch.tensor(chosen))


def image_set(found: Found, form: Form) -> DataSet:
    """The pictures that can be read, in the order of their source.

    Raises:
        DataError: more pictures cannot be read than can, or they do not fit into memory.
    """
    if found.other is not None:
        return _unpaired(found, found.other, form)
    train, held_out = _parts(found, _conversion(found, form))
    channels = train.converted.images.shape[1]
    images = train.resident(channels)
    others = None if held_out is None else held_out.resident(channels)
    spec = DataSpec(
        name=train.source.origin,
        batch=LabeledImages,
        shape=tuple(images.images.shape[1:]),
        size=len(images),
        class_names=train.source.class_names,
        unreadable=train.unreadable + (held_out.unreadable if held_out else ()),
    )
    notes = (*brief_check(*train, held_out=0 if others is None else len(others)), *found.notes)
    if train.source.attributes:
        apart = None if others is None else ResidentAttributed(others)
        spec = replace(spec, batch=AttributedImages)
        return replace(resident(spec, ResidentAttributed(images), apart), notes=notes)
    if not train.source.captions:
        return replace(resident(spec, images, others), notes=notes)
    captioned = resident(
        replace(spec, batch=CaptionedImages),
        ResidentCaptioned(images),
        None if others is None else ResidentCaptioned(others, len(images)),
        train.captions + (held_out.captions if held_out else []),
    )
    return replace(captioned, notes=notes)


def _unpaired(found: Found, other: Found, form: Form) -> DataSet:
    """Two domains; a fixed shuffle of the second decides who stands beside whom, never a name."""
    conversion = _conversion(found, form)
    a, b = _parts(found, conversion), _parts(other, conversion)
    parts = [part for part in (*a, *b) if part is not None]
    channels = max(part.converted.images.shape[1] for part in (a[0], b[0]))
    train = _domains(a[0], b[0], channels)
    held_out = _domains(a[1], b[1], channels) if a[1] and b[1] else None
    spec = DataSpec(
        name=f"{found.train.origin},{other.train.origin}",
        batch=UnpairedImages,
        shape=tuple(train.a.shape[1:]),
        size=len(train),
        unreadable=tuple(line for part in parts for line in part.unreadable),
    )
    return resident(spec, train, held_out)


def _domains(a: Part, b: Part, channels: int) -> ResidentUnpaired:
    second = b.resident(channels).images
    random = torch.Generator().manual_seed(seed_of("unpaired"))
    shuffled = second[torch.randperm(len(second), generator=random)]
    return ResidentUnpaired(a.resident(channels).images, shuffled)


def _conversion(found: Found, form: Form) -> Conversion:
    height, width = form.sides or found.own_size or (SIDE, SIDE)
    return Conversion(height=height, width=width, crop=form.crop, background=form.background)


def _parts(found: Found, conversion: Conversion) -> tuple[Part, Part | None]:
    """(training pictures, held-out ones)."""
    train = Part(found.train, convert(found.train, conversion))
    if found.held_out is None:
        return train, None
    return train, Part(found.held_out, convert(found.held_out, conversion))
