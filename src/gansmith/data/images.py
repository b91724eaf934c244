"""Pictures of any source as a data set that lives in memory."""

from __future__ import annotations

import sys

import torch

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.data.convert import convert, unreadable_words
from gansmith.data.decode import Conversion
from gansmith.data.resident import ResidentImages, resident
from gansmith.data.source import Source


def image_set(source: Source, conversion: Conversion) -> DataSet:
    """The pictures that can be read, in the order of the source; the others are named on stderr.

    Raises:
        DataError: more pictures cannot be read than can.
    """
    images, numbers, unreadable = convert(source, conversion)
    if unreadable:
        print(f"Left out: {unreadable_words(source, unreadable)}", file=sys.stderr)
    labels = [source.labels[number] for number in numbers] if source.labels else [0] * len(numbers)
    train = ResidentImages(torch.from_numpy(images), torch.tensor(labels))
    spec = DataSpec(
        name=source.origin,
        batch=LabeledImages,
        shape=tuple(images.shape[1:]),
        size=len(numbers),
        class_names=source.class_names,
    )
    return resident(spec, train)
