"""Folders of images: what is found in one, and its sub-folders as classes."""

from __future__ import annotations

import os
from pathlib import Path

from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.source import FileSource, ordered
from gansmith.errors import DataError

SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pnm"}
)


def image_folder(path: Path) -> FileSource:
    """The images in and below a folder, in the order of their names.

    The class of an image is its first folder below `path`; without sub-folders, or with images
    beside them, there are no classes.

    Raises:
        DataError: there is no image.
    """
    names = image_files(path)
    if not names:
        kinds = ", ".join(sorted(suffix[1:] for suffix in SUFFIXES))
        raise DataError(f"No images in {path}: looked in it and below for {kinds} files.")
    folders = [name.partition("/")[0] for name in names if "/" in name]
    classes = ordered(folders) if len(folders) == len(names) else []
    number = {name: place for place, name in enumerate(classes)}
    return FileSource(
        origin=str(path),
        layout="folder",
        names=tuple(names),
        labels=tuple(number[folder] for folder in folders) if classes else (),
        class_names=tuple(classes),
    )


def is_folder(path: Path) -> bool:
    """Whether this is a folder at all: the layout of last resort."""
    return path.is_dir()


def folder_pictures(path: Path, form: Form) -> Found:
    """All of them to train on."""
    return Found(image_folder(path))


def image_files(path: Path) -> list[str]:
    """The names of all images in or below a folder, with slashes, in the order of their parts.

    Linked folders are not entered. Files that begin with "._" are notes of macOS, not images.
    """
    found, top = [], str(path)
    for parent, _, names in os.walk(path):
        below = [] if parent == top else os.path.relpath(parent, top).split(os.sep)
        found += [
            [*below, name]
            for name in names
            if is_image(name) and os.path.isfile(os.path.join(parent, name))
        ]
    return ["/".join(parts) for parts in sorted(found)]


def is_image(name: str) -> bool:
    """Whether a file's name is that of an image."""
    return os.path.splitext(name)[1].lower() in SUFFIXES and not name.startswith("._")
