"""Where a comparison is written: a page, a picture and its numbers, in one folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from gansmith.errors import RunError
from gansmith.evaluation.comparison import Comparison
from gansmith.evaluation.comparison_page import write_page
from gansmith.evaluation.comparison_picture import write_picture
from gansmith.whole_file import write_whole

FILES = {"page": "comparison.html", "picture": "comparison.png", "numbers": "comparison.json"}


def write_comparison(comparison: Comparison, out: Path) -> Comparison:
    """Write the three files into a folder that is there; returns the comparison that names them.

    Raises:
        RunError: they cannot be written.
    """
    files = {name: out / file for name, file in FILES.items()}
    named = replace(comparison, files={name: str(path) for name, path in files.items()})
    try:
        write_page(named, files["page"])
        write_picture(named, files["picture"])
        content = json.dumps(named.as_json(), indent=2, allow_nan=False) + "\n"
        write_whole(files["numbers"], content.encode())
    except OSError as error:
        raise RunError(f"{out} cannot be written: {error}. Give another --out.") from error
    return named


def folder(out: Path | None) -> Path:
    """The folder to write into, made here; None: comparison-N below the working directory.

    Raises:
        RunError: it cannot be made, or is no folder.
    """
    try:
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            return out
        number = 1
        while True:
            try:
                Path(f"comparison-{number}").mkdir()
                return Path(f"comparison-{number}")
            except FileExistsError:
                number += 1
    except OSError as error:
        where = out or Path("comparison-1").resolve()
        raise RunError(f"{where} cannot be made: {error}. Give another --out.") from error
