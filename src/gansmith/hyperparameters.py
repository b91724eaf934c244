"""Values by name, for the fields of a dataclass: each checked against its type and its range."""

from __future__ import annotations

import dataclasses
import math
import numbers
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from gansmith.errors import ConfigError, nearest
from gansmith.method import Method, Range

MethodT = TypeVar("MethodT", bound=Method)
WORDS = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "true or false",
    Path: "a path",
}
LARGEST = 2**63
"""Whole numbers stay below: torch counts in 64 bits."""


def with_fields(method: MethodT, fields: Mapping[str, Any]) -> MethodT:
    """A copy with other values, each checked against its type and its range.

    Raises:
        ConfigError: unknown field, wrong type or a value out of range.
    """
    values = checked(type(method), fields)
    for name, value in values.items():
        if value == () and getattr(method, name):
            raise ConfigError(f"{_flag(name)}: give at least one value.")
    return dataclasses.replace(method, **values)


def checked(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the fields of this dataclass hold them: a JSON list becomes a tuple.

    Raises:
        ConfigError: unknown field, wrong type or a value out of range.
    """
    known = {field.name for field in dataclasses.fields(kind)}
    for name in values:
        if name not in known:
            raise ConfigError(f"{kind.__name__} has no {name!r}. {nearest(name, known)}")
    hints = typing.get_type_hints(kind, include_extras=True)
    return {name: _checked(name, value, hints[name]) for name, value in values.items()}


def _checked(name: str, value: Any, hint: Any) -> Any:
    notes = getattr(hint, "__metadata__", ())
    kind = typing.get_args(hint)[0] if notes else hint
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        some = [one for one in inner if one is not type(None)]
        return value if value is None or len(some) > 1 else _checked(name, value, some[0])
    if origin is tuple:
        return _tuple(name, value, inner)
    if origin is typing.Literal:
        if value not in inner:
            raise _refused(name, value, " or ".join(map(str, inner)))
        return value
    value = _scalar(name, value, kind)
    for bound in (note for note in notes if isinstance(note, Range)):
        if not bound.low <= value <= bound.high:
            raise _refused(name, value, _words(kind, bound))
    return value


def _tuple(name: str, value: Any, inner: tuple[Any, ...]) -> tuple[Any, ...]:
    """Each value in its place; with `...` any number of them."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise _refused(name, value, "a list of values")
    if inner[-1] is Ellipsis:
        inner = inner[:1] * len(value)
    if len(inner) != len(value):
        raise _refused(name, value, f"{len(inner)} values")
    return tuple(_checked(name, v, t) for v, t in zip(value, inner, strict=True))


def _scalar(name: str, value: Any, kind: Any) -> Any:
    """The value as its type; numbers of other libraries become Python's."""
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        if kind is float:
            if math.isfinite(number := _float(value)):
                return number
            raise _refused(name, value, "a finite number")
        if kind is int and isinstance(value, numbers.Integral):
            if abs(number := int(value)) < LARGEST:
                return number
            raise _refused(name, value, "a whole number below 2^63")
    if kind in (Path, str) and isinstance(value, Path | str):
        return kind(value)
    fits = kind is Any or not isinstance(kind, type) or isinstance(value, kind)
    if kind in (int, float) or not fits:
        raise _refused(name, value, _words(kind, Range()))
    return value


def _float(value: numbers.Real) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _refused(name: str, value: Any, expected: str) -> ConfigError:
    return ConfigError(f"{_flag(name)} {value!r}: expected {expected}.")


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _words(kind: Any, bound: Range) -> str:
    """What is expected, such as "a number from 0 to 1"."""
    words = WORDS.get(kind, getattr(kind, "__name__", str(kind)))
    low, high = math.isfinite(bound.low), math.isfinite(bound.high)
    if low and high:
        return f"{words} from {bound.low:g} to {bound.high:g}"
    if low:
        return f"{words} of at least {bound.low:g}"
    return f"{words} of at most {bound.high:g}" if high else words
