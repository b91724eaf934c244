"""Fields of a method that it hands on together, such as those of its networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

from gansmith.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ChoicesT = TypeVar("ChoicesT", bound="DataclassInstance")


def chosen(method: DataclassInstance, kind: type[ChoicesT]) -> ChoicesT:
    """The fields that a method shares with a dataclass, as one; the others are the default."""
    known = {field.name for field in fields(method)}
    shared = [field.name for field in fields(kind) if field.name in known]
    return kind(**{name: getattr(method, name) for name in shared})


def names_of(kind: type[DataclassInstance]) -> tuple[str, ...]:
    """The names of a dataclass' fields."""
    return tuple(field.name for field in fields(kind))


def refuse_with(given: str, method: DataclassInstance, names: Sequence[str]) -> None:
    """Refuse values of fields that mean nothing beside a given one, unless they are the default.

    Args:
        given: the flag beside which they mean nothing, with its value; or the data.
        method: with the values.
        names: of the fields.

    Raises:
        ConfigError: there is such a value.
    """
    for field in fields(method):
        value = getattr(method, field.name)
        if field.name in names and value != field.default:
            flag = f"--{field.name.replace('_', '-')}"
            raise ConfigError(f"{flag} {value} means nothing with {given}: leave one of them out.")
