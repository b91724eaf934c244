"""What is known of stored pictures, and hashes of their bytes: another set is never mixed in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from gansmith.data.source import Source

UNREADABLE = b"unreadable"
PICTURES = "pictures_sha256"
"""In a manifest, among what is known of the source: the hash over all its stored pictures."""


def known_hash(source: Source) -> str:
    """sha256 of what is known without reading a picture: names, classes, captions, attributes."""
    known = [source.names, source.labels, source.class_names, source.captions]
    known += [source.attributes] if source.attributes else []
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def digest(stored: bytes | np.ndarray) -> bytes:
    """sha256 of a stored picture."""
    if isinstance(stored, np.ndarray):
        stored = np.ascontiguousarray(stored).tobytes()
    return hashlib.sha256(stored).digest()


def hash_of(digests: Iterable[bytes]) -> str:
    """sha256 of several, in their order."""
    return hashlib.sha256(b"".join(digests)).hexdigest()


def pictures_hash(of_parts: Iterable[str]) -> str:
    """The hash of all pictures, from those of the parts."""
    return hash_of(bytes.fromhex(one) for one in of_parts)


def read_hash(source: Source, numbers: range, threads: int = 1) -> str:
    """sha256 of some of the stored pictures, which are read for it."""

    def one(number: int) -> bytes:
        try:
            return digest(source.read(number))
        except OSError:
            return UNREADABLE

    if threads == 1:
        return hash_of(map(one, numbers))
    with ThreadPoolExecutor(threads) as pool:
        return hash_of(pool.map(one, numbers))
