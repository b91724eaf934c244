"""What the notebook says: sections of a file for each language, filled in with values."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from gansmith.errors import ConfigError, nearest
from gansmith.notebook.escaped import Made, code, escaped, prose, span

WORDS = Path(__file__).parent / "words"
LANGUAGES = ("en", "ko")
NAMES = {"ko": {"critic": "비평자", "discriminator": "판별자", "generator": "생성자"}}
"""Of networks, where a language has its own."""
HEAD = re.compile(r"<!-- ([\w-]+) -->\n")


def check_language(language: str) -> None:
    """Refuse what there are no words of.

    Raises:
        ConfigError: it is none of `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise ConfigError(
            f"No notebook in the language {language!r}. {nearest(language, LANGUAGES)}"
        )


@cache
def sections(language: str) -> dict[str, str]:
    """Every section by name, as a template."""
    parts = HEAD.split((WORDS / f"{language}.md").read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def say(language: str, section: str, **values: Any) -> Made:
    """A section with its values, as Markdown; what is not `Made` of it is escaped."""
    environment = Environment(
        undefined=StrictUndefined,
        finalize=lambda one: one if isinstance(one, Made) else escaped(one),
    )
    environment.filters.update(code=code, span=span, prose=prose)
    return Made(environment.from_string(sections(language)[section]).render(**values).strip())


def named(language: str, network: str) -> str:
    """A network's name in a language."""
    return NAMES.get(language, {}).get(network, network)
