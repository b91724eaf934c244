"""Folders of images: what is found in one, and its sub-folders as classes."""

from __future__ import annotations

import os
from pathlib import Path

from gansmith.data.form import Form
from gansmith.data.found import Found
from gansmith.data.source import FileSource
from gansmith.errors import DataError

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"})


def image_folder(path: Path) -> FileSource:
    """The images in and below a folder, in the order of their names.

    The class of an image is its first folder below `path`; without sub-folders, or with images
    beside them, there are no classes.

    Raises:
        DataError: there is no image.
    """
    files = image_files(path)
    if not files:
        kinds = ", ".join(sorted(suffix[1:] for suffix in SUFFIXES))
        raise DataError(f"No images in {path}: looked in it and below for {kinds} files.")
    folders = [file.relative_to(path).parts[0] for file in files if file.parent != path]
    classes = sorted(set(folders)) if len(folders) == len(files) else []
    return FileSource(
        origin=str(path),
        layout="folder",
        names=tuple(file.relative_to(path).as_posix() for file in files),
        labels=tuple(classes.index(folder) for folder in folders) if classes else (),
        class_names=tuple(classes),
        paths=tuple(files),
    )


def is_folder(path: Path) -> bool:
    """Whether this is a folder at all: the layout of last resort."""
    return path.is_dir()


def folder_pictures(path: Path, form: Form) -> Found:
    """All of them to train on."""
    return Found(image_folder(path))


def image_files(path: Path) -> list[Path]:
    """Every image file in or below a folder, in a fixed order; linked folders are not entered.

    Files that begin with "._" are notes of macOS, not images.
    """
    found = []
    for parent, _, names in os.walk(path):
        found += [Path(parent, name) for name in names if is_image(name)]
    return sorted(file for file in found if file.is_file())


def is_image(name: str) -> bool:
    """Whether a file's name is that of an image."""
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith("._")
