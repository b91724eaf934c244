"""How a picture is stored, as its header tells."""

from __future__ import annotations

from PIL import ExifTags, Image

from gansmith.data.decode import SIXTEEN_BIT, TURNS


def kind_of(image: Image.Image) -> str:
    """How its pixels are stored, in words."""
    mode, clear = image.mode, "transparency" in image.info
    if mode == "I" or mode in SIXTEEN_BIT or any(";16" in str(tile) for tile in _tiles(image)):
        return "16-bit"
    if mode in ("P", "PA"):
        return "palette with transparency" if clear or mode == "PA" else "palette"
    if mode in ("RGBA", "RGBa") or (mode == "RGB" and clear):
        return "RGBA"
    if mode in ("LA", "La") or (mode in ("1", "L") and clear):
        return "grey with transparency"
    return {"1": "grey", "L": "grey", "F": "float"}.get(mode, mode)


def _tiles(image: Image.Image) -> list:
    """How the file's pixels are packed: only here a PNG of 3 x 16 bits differs from one of 8."""
    return getattr(image, "tile", [])


def _orientation(image: Image.Image) -> int:
    return image.getexif().get(ExifTags.Base.Orientation, 1)


def is_turned(image: Image.Image) -> bool:
    """Whether its EXIF data say that it is not stored upright."""
    return _orientation(image) in TURNS


def lies(image: Image.Image) -> bool:
    """Whether width and height are exchanged once it is upright."""
    return 5 <= _orientation(image) <= 8


def has_frames(image: Image.Image) -> bool:
    """Several frames or pages; the second picture in a camera's file is only its preview."""
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))
