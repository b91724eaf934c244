"""manifest.json of prepared pictures: what they are, what was done to them, and their hashes."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gansmith.errors import DataError
from gansmith.whole_file import write_whole

FORMAT = "gansmith prepared pictures, 1"
NAME = "manifest.json"
AT_WORK = ".parts"
"""The folder of a preparation that has not come to its end."""
LABELS, NAMES, CAPTIONS, IMAGES, INDEX = (
    "labels.npy",
    "names.json",
    "captions.json",
    "images.npy",
    "index.npy",
)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a folder of prepared pictures holds."""

    layout: str
    """"array" (images.npy, uint8 (N, H, W, C)) or "shards" (tar files, index.npy)."""
    count: int
    """Pictures in all."""
    held_out: int
    """The last so many of them are not trained on."""
    captioned: bool
    shape: tuple[int, int, int]
    """(C, H, W)."""
    class_names: tuple[str, ...]
    fingerprint: str
    """As of the same pictures when they are read from where they came from."""
    settings: dict[str, Any]
    """All that the pixels follow from: source, conversion, versions."""
    licence: str
    left_out: dict[str, str]
    """The pictures that could not be read, each with the reason."""
    sha256: dict[str, str]
    """Of every other file in the folder."""
    attributed: bool = False
    """Whether labels.npy holds attributes, (N, A)."""
    format: str = field(default=FORMAT)

    @property
    def batch(self) -> str:
        """Name of the batch type."""
        if self.attributed:
            return "AttributedImages"
        return "CaptionedImages" if self.captioned else "LabeledImages"

    def write(self, folder: Path) -> None:
        """Write manifest.json, whole or not at all."""
        content = json.dumps(dataclasses.asdict(self), indent=2) + "\n"
        write_whole(folder / NAME, content.encode(), synced=True)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read manifest.json.

        Raises:
            DataError: it is missing, or not of prepared pictures.
        """
        raw = _raw(folder)
        if raw.get("format") != FORMAT:
            if (folder / AT_WORK).is_dir():
                raise DataError(
                    f"{folder} is not prepared to its end. Give the same `gansmith data prepare` "
                    "command again: it goes on where it stopped."
                )
            raise DataError(f"{folder} holds no pictures prepared by this version of gansmith.")
        try:
            raw["shape"], raw["class_names"] = tuple(raw["shape"]), tuple(raw["class_names"])
            return cls(**raw)
        except (TypeError, KeyError) as error:
            raise DataError(f"{folder / NAME} is damaged: {error}. Prepare anew.") from error

    def check(self, folder: Path, names: list[str] | None = None) -> None:
        """Compare files with their hashes, all of them unless named.

        Raises:
            DataError: one is missing or has changed.
        """
        for name in self.sha256 if names is None else names:
            try:
                changed = sha256_of(folder / name) != self.sha256[name]
            except OSError as error:
                raise DataError(f"{folder / name} cannot be read: {error}.") from error
            if changed:
                raise DataError(
                    f"{folder / name} is not what was prepared: its content has changed. Delete "
                    f"{folder} and prepare it anew."
                )


def is_prepared(path: Path) -> bool:
    """Whether a folder holds prepared pictures, or those of a preparation that was stopped."""
    at_work = (path / AT_WORK / "job.json").is_file()
    return at_work or str(_raw(path).get("format")).startswith(FORMAT[:-1])


def sha256_of(path: Path) -> str:
    """The hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _raw(folder: Path) -> dict[str, Any]:
    """What manifest.json holds; empty where there is none, or another's."""
    try:
        raw = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return raw if isinstance(raw, dict) else {}
