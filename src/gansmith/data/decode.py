"""From a stored picture to pixels of the size asked for: one way, for training and preparing."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from gansmith.errors import DataError

SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I;16N", "I")
GREY = ("1", "L", "LA", "La", *SIXTEEN_BIT)
MOST_PIXELS = 89_000_000
"""A picture that claims more is not decoded: a small file can claim any size. Pillow itself warns
from just above this on, and refuses twice as many."""
TOO_LARGE = f"it claims more than {MOST_PIXELS // 10**6} million pixels"
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What puts an image upright, by its EXIF orientation; the rest of its EXIF data is not read."""


class UnreadableError(DataError):
    """A picture that cannot be decoded; the message is the reason alone, such as "not an image"."""


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """What is done to every picture; the same settings give the same pixels, anywhere."""

    height: int
    width: int
    crop: Literal["center", "resize", "pad"] = "center"
    """"center" cuts the largest centred part of the wanted shape; "resize" stretches the whole
    picture; "pad" keeps it whole and fills the rest with the background."""
    background: str = "white"
    """The colour under transparent pixels and around padded pictures, as CSS names it."""
    resampling: Image.Resampling = Image.Resampling.LANCZOS
    quick: bool = False
    """Let the JPEG decoder halve large pictures while it decodes: quicker, slightly other pixels.
    """

    def __call__(self, stored: bytes | np.ndarray) -> np.ndarray:
        """A stored picture as uint8 (height, width) where it is grey, else (height, width, 3).

        Raises:
            UnreadableError: it cannot be decoded.
        """
        try:
            with opened(stored) as image:
                if self.quick:
                    self._halve(image)
                return np.asarray(self._resized(flattened(upright(image), self.background)))
        except UnreadableError:
            raise
        except Exception as error:  # decoders raise anything on a damaged file
            raise UnreadableError(reason(error)) from error

    def _halve(self, image: Image.Image) -> None:
        """Ask a JPEG decoder for the smallest of its sizes that still covers the wanted one."""
        height, width = self.height, self.width
        if image.getexif().get(ExifTags.Base.Orientation, 1) >= 5:
            height, width = width, height
        if self.crop == "center":  # what is cut off has to be covered too
            scale = max(width / image.width, height / image.height)
            width, height = round(image.width * scale), round(image.height * scale)
        image.draft(None, (width, height))

    def _resized(self, image: Image.Image) -> Image.Image:
        size = (self.width, self.height)
        if self.crop == "center":
            return ImageOps.fit(image, size, self.resampling)
        if self.crop == "resize":
            return image.resize(size, self.resampling)
        return ImageOps.pad(image, size, self.resampling, color=self.background)


def opened(stored: bytes | np.ndarray) -> Image.Image:
    """A picture whose header has been read, and no pixel of it where it is a file.

    Raises:
        UnreadableError: it is no picture, or claims more than `MOST_PIXELS`.
    """
    if isinstance(stored, np.ndarray):
        return Image.fromarray(stored)
    try:
        image = Image.open(io.BytesIO(stored))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableError(TOO_LARGE) from error
    except Exception as error:
        raise UnreadableError(reason(error) if stored else "an empty file") from error
    if image.width * image.height > MOST_PIXELS:
        raise UnreadableError(TOO_LARGE)
    return image


def upright(image: Image.Image) -> Image.Image:
    """The picture turned as its EXIF orientation says."""
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def flattened(image: Image.Image, background: str) -> Image.Image:
    """Grey ("L") where the picture is stored in grey, else "RGB"; no transparency, 8 bits."""
    if image.mode == "F":
        raise UnreadableError("its pixels are floats, whose range is not known: save it in 8 bits")
    mode = "L" if image.mode in GREY else "RGB"
    if image.mode in SIXTEEN_BIT:
        pixels = np.asarray(image, dtype=np.float32) / (65535 / 255)
        image = Image.fromarray(pixels.clip(0, 255).round().astype(np.uint8))
    if image.mode in ("RGBA", "LA", "La", "RGBa", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        under = Image.new("RGBA", image.size, background)
        image = Image.alpha_composite(under, image)
    return image if image.mode == mode else image.convert(mode)


def reason(error: BaseException) -> str:
    """Why a picture cannot be decoded, in a few words."""
    if isinstance(error, UnidentifiedImageError):
        return "not an image"
    return str(error).partition("\n")[0] or type(error).__name__
