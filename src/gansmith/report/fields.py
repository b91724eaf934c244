"""Each hyper-parameter of a run beside the paper's value and the default, with its meaning."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
import textwrap
from itertools import pairwise
from typing import Any, NamedTuple

from gansmith.config import served
from gansmith.method import Method
from gansmith.report.words import Words


class Row(NamedTuple):
    """One hyper-parameter, in words."""

    name: str
    value: str
    paper: str
    """Empty where there is no preset of a paper."""
    default: str
    deviates: bool
    """From the paper; where there is none, from the default."""
    meaning: str


class Table(NamedTuple):
    """All of them."""

    rows: list[Row]
    has_paper: bool
    deviations: str
    """What else differs from the paper, as the method's file says; empty where it says nothing."""


def table(method: Method, batch: str, w: Words) -> Table:
    """The hyper-parameters of a method.

    Args:
        method: with the run's values.
        batch: name of the batch type of the run's data.
        w: words.
    """
    kind = type(method)
    presets = kind.presets(served(kind, batch))
    default = kind(**presets.get("default", {}))
    paper = kind(**presets["paper"]) if "paper" in presets else None
    said, rows = meanings(kind), []
    for field in dataclasses.fields(kind):
        one = (getattr(some, field.name) for some in (method, paper or default, default))
        value, compared, usual = one
        rows.append(
            Row(
                name="--" + field.name.replace("_", "-"),
                value=shown(value, w),
                paper=shown(compared, w) if paper else "",
                default=shown(usual, w),
                deviates=value != compared,
                meaning=said.get(field.name, ""),
            )
        )
    return Table(rows, paper is not None, _deviations(kind))


def shown(value: Any, w: Words) -> str:
    """A value for people."""
    if isinstance(value, bool):
        return w["fields"]["yes" if value else "no"]
    if isinstance(value, tuple):
        return ", ".join(shown(one, w) for one in value) or w["fields"]["empty"]
    return f"{value:g}" if isinstance(value, float) else str(value)


def meanings(kind: type) -> dict[str, str]:
    """What stands below each field in the source of a class and those that it builds on."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        if dataclasses.is_dataclass(one):
            found |= _below_fields(one)
    return found


def _below_fields(kind: type) -> dict[str, str]:
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    except (OSError, TypeError, SyntaxError):  # a class from a notebook or a stream has no source
        return {}
    lines = body.body if isinstance(body, ast.ClassDef) else []
    return {
        field.target.id: " ".join(inspect.cleandoc(text.value.value).split())
        for field, text in pairwise(lines)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _deviations(kind: type) -> str:
    """What the docstring of the class' file says from its deviations on."""
    text = " ".join((sys.modules[kind.__module__].__doc__ or "").split())
    found = re.search(r"(Deviations?:|Our defaults? (further )?differ).*", text)
    return found.group().replace("`", "") if found else ""
