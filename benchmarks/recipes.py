"""Every recipe fetched for real: counts, sizes, hashes and seconds, and a sheet of its pictures.

    python benchmarks/recipes.py [NAME ...]

Each is fetched with the package managers of this machine into a cache of its own, so nothing that
was there before counts; some 550 MB are downloaded. A sheet shows pictures to train on in the upper
half and held-out ones in the lower, each half in the order of classes or names.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from provenance import RESULTS, write

from gansmith.data.cached import set_folder
from gansmith.data.decode import Conversion
from gansmith.recipes.fetching import fetch
from gansmith.recipes.table import Recipe, recipe, recipes

COLUMNS, ROWS = 16, 4
SIDE = 64
PARTS = ("train", "held_out")


def main() -> None:
    """Fetch the recipes that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = parser.parse_args().names
    chosen = [recipe(name) for name in names] if names else recipes()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = cache
        write("recipes", {one.name: fetched(one) for one in chosen})


def fetched(one: Recipe) -> dict[str, Any]:
    """What came of fetching it."""
    start = time.monotonic()
    made = fetch(one)
    seconds = time.monotonic() - start
    folder = set_folder(one.name)
    files = [path for path in folder.rglob("*") if path.is_file()]
    result = {
        "train": made["train"],
        "held_out": made["held_out"],
        "licence": made["licence"],
        "packages": {package["file"]: package["sha256"] for package in made["packages"]},
        "download_megabytes": round(one.bytes / 1e6, 1),
        "megabytes": round(sum(path.stat().st_size for path in files) / 1e6, 1),
        "content_sha256": made["content_sha256"],
        "seconds": round(seconds, 1),
    }
    if one.opens.endswith(".tsv"):
        lines = (folder / one.opens).read_text(encoding="utf-8").splitlines()
        return {**result, "lines": spread(lines[1:], 8)}
    sheet = np.concatenate([grid(pictures(folder, part)) for part in PARTS])
    path = RESULTS / f"recipes-{one.name}.jpg"
    Image.fromarray(sheet).save(path, "JPEG", quality=85)
    return {**result, "sheet": path.name}


def pictures(folder: Path, part: str) -> list[np.ndarray]:
    """Some of a part's pictures, as training would see them but whole, uint8 (SIDE, SIDE, 3)."""
    convert = Conversion(height=SIDE, width=SIDE, crop="pad")
    if (folder / "data.npz").is_file():
        arrays = np.load(folder / "data.npz")
        prefix = "" if part == "train" else "held_out_"
        order = np.argsort(arrays[f"{prefix}labels"], kind="stable")
        images = arrays[f"{prefix}images"]
        found = [convert(images[number]) for number in spread(order, COLUMNS * ROWS)]
    else:
        paths = sorted(p for p in (folder / part).rglob("*") if p.suffix in (".png", ".jpg"))
        found = [convert(path.read_bytes()) for path in spread(paths, COLUMNS * ROWS)]
    return [np.stack([one] * 3, 2) if one.ndim == 2 else one for one in found]


def spread(values: Sequence[Any], count: int) -> list[Any]:
    """At most `count` of the values, evenly from the first to the last."""
    count = min(count, len(values))
    return [values[round(n * (len(values) - 1) / max(1, count - 1))] for n in range(count)]


def grid(images: list[np.ndarray]) -> np.ndarray:
    """Images side by side, in rows, a white line below."""
    sheet = np.full((ROWS * SIDE + 4, COLUMNS * SIDE, 3), 255, np.uint8)
    for number, image in enumerate(images):
        y, x = number // COLUMNS * SIDE, number % COLUMNS * SIDE
        sheet[y : y + SIDE, x : x + SIDE] = image
    return sheet


if __name__ == "__main__":
    main()
