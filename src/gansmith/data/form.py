"""What pictures are made into: their size, what becomes of the rest, and what their classes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from gansmith.errors import DataError

Crop: TypeAlias = Literal["center", "resize", "pad"]
Size: TypeAlias = int | tuple[int, int]
SIDE = 64
"""Of files of many sizes, unless one is given."""
LABELS = ("label", "attributes", "labels_file")
"""The fields that say what is told of pictures."""
ALL = ("size", "crop", "background", *LABELS)


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a user wants of the pictures, whatever they come from.

    Raises:
        DataError: a size or a colour that is none.
    """

    size: Size | None = None
    """One side in pixels, or (height, width); None for the set's own."""
    crop: Crop = "center"
    """"center" cuts the largest centred part of the wanted shape; "resize" stretches the whole
    picture; "pad" keeps it whole and fills the rest with the background."""
    background: str = "white"
    """The colour under transparent pixels and around padded pictures, as CSS names it."""
    label: tuple[str, ...] = ()
    """The attributes whose combinations become the classes."""
    attributes: tuple[str, ...] = ()
    """The attributes that are told of each picture, of which it may have any number."""
    labels_file: str | None = None
    """A table of labels or attributes; None for a labels.csv among the pictures."""

    def __post_init__(self) -> None:
        _ = self.sides
        check_colour(self.background)
        if self.label and self.attributes:
            raise DataError(
                "--label makes classes of attributes, --attributes tells each of them by itself: "
                "give one of the two."
            )

    @property
    def sides(self) -> tuple[int, int] | None:
        """(height, width), or None for the set's own."""
        return None if self.size is None else sides(self.size)

    @property
    def columns(self) -> tuple[str, ...]:
        """The attributes that are looked up, in either way."""
        return self.label or self.attributes

    def changes(self, of: Sequence[str] = ALL) -> list[str]:
        """The flags among these that ask for something, such as ["--size"]."""
        start = Form()
        asked = [name for name in of if getattr(self, name) != getattr(start, name)]
        return ["--" + name.replace("_", "-") for name in asked]


def sides(size: Any) -> tuple[int, int]:
    """(height, width) of 64, (64, 96) or what a JSON file holds of it.

    Raises:
        DataError: it is no size.
    """
    pair: tuple[Any, ...] = tuple(size) if isinstance(size, list | tuple) else (size, size)
    whole = all(hasattr(side, "__index__") and not isinstance(side, bool) for side in pair)
    if len(pair) != 2 or not whole or min(pair) < 1:
        raise DataError(
            f"--size {written(size)}: give the side of the images in pixels, such as 64, "
            "or height and width, such as 64x96."
        )
    return int(pair[0]), int(pair[1])


def plain(size: Any) -> Size:
    """A size as Python's own numbers; one number where height and width are the same.

    Raises:
        DataError: it is no size.
    """
    height, width = sides(size)
    return height if height == width else (height, width)


def parsed(text: str) -> Size:
    """A size as it is written on a command line: 64, or 64x96 for height and width.

    Raises:
        ValueError: it is none.
    """
    numbers = [int(part) for part in text.lower().split("x")]
    if len(numbers) == 1:
        return numbers[0]
    height, width = numbers
    return height, width


def written(size: Any) -> str:
    """A size as it is written on a command line."""
    return "x".join(map(str, size)) if isinstance(size, list | tuple) else str(size)


def check_colour(name: str) -> None:
    """Refuse what is no colour, and one that is itself transparent."""
    from PIL import ImageColor

    try:
        colour = ImageColor.getrgb(name)
    except ValueError:
        colour = ()
    if len(colour) != 3:
        raise DataError(f'--background {name}: give a colour such as white, black or "#ff8800".')
