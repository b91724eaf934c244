"""Where the data sets that recipes make lie, and which of them are there."""

from __future__ import annotations

import os
import sys
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gansmith.errors import DataError

MADE = "recipe.json"
"""Written last: a folder that has it is whole."""


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/gansmith, else ~/.cache/gansmith; on Windows that of %LOCALAPPDATA%."""
    given = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    root = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
    return root / "gansmith"


@cache
def recipe_table() -> dict[str, dict[str, Any]]:
    """The recipes as they stand in recipes.toml; what they mean is said in `gansmith.recipes`."""
    file = files("gansmith").joinpath("recipes", "recipes.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def set_folder(name: str) -> Path:
    """Where the data set of a recipe lies, or would lie."""
    return cache_folder() / "data" / name


def cached(name: str) -> Path | None:
    """What training opens of a fetched data set, such as its train/; None where it is not there."""
    recipe = recipe_table().get(name)
    folder = set_folder(name)
    return folder / recipe["opens"] if recipe and (folder / MADE).is_file() else None


def located(name: str) -> str:
    """The path of a recipe's data set; any other name as it is, an existing path first of all.

    Raises:
        DataError: the recipe's data set has not been fetched.
    """
    if name not in recipe_table() or Path(name).exists():
        return name
    path = cached(name)
    if path is None:
        raise DataError(f"{name} is not on this machine yet: gansmith data fetch {name}")
    return str(path)
