"""Whether a data set in the cache is what its recipe makes, and unchanged since."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from gansmith.data.cached import MADE
from gansmith.recipes.clients import sha256
from gansmith.recipes.table import Recipe

FORMAT = 1


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
