"""The files of a Debian package, without Debian: an ar archive with a tar archive inside."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import IO, Any

from gansmith.errors import DataError

MAGIC, HEADER = b"!<arch>\n", 60
MODES: dict[bytes, Any] = {b"data.tar.xz": "r|xz", b"data.tar.gz": "r|gz", b"data.tar": "r|"}


class Part:
    """A stretch of an open file, read once from its beginning."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        """Begin where the file is."""
        self._file, self._left = file, size

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes."""
        wanted = self._left if size < 0 else min(size, self._left)
        content = self._file.read(wanted)
        self._left -= len(content)
        return content


def payload(file: IO[bytes], path: Path) -> tarfile.TarFile:
    """The tar archive inside, to be read once from its beginning.

    Raises:
        DataError: it is no Debian package, or one that is compressed in another way.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise DataError(f"{path} is not a Debian package.")
    seen = []
    while len(header := file.read(HEADER)) == HEADER:
        name = header[:16].strip().rstrip(b"/")
        size = _size(header, path)
        if name in MODES:
            part: Any = Part(file, size)
            return tarfile.open(fileobj=part, mode=MODES[name])
        seen.append(name.decode("ascii", "replace"))
        file.seek(size + size % 2, 1)
    raise DataError(f"{path} holds {', '.join(seen)}; expected data.tar.xz or data.tar.gz.")


def _size(header: bytes, path: Path) -> int:
    digits = header[48:58].strip()
    if not digits.isdigit():
        raise DataError(f"{path} is damaged: a header of the archive is no header.")
    return int(digits)
