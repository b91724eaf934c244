"""One look at one picture: what it is, whether it decodes, and prints to compare it by."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from PIL import Image

from gansmith.data.decode import TOO_LARGE, flattened, opened, reason, upright
from gansmith.data_check.kind import has_frames, is_turned, kind_of, lies
from gansmith.data_check.room import ROOM, Room, bytes_to_decode

SMALL = 64
"""Side of the small copy from which the prints are made."""
THUMB = 12
BAND_PIXELS = 4_000_000
"""Pixels that are flattened at one time, so that no second copy of a large picture is made."""
NOISE = 1
"""Levels that compression adds to an even ground: no difference yet."""
NEARLY_GREY = 2
"""Levels by which the channels of a picture without colour may differ after compression."""


class Prints(NamedTuple):
    """What two pictures are compared by."""

    digest: bytes
    """16 bytes of a hash of the flattened, upright pixels and their size."""
    bits: int
    """The 64 bits of the difference hash: is a cell of 8 x 9 brighter than its left neighbour."""
    thumb: np.ndarray
    """uint8 (THUMB * THUMB * 3,)."""


class Look(NamedTuple):
    """What is known of a picture; of one with a fault, only the fault and its reason."""

    fault: str = ""
    reason: str = ""
    width: int = 0
    height: int = 0
    kind: str = ""
    """How it is stored, such as "RGBA" or "palette with transparency"."""
    turned: bool = False
    frames: bool = False
    even: bool = False
    """One colour all over."""
    grey: bool = False
    """No colour in it, however it is stored."""
    prints: Prints | None = None
    """None where looking at the pixels would take too much memory."""


def look_at(stored: bytes | np.ndarray, room: Room) -> Look:
    """Read the header, then decode every pixel; nothing is raised for a damaged picture."""
    try:
        with opened(stored) as image:
            kind, turned, frames = kind_of(image), is_turned(image), has_frames(image)
            width, height = image.size[:: -1 if lies(image) else 1]
            known = Look(width=width, height=height, kind=kind, turned=turned, frames=frames)
            cost = bytes_to_decode(image, turned)
            if cost > ROOM:
                return known
            with room.taken(cost):
                return _looked(image, known)
    except Exception as error:  # decoders raise anything on a damaged file
        why = reason(error)
        return Look(fault=fault_of(error, why), reason=why)


def fault_of(error: Exception, why: str) -> str:
    """The kind of fault."""
    if why == TOO_LARGE or isinstance(error, Image.DecompressionBombError):
        return "too-large"
    if why in ("an empty file", "not an image"):
        return why.replace("an empty file", "empty").replace(" an ", "-")
    if why.startswith("its pixels are floats"):
        return "float"
    return "truncated" if "truncated" in why.lower() else "damaged"


def _looked(image: Image.Image, known: Look) -> Look:
    image.load()
    image = upright(image)
    small = Image.new("RGB", (SMALL, SMALL))
    digest = hashlib.blake2b(f"{image.size}".encode(), digest_size=16)
    lows, highs = [], []
    parts = _parts(image)
    for part in range(parts):
        edges = [image.height * edge // parts for edge in (part, part + 1)]
        band = image if parts == 1 else image.crop((0, edges[0], image.width, edges[1]))
        band = flattened(band, "white").convert("RGB")
        digest.update(band.tobytes())
        low, high = zip(*band.getextrema(), strict=True)
        lows.append(low)
        highs.append(high)
        share = SMALL // parts
        small.paste(band.resize((SMALL, share), Image.Resampling.BOX), (0, part * share))
    even = bool((np.min(lows, 0) == np.max(highs, 0)).all())
    channels = np.asarray(small, dtype=np.int16)
    grey = bool(np.ptp(channels, axis=2).max() <= NEARLY_GREY)
    return known._replace(even=even, grey=grey, prints=Prints(digest.digest(), *_small(small)))


def _parts(image: Image.Image) -> int:
    """Bands of rows to take the picture in: a power of two, at most one a row of the small copy."""
    parts = 1
    while image.width * image.height > parts * BAND_PIXELS and 2 * parts <= min(
        SMALL, image.height
    ):
        parts *= 2
    return parts


def _small(small: Image.Image) -> tuple[int, np.ndarray]:
    """(difference hash, thumb) of the small copy."""
    cells = np.asarray(small.convert("L").resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    brighter = (cells[:, 1:] > cells[:, :-1] + NOISE).ravel()
    bits = int.from_bytes(np.packbits(brighter).tobytes(), "big")
    thumb = np.asarray(small.resize((THUMB, THUMB), Image.Resampling.BOX))
    return bits, thumb.reshape(-1).copy()
