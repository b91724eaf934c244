"""Build a folder in which every known thing is wrong, and a clean one beside it.

python tests/data_check/hostile.py FOLDER      # makes FOLDER/hostile and FOLDER/clean
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 96
GOOD = 40
Planted = dict[str, set[str]]
"""Names of the pictures, by the kind of finding that has to name them."""


def picture(seed: int, side: int = SIDE, height: int | None = None) -> Image.Image:
    """A colourful picture like no other: soft blobs and a little grain."""
    random = np.random.default_rng(seed)
    blobs = Image.fromarray(random.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    soft = np.asarray(blobs.resize((side, height or side), Image.Resampling.BICUBIC))
    grain = random.integers(-6, 7, soft.shape)
    return Image.fromarray((soft + grain).clip(0, 255).astype(np.uint8))


def clean(folder: Path, number: int = GOOD, first: int = 0) -> list[str]:
    """Pictures with nothing wrong; gives their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"good {first + index:04d}.png" for index in range(number)]
    for index, name in enumerate(names):
        picture(first + index).save(folder / name)
    return names


def header(width: int, height: int) -> bytes:
    """A whole PNG of a few bytes that claims any size: it has no pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    first = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", first) + pixels + chunk(b"IEND", b"")


def hostile(folder: Path) -> Planted:
    """Everything at once."""
    clean(folder, first=1000)
    planted = _broken(folder) | _stored(folder) | _named(folder) | _again(folder)
    return planted | (_links(folder) if hasattr(os, "symlink") else {})


def _broken(folder: Path) -> Planted:
    (folder / "zero.png").touch()
    (folder / "text.jpg").write_text("<html>404 Not Found</html>")
    for name in ("cut.png", "cut.jpg"):
        picture(1 if name == "cut.png" else 2).save(folder / name)
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])
    (folder / "bomb.png").write_bytes(header(20_000, 20_000))
    picture(3).save(folder / "damaged.png")
    whole = bytearray((folder / "damaged.png").read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    (folder / "damaged.png").write_bytes(bytes(whole))
    Image.fromarray(np.ones((SIDE, SIDE), np.float32)).save(folder / "float.tiff")
    return {
        "empty": {"zero.png"},
        "not-image": {"text.jpg"},
        "truncated": {"cut.png", "cut.jpg"},
        "too-large": {"bomb.png"},
        "damaged": {"damaged.png"},
        "float": {"float.tiff"},
    }


def _stored(folder: Path) -> Planted:
    """Pictures that can be read, and are stored in ways of their own."""
    picture(10).convert("CMYK").save(folder / "print.jpg", quality=95)
    deep = np.asarray(picture(11).convert("L")).astype(np.uint16) * 257
    Image.fromarray(deep).save(folder / "deep.png")
    clear = picture(12)
    clear.putalpha(picture(13).convert("L"))
    clear.save(folder / "clear.png")
    picture(14).quantize(32).save(folder / "palette.png")
    picture(15).quantize(32).save(folder / "hole.png", transparency=3)
    Image.new("RGB", (1, 1), "teal").save(folder / "dot.png")
    Image.new("RGB", (SIDE, SIDE), "tan").save(folder / "even.png")
    picture(16, 30, 300).save(folder / "narrow.png")
    picture(17, 10_400, 70).save(folder / "strip.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(18, SIDE, 120).save(folder / "turned.jpg", exif=exif)
    frames = [picture(seed) for seed in (19, 20, 21)]
    frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:])
    return {
        "cmyk": {"print.jpg"},
        "16-bit": {"deep.png"},
        "transparent": {"clear.png"},
        "palette": {"palette.png", "moving.gif"},
        "palette-transparent": {"hole.png"},
        "small": {"dot.png", "narrow.png"},
        "one-colour": {"dot.png", "even.png"},
        "long-side": {"strip.png"},
        "turned": {"turned.jpg"},
        "animated": {"moving.gif"},
        "mixed-colours": {"deep.png"},
    }


def long_path(folder: Path) -> Path:
    """A name as long as file systems take, in folders that make a path of over 300 letters."""
    place = folder / ("folder " + "x" * 150)
    place.mkdir(parents=True, exist_ok=True)
    return place / ("y" * 200 + ".png")


def _named(folder: Path) -> Planted:
    """Names that are hard to print; the pictures are bad, so that they have to be printed."""
    names = ["with space.png", "line\nbreak\t\x1b[31m.png", "한글 그림.png", "a\\b[red].png"]
    paths = [folder / name for name in names if os.name != "nt" or name.isprintable()]
    for path in [*paths, long_path(folder)]:
        path.touch()
    empty = {path.relative_to(folder).as_posix() for path in [*paths, long_path(folder)]}
    (folder / "notes.txt").write_text("notes")
    (folder / "phone.heic").write_bytes(b"heic")
    (folder / "._macos.png").write_bytes(b"notes of macOS")
    return {
        "empty": empty | {"zero.png"},
        "other-file": {"notes.txt"},
        "other-picture": {"phone.heic"},
    }


def _again(folder: Path) -> Planted:
    """One picture in several forms."""
    picture(30).save(folder / "twin a.png")
    picture(30).save(folder / "twin b.bmp")  # other bytes, the same pixels
    picture(31).save(folder / "near a.png")
    picture(31).save(folder / "near b.jpg", quality=85)
    picture(31).resize((SIDE + 20, SIDE + 20), Image.Resampling.LANCZOS).save(folder / "near c.png")
    return {
        "duplicate": {"twin a.png", "twin b.bmp"},
        "near-duplicate": {"near a.png", "near b.jpg", "near c.png"},
    }


def _links(folder: Path) -> Planted:
    (folder / "round").mkdir()
    (folder / "round" / "back").symlink_to(folder, target_is_directory=True)
    (folder / "self.png").symlink_to(folder / "self.png")
    (folder / "gone.png").symlink_to(folder / "nowhere.png")
    elsewhere = folder.parent / f"{folder.name} elsewhere"
    elsewhere.mkdir(exist_ok=True)
    (folder / "linked").symlink_to(elsewhere, target_is_directory=True)
    return {
        "link-loop": {"round/back", "self.png"},
        "broken-link": {"gone.png"},
        "linked-folder": {"linked"},
    }


if __name__ == "__main__":
    for kind, names in hostile(Path(sys.argv[1]) / "hostile").items():
        print(kind, *map(ascii, sorted(names)))
    clean(Path(sys.argv[1]) / "clean")
