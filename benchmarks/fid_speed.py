"""How long a Fréchet distance of 10,000 images of 28 x 28 takes, with the classifier's features.

    python benchmarks/fid_speed.py

"first" trains the classifier and sees all real images; "again" takes both from the cache, as every
evaluation of the same data after the first does; "distance" passes the 10,000 generated images
through the classifier and computes the distance and its extrapolation. The wanted time is that of
"again" and "distance". The images are the embedded digits, turned and moved a little: real ones to
train on and held out, 10,000 each, and others in place of generated ones. Where others run on the
machine, the seconds that its processors worked for this tell more than those on the wall.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import tempfile
import time

import torch
from provenance import write
from torch import Tensor

from gansmith.batch import DataSet
from gansmith.data import open_data
from gansmith.data.resident import ResidentImages, resident
from gansmith.metrics.features.jitter import NUMBERS, jitter
from gansmith.metrics.images.frechet import frechet
from gansmith.metrics.judge import make_judge

WANTED = 20.0


def main() -> None:
    """Measure each part once, in a cache of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=10_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = cache
        data, generated = made(chosen.images)
        clock = Clock()
        for name in ("first", "again"):
            judge = make_judge(data)
            clock.lap(name)
        given = judge.given(generated)
        (measured,) = frechet(given)
        clock.lap("distance")
    write(
        "fid_speed",
        {
            "images": chosen.images,
            "dimensions": measured.details["dimensions"],
            "threads": torch.get_num_threads(),
            "seconds": clock.seconds,
            "processor_seconds": clock.processor,
            "others_running": round(clock.load, 1),
            "wanted_seconds": WANTED,
            "reached_seconds": round(clock.seconds["again"] + clock.seconds["distance"], 2),
            "held_out_accuracy": given.seen.facts["held_out_accuracy"],
        },
    )


class Clock:
    """Seconds of each part: those on the wall, and those that processors worked for it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}
        self.load = os.getloadavg()[0]
        """Processes that ran already: they take their part of the processors."""
        self._began = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        """Note what was needed since the last note."""
        now = time.perf_counter(), time.process_time()
        self.seconds[name] = round(now[0] - self._began[0], 2)
        self.processor[name] = round(now[1] - self._began[1], 2)
        self._began = now


def made(count: int) -> tuple[DataSet, Tensor]:
    """A set of so many real images, as many held out, and as many others."""
    digits = open_data("mnist")
    random = torch.Generator().manual_seed(0)
    parts = []
    for _ in range(3):
        rows = torch.randint(digits.spec.size, (count,), generator=random)
        batch = digits.take(rows)
        draw = torch.rand(count, NUMBERS, generator=random) * 2 - 1
        levels = ((jitter(batch.x, draw) + 1) * 127.5).round().clamp(0, 255).byte()
        parts.append(ResidentImages(levels.contiguous(), batch.y))
    spec = dataclasses.replace(digits.spec, name="digits", size=count)
    return resident(spec, parts[0], parts[1]), parts[2].all().x


if __name__ == "__main__":
    main()
