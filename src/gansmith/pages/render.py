"""Templates into self-contained HTML; each package keeps its own beside its code."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TYPES = {".png": "image/png", ".gif": "image/gif", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}
HERE = Path(__file__).parent


def render(template: Path, **values: object) -> str:
    """The page that a template file makes of values; whatever stands in them is escaped.

    A template extends "base.html" of this package, which takes a `language` and a `title`, holds
    the style and a content-security policy that allows nothing from outside and no script.
    """
    made = Environment(
        loader=FileSystemLoader([template.parent, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["data_uri"] = data_uri
    return made.get_template(template.name).render(**values)


def data_uri(picture: Path | bytes, suffix: str = "") -> str:
    """A picture as an address that holds it: data:image/png;base64,...

    Args:
        picture: a file, or the content of one.
        suffix: says what kind it is, such as ".png"; default: the file's own.
    """
    content = picture if isinstance(picture, bytes) else picture.read_bytes()
    kind = TYPES[suffix or Path(str(picture)).suffix.lower()]
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
