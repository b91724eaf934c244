"""What a recipe is: package files by their hash, members of them, and what is made of those."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gansmith.data.cached import recipe_table
from gansmith.errors import DataError, nearest


@dataclass(frozen=True, kw_only=True)
class Package:
    """One file of a package manager."""

    client: str
    """Which package manager brings it: a key of `clients.CLIENTS`."""
    name: str
    version: str
    file: str
    """What it is called."""
    bytes: int
    sha256: str
    members: tuple[str, ...]
    """Patterns of the members that are read; all others are passed over."""
    terms: tuple[str, ...] = ()
    """Patterns of the members that hold its licence."""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A data set that can be made."""

    name: str
    about: str
    licence: str
    attribution: str
    kind: str
    """What is made: a key of `fetching.KINDS`."""
    opens: str
    """What training opens, below the data set's folder."""
    train: int
    held_out: int
    packages: tuple[Package, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    """What else the kind wants to know."""

    @property
    def bytes(self) -> int:
        """What is downloaded."""
        return sum(package.bytes for package in self.packages)


def recipe(name: str) -> Recipe:
    """The recipe of this name.

    Raises:
        DataError: there is none.
    """
    table = recipe_table()
    if name not in table:
        raise DataError(f"No recipe for a data set called {name!r}. {nearest(name, table)}")
    return read(name, table[name])


def recipes() -> list[Recipe]:
    """All of them."""
    return [read(name, entry) for name, entry in recipe_table().items()]


def read(name: str, entry: dict[str, Any]) -> Recipe:
    """A recipe from its table in the file."""
    packages = tuple(
        Package(**{**one, "members": tuple(one["members"]), "terms": tuple(one.get("terms", ()))})
        for one in entry["packages"]
    )
    return Recipe(name=name, **{**entry, "packages": packages})
