"""A table of attributes: as classes, or each told by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from gansmith.data.form import Form
from gansmith.data.source import Source
from gansmith.errors import DataError, nearest

SourceT = TypeVar("SourceT", bound=Source)
VALUES = {"1": 1, "0": 0, "-1": 0}
"""How a table says that a picture has an attribute, or has not."""


@dataclass(frozen=True)
class Told:
    """What is told of pictures by their name in the table."""

    class_names: tuple[str, ...]
    labels: Mapping[str, int]
    """Numbers of classes; empty where attributes are told."""
    attributes: Mapping[str, tuple[int, ...]]

    def added(self, source: SourceT, names: Sequence[str]) -> SourceT:
        """A source that tells this of its pictures, which the table calls so."""
        return replace(
            source,
            labels=tuple(self.labels[name] for name in names) if self.labels else (),
            attributes=tuple(self.attributes[name] for name in names) if self.attributes else (),
            class_names=self.class_names,
        )


@dataclass(frozen=True)
class AttributeTable:
    """Which attributes each picture has."""

    origin: str
    """The path that the user gave."""
    file: str
    names: Sequence[str]
    """Of the attributes."""
    rows: Mapping[str, Sequence[str]]
    """A value for each of them, by the picture's name."""

    def told(self, form: Form, pictures: Sequence[str]) -> Told:
        """The attributes that are asked for: their combinations as classes, or each by itself.

        Raises:
            DataError: an unknown attribute, a picture without a line, or a value that says nothing.
        """
        found = self._chosen(form, pictures)
        if form.attributes:
            return Told(form.attributes, {}, found)
        known = sorted(set(found.values()))
        places = {values: place for place, values in enumerate(known)}
        names = tuple(class_name(form.label, values) for values in known)
        return Told(names, {name: places[values] for name, values in found.items()}, {})

    def _chosen(self, form: Form, pictures: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """1 or 0 for each attribute that is asked for."""
        flag = "--label" if form.label else "--attributes"
        for name in form.columns:
            if name not in self.names:
                hint = nearest(name, self.names) if self.names else "It names none."
                raise DataError(f"{flag} {name}: no such attribute in {self.origin}. {hint}")
        if len(set(form.columns)) < len(form.columns):
            raise DataError(f"{flag} {' '.join(form.columns)}: give each attribute once.")
        columns = [list(self.names).index(name) for name in form.columns]
        if missing := next((name for name in pictures if name not in self.rows), None):
            raise DataError(f"{self.file} has no line for {missing}.")
        return {name: self._values(name, columns) for name in pictures}

    def _values(self, picture: str, columns: Sequence[int]) -> tuple[int, ...]:
        texts = [self.rows[picture][column] for column in columns]
        odd = next((text for text in texts if text not in VALUES), None)
        if odd is not None:
            raise DataError(
                f"{self.file}: the line of {picture} has {odd!r} for an attribute; expected 1 or 0."
            )
        return tuple(VALUES[text] for text in texts)


def class_name(attributes: tuple[str, ...], values: tuple[int, ...]) -> str:
    """Such as "Male, not Smiling"."""
    pairs = zip(attributes, values, strict=True)
    return ", ".join(name if holds else f"not {name}" for name, holds in pairs)
