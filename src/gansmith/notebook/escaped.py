"""Names and texts of others as Markdown that shows them, whatever stands in them.

What is escaped is not only live HTML: a code span, a formula or a row of a table that a name begins
would swallow what comes after it.
"""

from __future__ import annotations

MARKS = "&<>`*[]|~#"
ALONE = "$\\"
"""They begin formulas even where they are entities, but not where each is in an element alone."""


class Made(str):
    """Markdown that is as it should be."""


def escaped(text: object) -> Made:
    """A text as a part of a line."""
    return Made("".join(map(_shown, " ".join(str(text).splitlines()))))


def prose(text: object) -> Made:
    """A text of several lines, such as a docstring: its lines and paragraphs stay."""
    return Made("\n".join(escaped(line.strip()) for line in str(text).splitlines()))


def code(text: object) -> Made:
    """A text between backticks, or as a line of code: in it nothing is live but its end."""
    return Made("".join("\ufffd" if not one.isprintable() else one for one in str(text)))


def span(text: object) -> Made:
    """A text as a code span, also in a cell of a table."""
    return Made("`" + code(text).replace("`", "'").replace("|", "\\|") + "`")


def _shown(letter: str) -> str:
    entity = f"&#{ord(letter)};"
    if letter in ALONE:
        return f"<span>{entity}</span>"
    return entity if letter in MARKS else letter
