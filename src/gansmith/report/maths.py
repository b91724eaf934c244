"""The idea of each method in a paragraph with its equations, from a table beside this file.

A method without one, such as a user's own, is told by its docstring.
"""

from __future__ import annotations

import inspect
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from gansmith.method import Method

HERE = Path(__file__).parent / "methods"


class Equation(NamedTuple):
    """One equation."""

    about: str
    """What it says, in words."""
    math: Markup
    """MathML."""
    used: bool
    """Whether it is the form that this run took, where there are several."""


class Explained(NamedTuple):
    """A method."""

    text: str
    equations: list[Equation]
    english: bool
    """Whether it is in English whatever the report's language."""


def explain(name: str, method: Method, language: str) -> Explained:
    """What a method does.

    Args:
        name: of the table of methods, or a class' name.
        method: with the run's values.
        language: of the table's texts.
    """
    path = HERE / f"{name}.toml"
    if not path.is_file() or not type(method).__module__.startswith("gansmith.methods."):
        return Explained(_said(type(method)), [], True)
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    equations = [_equation(one, method, language) for one in raw["equations"]]
    return Explained(raw["text"][language].strip(), equations, False)


def _said(kind: type) -> str:
    """The first paragraph of a class' docstring; of its file's where it has none of its own."""
    text = kind.__doc__ or ""
    if not text or text.startswith(f"{kind.__name__}("):  # what dataclasses write in its place
        text = sys.modules[kind.__module__].__doc__ or ""
    return inspect.cleandoc(text).split("\n\n")[0]


def _equation(raw: dict[str, Any], method: Method, language: str) -> Equation:
    forms = {k: v if isinstance(v, list) else [v] for k, v in raw.get("when", {}).items()}
    used = any(getattr(method, field) in values for field, values in forms.items())
    return Equation(raw[language], Markup(raw["math"].strip()), used)
