"""Whether the best checkpoint that a run keeps is the best one there was.

    python benchmarks/best_checkpoint.py

A GAN goes bad on purpose: from a step on its generator lowers its scores in place of raising them.
It is trained with --evaluate-every N, and its weights are kept four times as often besides. These
are measured afterwards, with four times the samples and other noise: the step that the run kept has
to lie within N of the best of them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from provenance import write

import gansmith
from gansmith.api import Every
from gansmith.batch import LabeledImages
from gansmith.evaluating import IMAGES
from gansmith.losses import NON_SATURATING
from gansmith.method import Adam, Count, LatentMethod, Networks, Objective, Phase
from gansmith.metrics.judge import Judge, make_judge
from gansmith.metrics.measuring import measure
from gansmith.metrics.quick import deciding
from gansmith.networks.mlp import leaky_relu, mlp_critic, mlp_generator
from gansmith.training.checkpoint import Checkpoints
from gansmith.training.engine import Engine
from gansmith.training.loop import Moment
from gansmith.training.sampling import all_samples

STEPS, INTERVAL, DENSE = 2000, 200, 4
GOES_BAD = {0: 930, 1: 1130, 2: 1350}
"""By seed, the step from which the generator is spoilt, between two evaluated ones."""
SAMPLES, SEED = 4 * IMAGES, 1
FOREVER = 10**9
ADAM = partial(Adam, betas=(0.5, 0.999))


@dataclass(frozen=True, kw_only=True)
class Spoilt(LatentMethod[LabeledImages]):
    """A GAN of multilayer perceptrons that goes bad at a step."""

    ema_decay: float = 0.99
    width: Count = 128
    goes_bad: Count = 1000
    """The step from which the generator is spoilt."""
    batch = (LabeledImages,)

    def build(self, data):
        """One hidden layer each."""
        generator = mlp_generator(self.z_dim, (self.width,), data.shape, leaky_relu)
        discriminator = mlp_critic(data.shape, (self.width,), leaky_relu)
        return Networks({"generator": generator, "discriminator": discriminator})

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        """The generator's second phase takes the place of its first."""
        phase = partial(Phase, draws=self.draws, learning_rate=2e-4, optimizer=ADAM)
        good, bad = range(self.goes_bad), range(self.goes_bad, FOREVER)
        generator = partial(phase, trains=["generator"])
        return [
            phase(name="discriminator", trains=["discriminator"], objective=self.discriminate),
            generator(name="generator", objective=self.fool, when=good),
            generator(name="spoil", objective=self.spoil, when=bad, shares="generator"),
        ]

    def discriminate(self, nets, batch, draws):
        """The discriminator's loss."""
        real = nets["discriminator"](batch.x)
        fake = nets["discriminator"](nets["generator"](draws["z"]))
        return Objective(NON_SATURATING.discriminator(real, fake))

    def fool(self, nets, batch, draws):
        """The generator's loss."""
        fake = nets["discriminator"](nets["generator"](draws["z"]))
        return Objective({"adversarial": NON_SATURATING.generator(fake)})

    def spoil(self, nets, batch, draws):
        """The opposite: to be told from real samples."""
        fake = nets["discriminator"](nets["generator"](draws["z"]))
        return Objective({"score": fake.mean()})  # without bound: its gradient never vanishes


def main() -> None:
    """Train and look for each seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", nargs="+", type=int, default=list(GOES_BAD))
    parser.add_argument("--short", action="store_true", help="a fifth of the steps")
    chosen = parser.parse_args()
    part = 5 if chosen.short else 1
    judge = None
    rows = []
    for seed in chosen.seeds:
        row, judge = compared(seed, STEPS // part, INTERVAL // part, GOES_BAD[seed] // part, judge)
        rows.append(row)
    facts: dict[str, Any] = {"steps": STEPS // part, "evaluate_every": INTERVAL // part}
    facts |= {"n": IMAGES, "afterwards": {"n": SAMPLES, "seed": SEED, "times_as_often": DENSE}}
    within = all(row["within_one_interval"] for row in rows)
    write("best_checkpoint", {**facts, "all_within_one_interval": within, "runs": rows})


def compared(
    seed: int, steps: int, interval: int, goes_bad: int, judge: Judge | None
) -> tuple[dict[str, Any], Judge]:
    """One run's figures; the judge is handed on, for all runs have the same data."""
    with tempfile.TemporaryDirectory() as folder:
        dense = Checkpoints(Path(folder) / "dense", kept=steps)

        def keep(moment: Moment) -> None:
            dense.save(replace(moment.state, optimizers={}), moment.engine)

        started = time.monotonic()
        run = gansmith.train(
            f"{__file__}:Spoilt",
            run=Path(folder) / "run",
            steps=steps,
            seed=seed,
            goes_bad=goes_bad,
            device="cpu",
            evaluate_every=interval,
            observers=[Every(interval // DENSE, keep)],
        )
        trained = time.monotonic() - started
        judge = judge or make_judge(run_data(run))
        figures = afterwards(run, dense, judge)
        best = run.best
        assert best is not None, "images are always measured"
        true = min(figures, key=figures.__getitem__)
        row = {
            "seed": seed,
            "goes_bad_at": goes_bad,
            "kept": best.step,
            "true_best": true,
            "within_one_interval": abs(best.step - true) <= interval,
            "figure_of_kept": rounded(figures[best.step]),
            "figure_of_true_best": rounded(figures[true]),
            "figure_of_last": rounded(figures[steps]),
            "words": best.words.replace(str(run.path), "RUN"),
            "seconds": {"train": rounded(trained), "all": rounded(time.monotonic() - started)},
            "afterwards": {step: rounded(value) for step, value in figures.items()},
        }
        return row, judge


def afterwards(run: gansmith.Run, dense: Checkpoints, judge: Judge) -> Mapping[int, float]:
    """The deciding figure of every checkpoint, of many samples from other noise."""
    method, state = run.restored()
    figures = {}
    for step in dense.steps():
        dense.restore(state, Engine(torch.device("cpu")), dense.path(step))
        x = all_samples(method, state.averaged, run.config.spec, SAMPLES, SEED)
        found = deciding(measure(judge.given(x, seed=SEED), cheap=True).measurements)
        assert found is not None, "images are always measured"
        figures[step] = found.value
    return figures


def run_data(run: gansmith.Run):
    """The run's data."""
    from gansmith.config import stored_data

    return stored_data(run.config)


def rounded(value: float) -> float:
    """To 4 significant digits."""
    return float(f"{value:.4g}")


if __name__ == "__main__":
    main()
