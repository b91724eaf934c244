"""A generator in one dimension approaches the data: four moments, as in the first paper's figure 1.

Source: Goodfellow et al. 2014, arXiv:1406.2661, figure 1, Algorithm 1 and proposition 1: the best
discriminator of a fixed generator is D(x) = p/(p + q), and at the end D = 1/2 everywhere. There the
figure is drawn by hand; here the networks are trained: perceptrons, Adam, the non-saturating loss.
The start is a generator that was fitted to N(-1, 0.6²), so that there is something to see. The
density of the generator is that of its samples on an even grid of z; it has steps, since leaky
ReLUs are linear in pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.special import ndtr, ndtri
from torch import Tensor, nn

from gansmith.draws import seed_of
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, FAINT, INK, Drawn, canvas, dressed
from gansmith.figures.judged import rounded
from gansmith.losses import NON_SATURATING
from gansmith.metrics.distributions.divergences import LOG2, jensen_shannon
from gansmith.networks.mlp import leaky_relu, mlp_critic, mlp_generator

DATA, START = (1.0, 0.5), (-1.0, 0.6)
"""Mean and standard deviation of the data, and of the generator at the start."""
EDGES = np.linspace(-4.0, 4.0, 161)
CENTRES = (EDGES[1:] + EDGES[:-1]) / 2
HIDDEN, ROWS, EVEN = (64, 64), 256, 100_000
FIT, DISCRIMINATE, MOVE, PLAY, PLAYS_OF_D = 800, 1500, 20, 4000, 3
RARE = 0.002
"""Cells with less of p + q than this are where D was never taught: it is not judged there."""


class Pair(NamedTuple):
    """Generator, discriminator, and the numbers that their training follows from."""

    generator: nn.Module
    discriminator: nn.Module
    random: torch.Generator

    def z(self, rows: int = ROWS) -> Tensor:
        """(N, 1) from U[-1, 1)."""
        return torch.rand(rows, 1, generator=self.random) * 2 - 1

    def real(self) -> Tensor:
        """(N, 1) of the data."""
        mean, deviation = DATA
        return mean + deviation * torch.randn(ROWS, 1, generator=self.random)


def draw(asked: Asked) -> Drawn:
    """Four moments of one training, each with p, q, D and where z goes."""
    pair = _pair(asked.seed)
    asked.tell("training a generator and a discriminator of points on a line")
    moments = {"start": _after_fit(pair, asked.steps(FIT))}
    slow = (0.5, 0.9)
    discriminator = torch.optim.Adam(pair.discriminator.parameters(), 2e-3, betas=slow)
    generator = torch.optim.Adam(pair.generator.parameters(), 1e-3, betas=slow)
    _play(asked.steps(DISCRIMINATE), lambda: _discriminate(pair, discriminator))
    moments["D trained"] = moment(pair.generator, pair.discriminator)
    _play(asked.steps(MOVE), lambda: _fool(pair, generator))
    moments["G moved"] = moment(pair.generator, pair.discriminator)
    _alternate(pair, discriminator, generator, asked.steps(PLAY))
    moments["end"] = moment(pair.generator, pair.discriminator)
    figure = canvas(13, 4.6)
    for number, (axes, (name, found)) in enumerate(
        zip(figure.subplots(1, 4, sharey=True), moments.items(), strict=True)
    ):
        _panel(axes, f"({'abcd'[number]}) {name}", found)
        if number == 0:
            axes.legend(fontsize=8, loc="upper left")
    numbers = {name: found.numbers() for name, found in moments.items()}
    return Drawn(figure, {"data": DATA, "start": START, "moments": numbers}, _see(numbers))


class Moment(NamedTuple):
    """The game at a moment, over the cells of the line."""

    p: np.ndarray
    """Share of the data in each cell."""
    q: np.ndarray
    """Of generated samples."""
    d: np.ndarray
    """D at the centres of the cells."""
    lines: tuple[np.ndarray, np.ndarray]
    """Some z, and G(z)."""

    @property
    def best(self) -> np.ndarray:
        """p/(p + q); not a number where there is neither."""
        with np.errstate(invalid="ignore"):
            return self.p / (self.p + self.q)

    def numbers(self) -> dict[str, Any]:
        """What is said of it."""
        share = self.p + self.q
        judged = share > RARE
        errors, from_half = np.abs(self.d - self.best)[judged], np.abs(self.d - 0.5)[judged]
        return {
            "jensen_shannon": rounded(jensen_shannon(self.p, self.q)),
            "largest_error_of_d": rounded(float(errors.max())),
            "mean_error_of_d": rounded(float(np.average(errors, weights=share[judged]))),
            "mean_distance_from_half": rounded(float(np.average(from_half, weights=share[judged]))),
            "largest_distance_from_half": rounded(float(from_half.max())),
            "mean": rounded(float((self.q * CENTRES).sum())),
        }


@torch.no_grad()
def moment(generator: Callable[[Tensor], Tensor], discriminator: Callable[[Tensor], Tensor]):
    """The game with this generator (z (N, 1) → x) and this discriminator (x → logits)."""
    even = (torch.arange(EVEN) + 0.5)[:, None] / EVEN * 2 - 1
    x = generator(even).numpy().ravel().clip(EDGES[0], EDGES[-1])
    p = np.diff(ndtr((EDGES - DATA[0]) / DATA[1]))
    d = discriminator(torch.from_numpy(CENTRES).float()[:, None]).sigmoid().numpy().ravel()
    some = np.linspace(-0.97, 0.97, 25)
    onto = generator(torch.from_numpy(some).float()[:, None]).numpy().ravel()
    return Moment(p / p.sum(), np.histogram(x, EDGES)[0] / EVEN, d, (some, onto))


def _pair(seed: int) -> Pair:
    with torch.random.fork_rng():
        torch.manual_seed(seed_of("pair", seed))
        generator = mlp_generator(1, HIDDEN, (1,), leaky_relu)
        discriminator = mlp_critic((1,), HIDDEN, leaky_relu)
    return Pair(generator, discriminator, torch.Generator().manual_seed(seed_of("play", seed)))


def _after_fit(pair: Pair, steps: int) -> Moment:
    """Fit the generator to the start's quantiles; the discriminator is as it was made."""
    optimizer = torch.optim.Adam(pair.generator.parameters(), 3e-3)

    def fit() -> None:
        z = pair.z()
        wanted = START[0] + START[1] * ndtri(((z + 1) / 2).clamp(0.005, 0.995).numpy())
        error = pair.generator(z) - torch.as_tensor(wanted, dtype=z.dtype)
        _step(optimizer, error.square().mean())

    _play(steps, fit)
    return moment(pair.generator, pair.discriminator)


def _discriminate(pair: Pair, optimizer: torch.optim.Optimizer) -> None:
    with torch.no_grad():
        made = pair.generator(pair.z())
    terms = NON_SATURATING.discriminator(pair.discriminator(pair.real()), pair.discriminator(made))
    _step(optimizer, terms["real"] + terms["fake"])


def _fool(pair: Pair, optimizer: torch.optim.Optimizer) -> None:
    scores = pair.discriminator(pair.generator(pair.z()))
    _step(optimizer, NON_SATURATING.generator(scores))


def _alternate(pair: Pair, discriminator, generator, steps: int) -> None:
    """Algorithm 1; both rates fall evenly to 0, so that the game comes to rest."""
    rates = [optimizer.param_groups[0]["lr"] for optimizer in (discriminator, generator)]
    for step in range(steps):
        for optimizer, rate in zip((discriminator, generator), rates, strict=True):
            optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        _play(PLAYS_OF_D, lambda: _discriminate(pair, discriminator))
        _fool(pair, generator)


def _play(times: int, move: Callable[[], None]) -> None:
    for _ in range(times):
        move()


def _step(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    parameters = optimizer.param_groups[0]["params"]
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
    optimizer.step()


def _panel(axes, title: str, found: Moment) -> None:
    """Densities and D above, the lines from z to x below, as in the paper."""
    width, (z, x) = EDGES[1] - EDGES[0], found.lines
    dressed(axes, title, "x, and z below").set(xlim=(-3.2, 3.2), ylim=(-0.75, 1.5))
    axes.plot(CENTRES, found.p / width, ":", color=INK, lw=2, label="data p(x)")
    axes.plot(CENTRES, found.q / width, color=COLOURS[2], lw=2, label="generated q(x)")
    axes.plot(CENTRES, found.d, "--", color=COLOURS[0], lw=1.6, label="D(x)")
    axes.plot(CENTRES, found.best, color=FAINT, lw=0.8, label="p/(p + q)")
    for start, end in zip(z, x, strict=True):
        arrow = {"arrowstyle": "-|>", "color": FAINT, "lw": 0.6, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (end, -0.15), (start, -0.6), arrowprops=arrow)
    for level, name in ((-0.15, "x"), (-0.6, "z")):
        axes.axhline(level, color=INK, lw=0.8)
        axes.text(3.1, level + 0.02, name, ha="right", fontsize=8)
    numbers = found.numbers()
    off = [numbers[f"{kind}_error_of_d"] for kind in ("mean", "largest")]
    said = f"JS {numbers['jensen_shannon']:.3f}, D off by {off[0]:.3f}, ≤ {off[1]:.3f}"
    axes.text(-3.1, -0.73, said, fontsize=8, color=INK)
    axes.set_yticks([0, 0.5, 1])


def _see(numbers: dict[str, dict[str, Any]]) -> list[str]:
    start, trained, moved, end = numbers.values()
    js = [row["jensen_shannon"] for row in numbers.values()]
    rest = end["mean_distance_from_half"]
    return [
        f"(a) The generator lies beside the data (JS {js[0]:.3f}, at most log 2 = {LOG2:.3f}), and "
        f"the discriminator knows nothing: it is off p/(p + q) by {_off(start)}.",
        f"(b) Trained with the generator fixed, it is off by {_off(trained)}"
        + (
            ": the best answer to q is p/(p + q), as proposition 1 says."
            if trained["mean_error_of_d"] < 0.05
            else "; p/(p + q) is the best answer, and it has not come there yet."
        ),
        f"(c) The generator went where D is large: the mean of its samples moved from "
        f"{trained['mean']:.2f} to {moved['mean']:.2f} (data: {DATA[0]:g}), "
        f"{'nearer to' if js[2] < js[1] else 'no nearer to'} the data (JS {js[2]:.3f}). D lags "
        f"behind: it is off by {_off(moved)} now.",
        f"(d) At the end JS is {js[3]:.4f}, and D is {rest:.3f} from 1/2 on average, "
        f"{end['largest_distance_from_half']:.3f} at most, where there are samples (off "
        f"p/(p + q) by {_off(end)})"
        + (
            ": the two can hardly be told apart."
            if rest < 0.05
            else ": it has not come to rest; a larger --effort plays on."
        ),
    ]


def _off(row: dict[str, Any]) -> str:
    return f"{row['mean_error_of_d']:.3f} on average, {row['largest_error_of_d']:.3f} at most"
