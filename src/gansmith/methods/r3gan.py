"""R3GAN: a relativistic GAN with two zero-centred gradient penalties, for images and for points.

Source: Huang et al. 2024, arXiv:2501.05441, and the reference code. Deviations, of `--preset paper`
too: no class conditions; the weight γ, Adam's second decay rate and the running average are
constant, where the source takes γ to a tenth, 0.9 to 0.99 and a growing average along a cosine over
20 million images; the learning rate falls to 0 along a line if asked, where the source's falls to
a quarter along that cosine; augmentation is ours (see `augment/`), and the penalties are taken at
images as the critic sees them, where the source takes them at images before their augmentation;
an adaptive augmentation follows the mean sign of f(x) - f(G(z)), for scores have no zero of their
own; the networks as `networks/r3gan.py` says. Our default further differs, for small machines: the
residual networks of WGAN-GP with fully connected layers, without normalisation, which learn many
times faster than narrow forms of the source's, and what the fields say. Points, which the source
has none of: perceptrons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

from torch import Tensor

from gansmith.augment import Augmented
from gansmith.batch import DataSpec, LabeledImages, Points
from gansmith.choices import refuse_with
from gansmith.draws import Draws, Random
from gansmith.losses import relativistic
from gansmith.method import (
    Adam,
    Count,
    LatentMethod,
    NaturalNumber,
    Networks,
    NotNegative,
    Objective,
    Phase,
)
from gansmith.networks import r3gan, resnet
from gansmith.penalties import scores_r1_and_r2
from gansmith.schedules import every, linear_decay

Real = LabeledImages | Points


@dataclass(frozen=True, kw_only=True)
class R3GAN(Augmented, LatentMethod[Real]):
    """R3GAN (Huang et al. 2024, arXiv:2501.05441)."""

    z_dim: Count = 64
    """Length of the noise vector z; paper: 64."""
    gamma: NotNegative = 1.0
    """γ: half of it weighs each penalty; paper: 0.05 to 0.5 at 32 pixels, 1 to 2 at 64."""
    penalty_every: Count = 1
    """Steps from one penalty to the next; paper: 1. With k above 1, StyleGAN2's lazy
    regularisation: the penalties are an update of their own at each k-th step, k times as heavy."""
    network: Literal["resnet", "paper"] = "resnet"
    """For images: those of WGAN-GP without normalisation, or the source's."""
    width: Count = 16
    """Channels of the largest feature map, doubled with each halving of the size; paper: 768 at 32
    pixels, 384 at 64. For points, units of each of the 3 hidden layers."""
    hidden: NaturalNumber = 256
    """Units of the fully connected layers of "resnet": 3 after the noise, 1 in the critic."""
    widest: Count = 256
    """Channels that no feature map of "paper" exceeds; paper: 768."""
    blocks: Count = 1
    """Residual blocks at each size of "paper"; paper: 2."""
    learning_rate: NotNegative = 1e-3
    """Of both optimizers; paper: 2e-4, falling to 5e-5."""
    betas: tuple[float, float] = (0.0, 0.9)
    """Adam's decay rates; paper: 0, and 0.9 rising to 0.99."""
    decay_from: NaturalNumber = 0
    """Step from which the learning rate falls evenly to 0."""
    decay_steps: NaturalNumber = 0
    """Steps that this takes; 0: it never falls."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages, Points)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values for CIFAR-10; for points, our own."""
        if batch is Points:
            toy = {"z_dim": 2, "width": 128, "batch_size": 256, "ema_decay": 0.998, "shift": 0}
            return {"default": {"gamma": 0.5, "betas": (0.0, 0.99), **toy}}
        networks = {"network": "paper", "width": 768, "widest": 768, "blocks": 2}
        rates = {"gamma": 0.05, "learning_rate": 2e-4, "betas": (0.0, 0.99), "batch_size": 512}
        rates = {**rates, "shift": 0, "ema_decay": 0.99993}
        return {"paper": networks | rates}

    def build(self, data: DataSpec) -> Networks:
        if self.network == "resnet" and data.batch is not Points:
            refuse_with("--network resnet", self, ("widest", "blocks"))
            nets = resnet.plain_pair(self.z_dim, data.shape, self.width, self.hidden)
        else:
            nets = r3gan.pair(self.z_dim, data.shape, self.width, self.widest, self.blocks)
        return Networks(nets | self.augmentation.networks())

    def phases(self) -> Sequence[Phase[Real]]:
        phase = partial(
            Phase[Real],
            draws=self.chances,
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
            rate=linear_decay(self.decay_from, self.decay_steps),
        )
        critic = phase(name="critic", trains=["critic"], objective=self.judge, after=self.follow)
        penalty = critic.lazily(self.flatten, every(self.penalty_every))
        lazy = [penalty] if self.penalty_every > 1 else []
        return critic, *lazy, phase(name="generator", trains=["generator"], objective=self.please)

    def chances(self, batch: Real, random: Random) -> Draws:
        """z, and what is done to each image."""
        return {**self.draws(batch, random), **self.augmentation.draws(random)}

    def seen(self, nets: Networks, batch: Real, draws: Draws) -> Tensor:
        """Real samples, then as many generated ones, as the critic sees them."""
        return self.augmentation.both(nets, batch.x, nets["generator"](draws["z"]), draws)

    def judge(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """softplus(f(G(z)) - f(x)), and the penalties unless they are an update of their own."""
        seen, lazy = self.seen(nets, batch, draws), self.penalty_every > 1
        scores, penalties = (nets["critic"](seen), {}) if lazy else self.penalised(nets, seen)
        real, fake = scores.chunk(2)
        stats = {"real_score": real.mean(), "fake_score": fake.mean()}
        terms = {"relativistic": relativistic(real, fake), **penalties}
        return Objective(terms, stats | self.augmentation.stats(nets, real - fake))

    def follow(self, nets: Networks, values: Mapping[str, Tensor]) -> None:
        """Move the probability of augmentation, with --adaptive."""
        self.augmentation.adapt(nets, values, self.batch_size)

    def flatten(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """The penalties alone, k times as heavy, to be due at each k-th step."""
        return Objective(self.penalised(nets, self.seen(nets, batch, draws))[1])

    def penalised(self, nets: Networks, seen: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """f(seen), and k γ/2 ‖∇f(x)‖² and k γ/2 ‖∇f(G(z))‖²."""
        return scores_r1_and_r2(nets["critic"], seen, self.penalty_every * self.gamma)

    def please(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """softplus(f(x) - f(G(z)))."""
        real, fake = nets["critic"](self.seen(nets, batch, draws)).chunk(2)
        return Objective({"adversarial": relativistic(fake, real)})

    def generate(self, nets: Networks, inputs: dict[str, Tensor]) -> Tensor:
        """G(z), which the critic sees unbounded."""
        return r3gan.bounded(nets["generator"](inputs["z"]))
