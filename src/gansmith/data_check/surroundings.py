"""What lies in a folder besides the pictures that are read from it, and is left out silently."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from gansmith.data.decode import reason
from gansmith.data.folder import is_image
from gansmith.data_check.finding import Finding, Severity
from gansmith.data_check.names import counts

PICTURES_OF_OTHER_KINDS = frozenset(
    {".arw", ".avif", ".cr2", ".dng", ".heic", ".heif", ".jfif", ".jp2", ".jpe", ".jxl", ".nef"}
    | {".pbm", ".pgm", ".ppm", ".psd", ".svg", ".tga"}
)


class Beside(NamedTuple):
    """Names below the folder, by what they are."""

    loops: list[str]
    """Links that lead back to where they are."""
    broken: list[str]
    """Links to nothing."""
    linked: list[str]
    """Links to folders, which are not entered."""
    closed: list[tuple[str, str]]
    """Folders that cannot be entered, and why."""
    special: list[str]
    """Named as images, and neither files, links nor folders: pipes, sockets, devices."""
    others: list[str]
    """Files that are not named as images."""


def look_beside(path: Path) -> Beside:
    """Walk the folder; nothing is opened."""
    beside = Beside([], [], [], [], [], [])

    def closed(error: OSError) -> None:
        name = os.path.relpath(error.filename, path)
        beside.closed.append((name, error.strerror or reason(error)))

    for parent, folders, names in os.walk(path, onerror=closed):
        folders.sort()
        for name in sorted([*folders, *names]):
            _sort(Path(parent, name), Path(parent, name).relative_to(path).as_posix(), beside)
    return beside


def _sort(place: Path, name: str, beside: Beside) -> None:
    if place.is_symlink():
        _sort_link(place, name, beside)
    elif place.name.startswith("._"):
        pass  # notes of macOS
    elif os.path.isfile(place) and not is_image(place.name):
        beside.others.append(name)
    elif is_image(place.name) and not os.path.isfile(place) and not os.path.isdir(place):
        beside.special.append(name)


def _sort_link(place: Path, name: str, beside: Beside) -> None:
    try:
        target = place.resolve(strict=True)
    except FileNotFoundError:
        beside.broken.append(name)
    except (OSError, RuntimeError):  # which of the two depends on Python's version
        beside.loops.append(name)
    else:
        if target.is_dir():
            above = place.parent.resolve()
            loop = target == above or target in above.parents
            (beside.loops if loop else beside.linked).append(name)


def surroundings(path: Path) -> list[Finding]:
    """What a person would want to know of what is not read."""
    beside = look_beside(path)
    closed = [name for name, _ in beside.closed]
    why = tuple(reason for _, reason in beside.closed)
    shut = _warning("closed-folder", closed, "folder is|folders are", "not readable", "Open")
    found = [
        _warning("link-loop", beside.loops, "link leads|links lead", "in a circle", "Remove"),
        _warning("broken-link", beside.broken, "link leads|links lead", "to nothing", "Repair"),
        _warning("special", beside.special, "name is|names are", "no file", "Remove"),
        dataclasses.replace(shut, reasons=why),
        _linked(beside.linked),
        *_others(beside.others),
    ]
    return [finding for finding in found if finding.count]


def _warning(kind: str, names: list[str], subject: str, says: str, todo: str) -> Finding:
    one, _, many = subject.partition("|")
    words = f"{len(names):,} {one if len(names) == 1 else many} {says}"
    which = "it" if len(names) == 1 else "them"
    advice = f"{todo} {which}, or leave {which}: training does not see {which}."
    return Finding(kind, "warning", len(names), words, advice, tuple(names))


def _linked(names: list[str]) -> Finding:
    words = f"{len(names):,} linked {'folder is' if len(names) == 1 else 'folders are'} not entered"
    advice = "Copy or move their pictures into the folder, if they are wanted."
    return Finding("linked-folder", "warning", len(names), words, advice, tuple(names))


def _others(names: list[str]) -> list[Finding]:
    def of_suffixes(kind: str, severity: Severity, chosen: list[str], advice: str) -> Finding:
        suffixes = Counter(Path(name).suffix.lower() or "without a suffix" for name in chosen)
        noun = "file is" if len(chosen) == 1 else "files are"
        words = f"{len(chosen):,} {noun} not read ({counts(suffixes.most_common())})"
        return Finding(kind, severity, len(chosen), words, advice, tuple(chosen))

    pictures = [name for name in names if Path(name).suffix.lower() in PICTURES_OF_OTHER_KINDS]
    rest = sorted(set(names) - set(pictures))
    save_as = "Save them as PNG or JPEG, if they are wanted."
    return [
        of_suffixes("other-picture", "warning", pictures, save_as),
        of_suffixes("other-file", "note", rest, ""),
    ]
