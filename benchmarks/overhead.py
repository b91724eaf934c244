"""What gansmith costs around the mathematics: its steps a second against a bare loop's, in turns.

    python benchmarks/overhead.py

The bare loop is written by hand with the same networks, losses, optimizer, average of weights and
resident data; it logs and draws nothing. Both run in one process, a segment of each in turn; the
figure is the median over rounds of (time of the bare segment) / (time of ours), ours with its log,
display, sample pictures and checkpoints.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from provenance import write

from gansmith.api import Every, train
from gansmith.augment import translate
from gansmith.config import choose_method
from gansmith.data import open_data
from gansmith.display import make_display
from gansmith.options import Options
from gansmith.training.state import build_networks

SEGMENTS = {"gan": 500, "dcgan": 40, "wgan-gp": 10}
"""Steps of one segment, seconds each."""


def main() -> None:
    """Measure each method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--methods", nargs="+", default=list(SEGMENTS))
    parser.add_argument("--rounds", type=int, default=9)
    chosen = parser.parse_args()
    write("overhead", {name: measured(name, chosen.rounds) for name in chosen.methods})


def measured(name: str, rounds: int) -> dict[str, object]:
    """Both loops in turns, ours first."""
    segment = SEGMENTS[name]
    bare = BARE[name](name)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    clock = [0.0]

    def turn(moment: object) -> None:
        """Called after each segment of ours: run a bare one."""
        now = time.perf_counter()
        times["ours"].append(now - clock[0])
        for _ in range(segment):
            bare()
        clock[0] = time.perf_counter()
        times["bare"].append(clock[0] - now)

    with tempfile.TemporaryDirectory() as folder:
        extra = Every(segment, turn, at_end=False)
        options = Options(
            run=Path(folder) / "run", steps=segment * rounds, device="cpu", precision="fp32"
        )
        clock[0] = time.perf_counter()
        train(name, options=options, display=make_display(False, False), observers=[extra])
    ratios = [b / o for b, o in zip(times["bare"][1:], times["ours"][1:], strict=True)]
    per_step = {who: statistics.median(some[1:]) / segment * 1000 for who, some in times.items()}
    return {
        "steps_a_segment": segment,
        "rounds": len(ratios),
        "ms_a_step": {who: round(value, 3) for who, value in per_step.items()},
        "ratio": round(statistics.median(ratios), 4),
        "lowest": round(min(ratios), 4),
        "highest": round(max(ratios), 4),
    }


class Bare:
    """What the bare loops share: networks, Adam, average, data."""

    def __init__(self, name: str) -> None:
        data = open_data("mnist")
        self.method = choose_method(name, None, "LabeledImages")
        nets = build_networks(self.method, data.spec, 1).to(memory_format=torch.channels_last)
        self.generator = nets["generator"]
        self.judge = nets["critic" if "critic" in nets else "discriminator"]
        adam = {"lr": self.method.learning_rate, "betas": self.method.betas, "fused": True}
        self.adam_g = torch.optim.Adam(self.generator.parameters(), **adam)
        self.adam_d = torch.optim.Adam(self.judge.parameters(), **adam)
        self.average = [tensor.detach().clone() for tensor in self.tensors()]
        self.images = data.take.__self__.images
        self.rows = self.method.batch_size

    def tensors(self) -> list[torch.Tensor]:
        """Weights and statistics of the generator."""
        buffers = [b for b in self.generator.buffers() if b.is_floating_point()]
        return [*(p.data for p in self.generator.parameters()), *buffers]

    def real(self) -> torch.Tensor:
        """A batch of digits."""
        rows = torch.randint(len(self.images), (self.rows,))
        x = self.images.index_select(0, rows).float().div_(127.5).sub_(1.0)
        return self.seen(x.contiguous(memory_format=torch.channels_last))

    def seen(self, x: torch.Tensor) -> torch.Tensor:
        """Images as the judge sees them: moved, where the method does so."""
        shift = getattr(self.method, "shift", 0)
        return translate(x, torch.rand(self.rows, 2), shift) if shift else x

    def noise(self) -> torch.Tensor:
        """A batch of z."""
        return torch.randn(self.rows, self.method.z_dim)

    def move(self, loss: torch.Tensor, optimizer: torch.optim.Optimizer) -> None:
        """One step."""
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def fakes(self) -> torch.Tensor:
        """Generated images without a graph."""
        with torch.no_grad():
            return self.seen(self.generator(self.noise()))

    def generator_step(self, loss_of: Callable[[torch.Tensor], torch.Tensor]) -> None:
        """The generator's move against a frozen judge, and the average."""
        self.judge.requires_grad_(False)
        self.move(loss_of(self.judge(self.seen(self.generator(self.noise())))), self.adam_g)
        self.judge.requires_grad_(True)
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.tensors(), 0.001)


class BareGAN(Bare):
    """One step of the non-saturating GAN."""

    def __call__(self) -> None:
        """Discriminator, then generator."""
        real, fake = self.judge(self.real()), self.judge(self.fakes())
        self.move(F.softplus(-real).mean() + F.softplus(fake).mean(), self.adam_d)
        self.generator_step(lambda score: F.softplus(-score).mean())


class BareWGANGP(Bare):
    """One step of WGAN-GP."""

    def __call__(self) -> None:
        """The critic as often as the method says, then the generator."""
        for _ in range(self.method.n_critic):
            real, fake = self.real(), self.fakes()
            real_score, fake_score = self.judge(torch.cat([real, fake])).chunk(2)
            loss = fake_score.mean() - real_score.mean()
            self.move(loss + self.method.gp_weight * self.penalty(real, fake), self.adam_d)
        self.generator_step(lambda score: -score.mean())

    def penalty(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        """E (‖∇f(x̂)‖ - 1)², by autograd."""
        mix = torch.rand(self.rows, 1, 1, 1)
        between = (mix * real + (1 - mix) * fake).requires_grad_()
        score = self.judge(between).sum()
        (gradient,) = torch.autograd.grad(score, between, create_graph=True)
        return ((gradient.flatten(1).square().sum(1) + 1e-12).sqrt() - 1).square().mean()


BARE: dict[str, Callable[[str], Callable[[], None]]] = {
    "gan": BareGAN,
    "dcgan": BareGAN,
    "wgan-gp": BareWGANGP,
}

if __name__ == "__main__":
    main()
