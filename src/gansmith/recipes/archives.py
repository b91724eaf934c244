"""Members of package files by patterns: only plain files, of a size that can be, never by path.

Nothing is unpacked to where an archive says: a caller gets names and contents, and chooses where
to write. Links, devices and folders are passed over, as are names that lead out of the archive.
"""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from gansmith.errors import DataError
from gansmith.recipes.deb import payload

SUFFIXES = (".tgz", ".tar.gz", ".whl", ".zip", ".deb")


class Member(NamedTuple):
    """A file in an archive."""

    name: str
    content: bytes


class Limits(NamedTuple):
    """More than this no recipe needs: an archive that holds more is not what it should be."""

    files: int = 50_000
    """Members that are read."""
    bytes: int = 500_000_000
    """Of all that are read together."""
    passed: int = 4_000_000_000
    """Of all members, those that are passed over too, since reading past them takes time."""


LIMITS = Limits()


def members(path: Path, patterns: Sequence[str], limits: Limits = LIMITS) -> Iterator[Member]:
    """The plain files of an archive whose names match a pattern, the first of each name.

    Args:
        path: a .tgz, .whl, .zip or .deb file.
        patterns: as of `fnmatch`; "*" matches "/" too.
        limits: on what is read.

    Raises:
        DataError: it is damaged, or goes beyond the limits.
    """
    walk = _walk(path)
    files = total = passed = 0
    seen: set[str] = set()
    try:
        for name, size, read in walk(path):
            passed += size
            if passed > limits.passed:
                raise DataError(f"{path} unpacks to more than {limits.passed:,} bytes.")
            if not is_wanted(name, patterns) or name in seen:
                continue
            seen.add(name)
            files, total = files + 1, total + size
            if files > limits.files or total > limits.bytes:
                raise DataError(
                    f"{path} holds more than a recipe reads: {limits.files:,} files, "
                    f"{limits.bytes:,} bytes."
                )
            yield Member(name, read())
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise DataError(f"{path} cannot be read: {error}.") from error
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise DataError(f"{path} is damaged: {error}.") from error


def is_wanted(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name matches a pattern and stays inside its archive."""
    parts = name.split("/")
    inside = ".." not in parts and "" not in parts and "\\" not in name and ":" not in parts[0]
    return inside and any(fnmatchcase(name, pattern) for pattern in patterns)


Walk = Callable[[Path], Iterator[tuple[str, int, Callable[[], bytes]]]]
"""(name, size, how to read it) of every plain file in an archive."""


def _walk(path: Path) -> Walk:
    name = path.name.lower()
    if name.endswith(".deb"):
        return _deb_files
    if name.endswith((".whl", ".zip")):
        return _zip_files
    if name.endswith((".tgz", ".tar.gz")):
        return _tgz_files
    raise DataError(f"{path}: expected a file that ends in {', '.join(SUFFIXES)}.")


def _tgz_files(path: Path) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    with tarfile.open(path, "r|gz") as archive:
        yield from _tar_files(archive)


def _deb_files(path: Path) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    with path.open("rb") as file, payload(file, path) as archive:
        yield from _tar_files(archive)


def _tar_files(archive: tarfile.TarFile) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    for info in archive:
        if not info.isreg():
            continue
        file = archive.extractfile(info)
        assert file is not None, "a plain file has a content"
        yield info.name.removeprefix("./"), info.size, file.read


def _zip_files(path: Path) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            if info.is_dir() or kind not in (0, stat.S_IFREG):
                continue
            yield info.filename, info.file_size, lambda info=info: archive.read(info)
