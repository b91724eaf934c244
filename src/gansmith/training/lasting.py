"""Folders of tensors that last: written aside, synced, renamed, and hashed so that damage shows.

Nothing in them can run code: safetensors and JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from gansmith.errors import RunError

FORMAT = 1


class DamagedError(RunError):
    """A checkpoint whose content is not what was written."""


def read(path: Path) -> tuple[dict, dict[str, dict[str, Tensor]]]:
    """The manifest and the tensor files of a checkpoint, each checked against its hash.

    Raises:
        DamagedError: a file is missing or changed.
    """
    try:
        manifest = json.loads((path / "manifest.json").read_text())
        if manifest["format"] != FORMAT:
            raise DamagedError(f"Checkpoint {path} has format {manifest['format']}, not {FORMAT}.")
        names = manifest["sha256"]
        files = {name: (path / f"{name}.safetensors").read_bytes() for name in names}
        for name, content in files.items():
            if hashlib.sha256(content).hexdigest() != manifest["sha256"][name]:
                raise DamagedError(f"Checkpoint {path} is damaged: {name}.safetensors has changed.")
        return manifest, {name: load(content) for name, content in files.items()}
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise DamagedError(f"Checkpoint {path} is damaged: {error}.") from error


def write_tensors(folder: Path, files: Mapping[str, Mapping[str, Tensor]]) -> None:
    """NAME.safetensors for each name, synced."""
    for name, tensors in files.items():
        with torch.no_grad():
            content = save({key: value.cpu().contiguous() for key, value in tensors.items()})
        write_synced(folder / f"{name}.safetensors", content)


def write_manifest(folder: Path, step: int) -> None:
    """manifest.json: the step and the hash of every tensor file in the folder."""
    hashes = {
        file.stem: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.glob("*.safetensors"))
    }
    content = json.dumps({"format": FORMAT, "step": step, "sha256": hashes}, indent=2)
    write_synced(folder / "manifest.json", content.encode())


def write_synced(path: Path, content: bytes) -> None:
    """Write a file that outlives a power cut."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(aside: Path, final: Path) -> None:
    """Rename, replacing an older folder of the same name; the folder's entry is synced too."""
    old = final.with_name(f".{final.name}.old")
    if final.exists():
        shutil.rmtree(old, ignore_errors=True)
        final.rename(old)
    sync_folder(aside)
    aside.rename(final)
    sync_folder(final.parent)
    shutil.rmtree(old, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder last; nothing where folders cannot be opened (Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
