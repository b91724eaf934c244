"""The fixed words of a report, by language; a table of each lies in words/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from gansmith.errors import ConfigError, nearest

HERE = Path(__file__).parent
LANGUAGES = ("en", "ko")
Words = Mapping[str, Mapping[str, str]]
"""By section and key."""


def words(language: str) -> Words:
    """The words of a language.

    Raises:
        ConfigError: there are none.
    """
    if language not in LANGUAGES:
        raise ConfigError(f"--language {language}: {nearest(language, LANGUAGES)}")
    return tomllib.loads((HERE / "words" / f"{language}.toml").read_text(encoding="utf-8"))


def measure_names(language: str) -> Mapping[str, str]:
    """Names of measures by key, for languages in which the measurement's own is not read."""
    path = HERE / "words" / f"measures_{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def duration(seconds: float, w: Words) -> str:
    """Wall-clock time in the two largest units."""
    whole = round(seconds)
    minutes, hours = whole // 60, whole // 3600
    if hours:
        return w["trained"]["hours"].format(hours=f"{hours:,}", minutes=minutes % 60)
    if minutes:
        return w["trained"]["minutes"].format(minutes=minutes, seconds=whole % 60)
    return w["trained"]["seconds"].format(seconds=f"{seconds:.1f}")


def byte_size(count: int) -> str:
    """Such as 1.2 MB."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("the last unit takes all")
