"""Names in any script in a picture: which installed fonts have the letters."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FONTS = (
    "DejaVu Sans", "Noto Sans CJK KR", "Noto Sans CJK JP", "Noto Sans KR", "Malgun Gothic",
    "Apple SD Gothic Neo", "AppleGothic", "NanumGothic", "Microsoft YaHei", "Yu Gothic",
)  # fmt: skip
"""Each letter of a name is drawn in the first of these that is installed and has it."""
FILES = ("notosanscjk-regular", "notosanskr", "malgun", "applesdgothic", "nanumgothic")
"""How the files of some of them begin."""


def lettered(text: str, longest: int = 34) -> str:
    """Text in letters that an installed font has, "?" for each other one, cut in the middle."""
    if len(text) > longest:
        text = f"{text[: longest // 2 - 1]}…{text[-longest // 2 :]}"
    return "".join(letter if ord(letter) in _letters() else "?" for letter in text)


@cache
def families() -> list[str]:
    """The fonts that are installed, in order of preference."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {Path(one.fname).name for one in fontManager.ttflist}
    for path in findSystemFonts():  # what was installed after matplotlib last looked, too
        name = Path(path).name
        if name.lower().startswith(FILES) and name not in known:
            fontManager.addfont(path)
    there = {one.name for one in fontManager.ttflist}
    return [name for name in FONTS if name in there]


@cache
def _letters() -> set[int]:
    from matplotlib.font_manager import fontManager, get_font

    names = families()
    files = {one.name: one.fname for one in fontManager.ttflist}
    return set().union(*(get_font(files[name]).get_charmap() for name in names))
