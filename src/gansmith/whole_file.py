"""Write a file so that a reader sees the old content or the new, never a part."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, synced: bool = False) -> None:
    """Write `content` beside `path`, then rename it into place; makes the folder if needed.

    With `synced` it outlives a power cut, which costs milliseconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with beside.open("wb") as file:
            file.write(content)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
