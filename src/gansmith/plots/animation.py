"""One animated GIF from the sample pictures that training saved."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from gansmith.plots.palette import in_few_colours
from gansmith.whole_file import write_whole

COMMENT = "Generated images: made by a neural network that gansmith trained."
MOST_PIXELS = 640
"""Pictures with a longer side are shrunk to it: a GIF grows with every pixel of every frame."""
LAST_MILLISECONDS = 2500
CAPTION_HEIGHT = 24
MOST_BYTES, FEWEST = 6_000_000, 24
"""A larger film is thinned to half its frames, and again, down to about two dozen."""


def animate(
    frames: Sequence[Path],
    out: Path,
    captions: Sequence[str] | None = None,
    most: int = 120,
    milliseconds: int | None = None,
    most_pixels: int = MOST_PIXELS,
) -> Path | None:
    """Write the frames as a looping GIF, whole or not at all; None, and no file, without frames.

    `frames`: pictures in order of time, all greyscale or all colour; the last one sets the size.
    `captions`: a short text for each frame, such as "step 500", in a strip below the picture.
    `most`: longer films are thinned evenly, but keep the first and the last frame; so are films
    above 6 MB.
    `milliseconds`: time of a frame; None: about ten seconds in all, each frame 80 to 500 ms.
    `most_pixels`: frames with a longer side are shrunk to it.
    The last frame stays 2.5 seconds. Equal neighbours become one frame that stays longer.
    Raises ValueError where captions and frames differ in number, or `most` is below 1.
    """
    if captions is not None and len(captions) != len(frames):
        raise ValueError(f"{len(captions)} captions for {len(frames)} frames")
    if not frames:
        return None
    chosen = thinned(len(frames), most)
    if milliseconds is None:
        milliseconds = min(500, max(80, 10_000 // len(chosen)))
    pictures = _opened([frames[index] for index in chosen], most_pixels)
    if captions is not None:
        pictures = [
            _captioned(picture, captions[index])
            for picture, index in zip(pictures, chosen, strict=True)
        ]
    write_whole(out, _gif(in_few_colours(pictures), milliseconds))
    return out


def thinned(count: int, most: int) -> list[int]:
    """At most `most` indices below `count`, evenly spaced, the last one and the first among them.

    Where `most` is 1, only the last. Raises ValueError where `most` is below 1.
    """
    if most < 1:
        raise ValueError(f"at most {most} frames; expected 1 or more")
    if most == 1:
        return [count - 1]
    return np.linspace(0, count - 1, min(count, most)).round().astype(int).tolist()


def _opened(paths: Sequence[Path], most: int) -> list[Image.Image]:
    """The pictures, greyscale or RGB alike, in the size of the last one, `most` pixels a side."""
    pictures: list[Image.Image] = []
    for path in paths:
        with Image.open(path) as picture:
            pictures.append(picture.convert("L" if picture.mode in ("1", "L") else "RGB"))
    mode = "L" if all(picture.mode == "L" for picture in pictures) else "RGB"
    width, height = pictures[-1].size
    shrink = min(1.0, most / max(width, height))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    return [
        picture.convert(mode) if picture.size == size else ImageOps.pad(picture.convert(mode), size)
        for picture in pictures
    ]


def _captioned(picture: Image.Image, caption: str) -> Image.Image:
    """The picture above a strip that holds the text, as large as fits."""
    width, height = picture.size
    strip = Image.new(picture.mode, (width, height + CAPTION_HEIGHT), "white")
    strip.paste(picture)
    draw, points = ImageDraw.Draw(strip), 14
    while points > 6 and draw.textlength(caption, ImageFont.load_default(points)) > width - 8:
        points -= 1
    middle = (width / 2, height + CAPTION_HEIGHT / 2)
    draw.text(middle, caption, "#303030", ImageFont.load_default(points), anchor="mm")
    return strip


def _gif(pictures: list[Image.Image], milliseconds: int) -> bytes:
    """The pictures as the bytes of a GIF that loops for ever, every other one dropped if large."""
    content = BytesIO()
    pictures[0].save(
        content,
        format="GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=[milliseconds] * (len(pictures) - 1) + [max(milliseconds, LAST_MILLISECONDS)],
        loop=0,
        optimize=False,  # would give each frame its own palette
        comment=COMMENT.encode(),
    )
    if content.tell() > MOST_BYTES and len(pictures) > FEWEST:
        kept = thinned(len(pictures), (len(pictures) + 1) // 2)
        return _gif([pictures[index] for index in kept], 2 * milliseconds)
    return content.getvalue()
