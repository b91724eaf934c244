"""What a method that generates by class is asked for: classes by name, and a grid with rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from gansmith.batch import AttributedImages, DataSpec, attribute_rows
from gansmith.errors import ConfigError, nearest
from gansmith.method import Method
from gansmith.training.sampling import conditioned

MOST_ROWS = 64
"""With more classes than this, a grid has no row for each."""
COLUMNS, MOST_IMAGES = 8, 256
"""Of a grid with a row for each class."""
AND, NONE = "+", "none"
"""Between the attributes of one image, and for an image without any."""


class Conditions(NamedTuple):
    """What samples are asked for, in turn: sample i is of the (i mod K)-th."""

    names: tuple[str, ...]
    y: Tensor
    """(K,) class numbers, or (K, A) attributes."""

    @property
    def number(self) -> int:
        """Samples of a grid that has a row for each."""
        return len(self.names) * max(1, min(COLUMNS, MOST_IMAGES // len(self.names)))


def conditions_of(method: Method, spec: DataSpec, names: Sequence[str] = ()) -> Conditions | None:
    """The classes of these names, or all of them.

    Without names None where the method does not generate by class, or where the classes are one
    alone or more than `MOST_ROWS`.

    Args:
        method: whose samples are meant.
        spec: its data.
        names: of classes; of attributes, joined by "+" where an image is to have several, or
            "none".

    Raises:
        ConfigError: a name that is none, twice the same, or a method that takes none.
    """
    able = spec.classes > 0 and conditioned(method, spec)
    if names:
        if not able:
            reason = "does not generate by class" if spec.classes else "was trained without classes"
            raise ConfigError(
                f"--class {names[0]}: this run {reason}. Leave --class out, or train a method that "
                "eats labelled images; `gansmith list` shows which do."
            )
        if len(set(names)) < len(names):
            raise ConfigError(f"--class {' '.join(names)}: give each class once.")
        return Conditions(tuple(names), torch.stack([_label(spec, name) for name in names]))
    attributes = spec.batch is AttributedImages
    count = 2**spec.classes if attributes else spec.classes
    if not able or not 1 < count <= MOST_ROWS:
        return None
    if not attributes:
        return Conditions(spec.class_names, torch.arange(count))
    y = attribute_rows(spec.classes, 0, count)
    return Conditions(tuple(_words(spec, row) for row in y), y)


def _label(spec: DataSpec, name: str) -> Tensor:
    """What the generator is told: a class number, or a row of attributes."""
    known = spec.class_names
    if spec.batch is not AttributedImages:
        if name not in known:
            raise ConfigError(f"--class {name}: no such class. {nearest(name, known)}")
        return torch.tensor(known.index(name))
    y = torch.zeros(spec.classes)
    for part in [name] if name in known else name.split(AND) if name != NONE else ():
        if part not in known:
            raise ConfigError(f"--class {name}: no attribute {part!r}. {nearest(part, known)}")
        y[known.index(part)] = 1
    return y


def _words(spec: DataSpec, row: Tensor) -> str:
    """Such as "Male+Smiling"."""
    return AND.join(spec.class_names[place] for place in row.nonzero().flatten()) or NONE
