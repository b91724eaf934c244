"""How quickly pictures are prepared: `gansmith data prepare` against a plain Pillow loop, in turns.

    python benchmarks/prepare.py

The pictures are JPEG files of 178 x 218, as CelebA's are: random crops of the photographs in the
Debian package gnome-control-center-data, which is downloaded unless --photographs names a folder of
one's own. The loop is what one writes by hand: one process opens, turns, converts and resizes one
picture after the other with Pillow, and saves one array. Both make 64 x 64 with one filter, and
both are timed as commands, from the start of Python to its end. The figures are medians over rounds
of (time of the loop) / (time of prepare).
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from provenance import write

from gansmith.prepare.workers import processors

PACKAGE = "gnome-control-center-data"
WIDTH, HEIGHT, SIDE, QUALITY = 178, 218, 64, 90
LEAST = {"exact": 1.7, "quick": 2.5}
LOOP = f"""
import sys
from pathlib import Path
import numpy as np
from PIL import Image, ImageOps

images = []
for path in sorted(Path(sys.argv[1]).iterdir()):
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
        images.append(np.asarray(ImageOps.fit(image, ({SIDE}, {SIDE}), Image.Resampling.LANCZOS)))
np.save(sys.argv[2], np.stack(images))
"""


def main() -> None:
    """Make the pictures, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--photographs", type=Path, default=None)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        photographs = chosen.photographs or unpacked(folder)
        make_pictures(photographs, folder / "pictures", chosen.pictures)
        times = measured(folder, chosen.rounds)
        write("prepare", report(times, chosen.pictures) | {"quick_psnr_db": psnr(folder)})


def unpacked(folder: Path) -> Path:
    """The photographs of the package."""
    subprocess.run(["apt-get", "download", PACKAGE], cwd=folder, check=True, capture_output=True)
    (package,) = folder.glob(f"{PACKAGE}_*.deb")
    subprocess.run(["dpkg", "-x", package, folder / "package"], check=True)
    return folder / "package"


def make_pictures(photographs: Path, folder: Path, count: int) -> None:
    """Crops of random place, size and side, the same ones each time."""
    files = [path for path in sorted(photographs.rglob("*.jpg")) if not path.is_symlink()]
    opened = [Image.open(path).convert("RGB") for path in files]
    large = [image for image in opened if min(image.size) >= HEIGHT]
    chance = random.Random(0)
    folder.mkdir()
    for number in range(count):
        image = chance.choice(large)
        width = min(image.width, image.height * WIDTH / HEIGHT) * chance.uniform(0.55, 1)
        height = width * HEIGHT / WIDTH
        left, top = chance.uniform(0, image.width - width), chance.uniform(0, image.height - height)
        box = (left, top, left + width, top + height)
        crop = image.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box)
        crop = ImageOps.mirror(crop) if chance.random() < 0.5 else crop
        crop.save(folder / f"{number:06}.jpg", quality=QUALITY)


def measured(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of each way, one of each in every round, after one that is not counted."""
    command = ["-m", "gansmith", "data", "prepare", folder / "pictures", "--size", str(SIDE)]
    ways = {
        "loop": ["-c", LOOP, folder / "pictures", folder / "loop.npy"],
        "exact": [*command, folder / "exact"],
        "quick": [*command, folder / "quick", "--quick"],
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            shutil.rmtree(folder / name, ignore_errors=True)
            began = time.perf_counter()
            subprocess.run([sys.executable, *way], check=True, capture_output=True)
            times[name].append(time.perf_counter() - began)
    exact = np.load(folder / "exact" / "images.npy", mmap_mode="r")
    assert (np.load(folder / "loop.npy", mmap_mode="r") == exact).all(), "the same pixels"
    return {name: seconds[1:] for name, seconds in times.items()}


def report(times: dict[str, list[float]], pictures: int) -> dict[str, object]:
    """Ratios and images a second."""
    ratios = {
        name: [slow / fast for slow, fast in zip(times["loop"], times[name], strict=True)]
        for name in LEAST
    }
    return {
        "pictures": pictures,
        "rounds": len(times["loop"]),
        "processes": processors(),
        "images_a_second": {
            name: round(pictures / statistics.median(some)) for name, some in times.items()
        },
        "ratio": {
            name: {
                "median": round(statistics.median(some), 3),
                "lowest": round(min(some), 3),
                "highest": round(max(some), 3),
                "wanted": LEAST[name],
            }
            for name, some in ratios.items()
        },
    }


def psnr(folder: Path) -> dict[str, float]:
    """Of each quick picture against the exact one."""
    exact, quick = (np.load(folder / name / "images.npy", "r") for name in ("exact", "quick"))
    errors = [np.square(a.astype(float) - b).mean() for a, b in zip(exact, quick, strict=True)]
    values = 10 * np.log10(255**2 / np.maximum(errors, 1e-9))
    return {
        "mean": round(float(values.mean()), 2),
        "min": round(float(values.min()), 2),
        "share_of_35_and_above": round(float((values >= 35).mean()), 4),
    }


if __name__ == "__main__":
    main()
