"""How long training waits for its pictures: `dcgan` at 64 x 64 from prepared ones, read ahead.

    python benchmarks/data_wait.py

A run from an array and one from tar shards, both read from disk as if they did not fit into
memory, against the same run whose loader always hands out one batch. A segment of each in turn.
"wait" is the time inside the loader, as a part of the time of a step; "slower" compares whole steps
with those of the fixed batch, and so counts what decoding threads take from training, too. The
pictures are noise over smooth colours, so that they decode like photographs.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from provenance import write

from gansmith.batch import Batch, DataSet
from gansmith.config import choose_method
from gansmith.data.decode import Conversion
from gansmith.data.find import find
from gansmith.data.loader import Loader
from gansmith.data.prepared import prepared_set
from gansmith.prepare.job import make_job
from gansmith.prepare.prepare import prepare
from gansmith.training.engine import Engine, resolve_device, resolve_precision
from gansmith.training.loop import Game, play_step
from gansmith.training.record import Recorder
from gansmith.training.state import build_networks, initial_state
from gansmith.training.update import player_of

SIDE, MOST = 64, 0.03
DRAIN = 0.3
"""Seconds between turns, in which what was read ahead for the last one comes to its end."""


def main() -> None:
    """Make the pictures, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=20, help="of a segment")
    parser.add_argument("--device", default="auto")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        sets = made(Path(temporary), chosen.pictures)
        device = resolve_device(chosen.device)
        runs = {"fixed": Turn(sets["array"], device, fixed=True)}
        runs |= {name: Turn(data, device, fixed=False) for name, data in sets.items()}
        for _ in range(chosen.rounds + 1):
            for run in runs.values():
                run(chosen.steps)
                time.sleep(DRAIN)
        result = {name: report(run, runs["fixed"]) for name, run in runs.items()}
        sizes = {
            "device": device,
            "precision": runs["fixed"].precision,
            "pictures": chosen.pictures,
        }
        write(
            "data_wait", {**sizes, "steps_a_segment": chosen.steps, "wanted_wait": MOST, **result}
        )


def made(folder: Path, count: int) -> dict[str, DataSet]:
    """An array and shards of the same pictures, each read from disk."""
    random = np.random.default_rng(0)
    smooth = random.integers(0, 256, (count, 5, 5, 3), dtype=np.uint8)
    grown = np.repeat(np.repeat(smooth, 13, axis=1), 13, axis=2)[:, :SIDE, :SIDE].astype(np.int16)
    noise = random.integers(-4, 5, grown.shape, dtype=np.int8)
    np.save(folder / "pictures.npy", (grown + noise).clip(0, 255).astype(np.uint8))
    sets = {}
    for layout in ("array", "shards"):
        conversion = Conversion(height=SIDE, width=SIDE)
        prepare(make_job(find(str(folder / "pictures.npy")), conversion, layout), folder / layout)
        sets[layout] = prepared_set(folder / layout, room=0)
    return sets


class Timed:
    """A loader that notes how long it takes."""

    def __init__(self, serve: Callable[[int, int, int], Batch]) -> None:
        self._serve, self.seconds = serve, 0.0

    def __call__(self, step: int, repeat: int, rows: int) -> Batch:
        """The batch."""
        began = time.perf_counter()
        batch = self._serve(step, repeat, rows)
        self.seconds += time.perf_counter() - began
        return batch


class Turn:
    """One run of DCGAN, a segment at a time."""

    def __init__(self, data: DataSet, device: str, fixed: bool) -> None:
        method = choose_method("dcgan", None, "LabeledImages")
        nets = build_networks(method, data.spec, 0)
        self.precision = resolve_precision("auto", device, nets)
        engine = Engine(torch.device(device), self.precision)
        state = initial_state(method, nets, engine)
        loader = Loader(data.to(engine.device), 0, 1, engine.device)
        same = loader(0, 0, method.batch_size)
        self.loader = Timed((lambda *_: same) if fixed else loader)
        self.game = Game(engine, method, state, self.loader, 0)  # pyright: ignore
        self.players = [player_of(phase, state) for phase in method.phases()]
        self.recorder = Recorder(lambda step, values: None)
        self.seconds: list[float] = []
        self.waited: list[float] = []
        """Of each segment, a step."""

    def __call__(self, steps: int) -> None:
        """Play a segment."""
        self.loader.seconds, began = 0.0, time.perf_counter()
        for _ in range(steps):
            play_step(self.game, self.players, self.recorder)
            self.game.state.step += 1
        self.recorder.flush()
        self.seconds.append((time.perf_counter() - began) / steps)
        self.waited.append(self.loader.seconds / steps)


def report(run: Turn, fixed: Turn) -> dict[str, float]:
    """Medians over segments, the first one left out."""
    seconds, waited, others = run.seconds[1:], run.waited[1:], fixed.seconds[1:]
    shares = [some / whole for some, whole in zip(waited, seconds, strict=True)]
    slower = [one / other - 1 for one, other in zip(seconds, others, strict=True)]
    return {
        "ms_a_step": round(1000 * statistics.median(seconds), 3),
        "wait": round(statistics.median(shares), 5),
        "wait_highest": round(max(shares), 5),
        "slower": round(statistics.median(slower), 4),
    }


if __name__ == "__main__":
    main()
