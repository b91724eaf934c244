"""Hyper-parameters by name: each value checked against its field's type and range."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any

from gansmith.errors import ConfigError, nearest
from gansmith.method import Method, Range


def with_fields(method: Method, fields: Mapping[str, Any]) -> Method:
    """A copy with other values, each checked against its type and its range.

    Raises:
        ConfigError: unknown field, wrong type or a value out of range.
    """
    hints = typing.get_type_hints(type(method), include_extras=True)
    known = {field.name for field in dataclasses.fields(method)}
    for name in fields:
        if name not in known:
            raise ConfigError(f"{type(method).__name__} has no {name!r}. {nearest(name, known)}")
    values = {name: _checked(name, value, hints[name]) for name, value in fields.items()}
    return dataclasses.replace(method, **values)


def _checked(name: str, value: Any, hint: Any) -> Any:
    """The value as its type; lists of a JSON file become tuples."""
    bounds = [note for note in getattr(hint, "__metadata__", ()) if isinstance(note, Range)]
    kind = typing.get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    flag = "--" + name.replace("_", "-")
    if origin is typing.Literal and value not in inner:
        raise ConfigError(f"{flag} {value}: give {' or '.join(map(str, inner))}.")
    if origin is tuple:
        inner = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        if len(inner) != len(value):
            raise ConfigError(f"{flag} {value}: give {len(inner)} values.")
        return tuple(_checked(name, v, t) for v, t in zip(value, inner, strict=True))
    if origin in (typing.Union, types.UnionType):
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if isinstance(kind, type) and not isinstance(value, kind):
        raise ConfigError(f"{flag} {value!r}: expected {kind.__name__}.")
    for bound in bounds:
        if not bound.low <= value <= bound.high:
            raise ConfigError(f"{flag} {value}: expected {bound}.")
    return value
