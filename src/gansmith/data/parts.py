"""Folders of pictures in parts: one to train on, one that is held out to measure with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from gansmith.data.folder import is_image
from gansmith.data.source import Source

TRAIN = ("train", "training")
HELD_OUT = ("held_out", "test", "testing", "val", "valid", "validation")
"""Names of folders, in any case; of several to hold out the first that fits is taken."""


class Parts(NamedTuple):
    """Which folder is trained on, and which may be held out."""

    train: Path
    held_out: Sequence[Path] = ()
    note: str = ""
    """Why folders of such names are no parts."""


def parts_of(path: Path) -> Parts:
    """Those in a folder that consists of them; else the path, with what lies beside a train/."""
    train, others = _named(path, TRAIN), _named(path, HELD_OUT)
    if not train or not others:
        return Parts(path, beside(path))
    stranger = train[1].name + "/" if len(train) > 1 else _stranger(path)
    if not stranger:
        return Parts(train[0], others)
    names = f"{train[0].name}/ and {others[0].name}/"
    return Parts(path, (), f"{names} are not taken as parts, for {stranger} lies beside them.")


def beside(path: Path) -> Sequence[Path]:
    """The folders to hold out that lie beside one called train; none of another."""
    place = path if is_training(path) else path.resolve()
    return _named(place.parent, HELD_OUT) if is_training(place) else ()


def is_training(path: Path) -> bool:
    """Whether a folder is called train."""
    return path.name.lower() in TRAIN


def absolute(path: Path) -> Path:
    """Without links, but for the last one if it is called train: it says what lies beside it."""
    return path.parent.resolve() / path.name if is_training(path) else path.resolve()


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


def _named(path: Path, names: tuple[str, ...]) -> list[Path]:
    """The folders of a folder that are called so, in the order of the names."""
    there = [path / name for name in _listed(path) if name.lower() in names]
    found = [folder for folder in there if os.path.isdir(folder)]
    return sorted(found, key=lambda folder: names.index(folder.name.lower()))


def _stranger(path: Path) -> str:
    """The first image, or folder of images, that is no part; empty where there is none."""
    for name in _listed(path):
        if os.path.isdir(path / name):
            if name.lower() not in (*TRAIN, *HELD_OUT) and _holds_images(path / name):
                return f"{name}/"
        elif is_image(name):
            return name
    return ""


def _holds_images(path: Path) -> bool:
    return any(is_image(name) for _, _, names in os.walk(path) for name in names)


def _listed(path: Path) -> list[str]:
    """What lies in a folder, without hidden names; nothing where it may not be listed."""
    try:
        return sorted(name for name in os.listdir(path) if not name.startswith((".", "__")))
    except OSError:
        return []
