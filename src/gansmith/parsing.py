"""A command's arguments into a dataclass: tyro parses, and what it refuses becomes one message."""

from __future__ import annotations

import dataclasses
import io
import types
import typing
from collections.abc import Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import tyro
from tyro.constructors import ConstructorRegistry, PrimitiveConstructorSpec, PrimitiveTypeInfo

from gansmith.errors import ConfigError, nearest

T = TypeVar("T")
SETTINGS = (tyro.conf.OmitArgPrefixes, tyro.conf.FlagCreatePairsOff)
WORDS = {int: "a whole number", float: "a number", str: "text", Path: "a path"}


@dataclass(frozen=True, kw_only=True)
class Json:
    """The flag that every verb has."""

    json: bool = False
    """Print one machine-readable object on standard output."""


class HelpShown(Exception):
    """The help that was asked for has been printed."""


def parse(
    kind: type[T], prog: str, arguments: Sequence[str], flags: set[str], default: T | None = None
) -> T:
    """The arguments as an instance of a dataclass.

    Args:
        kind: its fields are flags, those of its fields' fields too.
        prog: the command, for help and messages.
        arguments: without the command itself.
        flags: names of the flags.
        default: what is not given.

    Raises:
        HelpShown: help was asked for.
        ConfigError: unknown flag, missing or wrong value.
    """
    for flag in (given.partition("=")[0].replace("_", "-") for given in arguments):
        if flag.startswith("--") and flag not in flags | {"--help"}:
            raise ConfigError(f"{prog} has no flag {flag}. {nearest(flag, flags)}")
    said = io.StringIO()
    start: dict[str, Any] = {} if default is None else {"default": default}
    try:
        with redirect_stderr(said):
            return tyro.cli(
                kind, prog=prog, args=arguments, config=SETTINGS, registry=_registry(), **start
            )
    except SystemExit as stop:
        if not stop.code:
            raise HelpShown from None
        raise ConfigError(f"{_plain(said.getvalue())} See {prog} --help.") from None


def parse_verb(kind: type[T], verb: str, arguments: Sequence[str]) -> T:
    """The arguments of a verb whose flags are the fields of `kind`."""
    return parse(kind, f"gansmith {verb}", arguments, flags_of(kind))


def flags_of(kind: type) -> set[str]:
    """The flags of a dataclass' own fields, positional ones left out."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {
        "--" + field.name.rstrip("_").replace("_", "-")  # from_ is --from, a word of Python
        for field in dataclasses.fields(kind)
        if tyro.conf.Positional not in getattr(hints[field.name], "__metadata__", ())
        and not dataclasses.is_dataclass(hints[field.name])
    }


def given_options(arguments: Sequence[str]) -> dict[str, str]:
    """The last value of each flag that is given one, as text, by the flag's field."""
    found: dict[str, str] = {}
    for argument, following in zip(arguments, [*arguments, "--"][1:], strict=True):
        flag, equals, text = argument.partition("=")
        if argument.startswith("--") and (equals or not following.startswith("--")):
            found[flag[2:].replace("-", "_")] = text if equals else following
    return found


def _registry() -> ConstructorRegistry:
    """How one value is read: a None default is no value that anyone could give."""
    registry = ConstructorRegistry()

    @registry.primitive_rule
    def rule(info: PrimitiveTypeInfo) -> PrimitiveConstructorSpec[Any] | None:
        kind: Any = info.type
        if info.type_origin in (typing.Union, types.UnionType):
            kind, *more = [one for one in typing.get_args(kind) if one is not type(None)]
            kind = None if more else kind
        if kind not in WORDS:
            return None

        def read(texts: list[str]) -> Any:
            try:
                return kind(texts[0])
            except ValueError:
                raise ValueError(f"expected {WORDS[kind]}, not {texts[0]!r}.") from None

        return PrimitiveConstructorSpec(
            nargs=1,
            metavar=kind.__name__.upper(),
            instance_from_str=read,
            is_instance=lambda value: value is None or isinstance(value, kind),
            str_from_instance=lambda value: [str(value)],
        )

    return registry


def _plain(said: str) -> str:
    """A framed message of tyro as a sentence: what stands before the first rule in the frame.

    Where standard output is not UTF-8 there is no frame: a title, a rule, the message, a rule.
    """
    lines = [line.strip("│ ") for line in said.splitlines() if line[:1] not in ("╭", "╰")]
    if not said.startswith("╭"):
        lines = lines[2:]
    words: list[str] = []
    for line in lines:
        if words and not line.strip("─-"):
            break
        words.append(line)
    text = " ".join(words).replace("Error parsing ", "")
    return text if text.endswith(".") else f"{text}."
