"""Folders of pictures in parts: one to train on, one that is held out to measure with."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from gansmith.data.folder import is_image
from gansmith.data.source import Source

TRAIN = ("train", "training")
HELD_OUT = ("held_out", "test", "testing", "val", "valid", "validation")
"""Names of folders, in any case; where there are several, the first of these is held out."""


def training_folder(path: Path) -> Path:
    """The train/ of a folder that consists of such parts and holds out one, else the path."""
    parts = _folders(path)
    train = next((parts[name] for name in TRAIN if name in parts), None)
    if train is None or held_out_beside(train) is None or parts.keys() - {*TRAIN, *HELD_OUT}:
        return path
    return path if any(is_image(name) for name in os.listdir(path)) else train


def held_out_beside(path: Path) -> Path | None:
    """The folder of held-out pictures that lies beside one called train; None of another."""
    if path.name.lower() not in TRAIN:
        path = path.resolve()  # it may be ".", or a link to one
    if path.name.lower() not in TRAIN:
        return None
    beside = _folders(path.parent)
    return next((beside[name] for name in HELD_OUT if name in beside), None)


def matched(held_out: Source, train: Source) -> Source | None:
    """The held-out pictures with the numbers that their classes have in training.

    None where one of their classes is not trained on, or only one of both has classes.
    """
    if bool(held_out.class_names) != bool(train.class_names):
        return None
    if not set(held_out.class_names) <= set(train.class_names):
        return None
    if held_out.attributes or train.attributes:
        return held_out if held_out.class_names == train.class_names else None
    number = [train.class_names.index(name) for name in held_out.class_names]
    labels = tuple(number[label] for label in held_out.labels)
    return replace(held_out, labels=labels, class_names=train.class_names)


def _folders(path: Path) -> dict[str, Path]:
    """The folders in a folder by their names in small letters, without hidden ones and notes."""
    if not path.is_dir():
        return {}
    there = sorted(name for name in os.listdir(path) if not name.startswith((".", "__")))
    return {name.lower(): path / name for name in there if os.path.isdir(path / name)}
