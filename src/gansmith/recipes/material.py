"""What a recipe is made of: the members of its package files that it allows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gansmith.errors import DataError
from gansmith.recipes.archives import Member, is_wanted, members
from gansmith.recipes.table import Package, Recipe


@dataclass(frozen=True)
class Material:
    """A recipe's package files, in the order of the recipe."""

    recipe: Recipe
    files: tuple[Path, ...]
    terms: dict[int, list[str]] = field(default_factory=dict)
    """Texts of licences by package, noted while its members are read."""

    def members(self, number: int) -> Iterator[Member]:
        """The members of one package that the recipe reads, in the order of the archive."""
        package = self.recipe.packages[number]
        terms = self.terms[number] = []
        for one in members(self.files[number], package.members + package.terms):
            if is_wanted(one.name, package.terms):
                terms.append(one.content.decode("utf-8", "replace"))
            else:
                yield one

    def by_name(self, number: int) -> dict[str, bytes]:
        """The same, by the last part of the name."""
        return {name.rpartition("/")[2]: content for name, content in self.members(number)}

    def licences(self) -> str:
        """The packages' licences, each below the package it comes from."""
        return "\n\n".join(
            f"== {self.recipe.packages[number]}\n\n{text}"
            for number, texts in sorted(self.terms.items())
            for text in texts
        )


def need(found: dict[str, bytes], name: str, package: Package) -> bytes:
    """A member that there must be.

    Raises:
        DataError: it is not there.
    """
    if name not in found:
        raise DataError(f"{package} has no {name}, which its recipe reads.")
    return found[name]


def need_json(found: dict[str, bytes], name: str, package: Package) -> Any:
    """A member as JSON.

    Raises:
        DataError: it is not there, or no JSON.
    """
    try:
        return json.loads(need(found, name, package))
    except ValueError as error:
        raise DataError(f"{name} of {package} is no JSON: {error}.") from error
