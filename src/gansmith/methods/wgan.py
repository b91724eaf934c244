"""The Wasserstein GAN with clipped weights, for images and for points.

Source: Arjovsky et al. 2017, arXiv:1701.07875, Algorithm 1; the long plays at the start from the
authors' code, which clips before each critic step where this clips after it, as the algorithm
does. Deviations of the default, which `--preset paper` takes back: the critic's weights are clipped
at 0.03, the rate is 2e-4, half the width, no long plays, an averaged generator.

One lecture gives real samples the label 1 and generated ones -1 and minimises minus their product
with the score: that is this loss, E f(G(z)) - E f(x), by halves. It also says that the critic is
trained *less* than the generator, against Algorithm 1: `--n-generator 5 --n-critic 1` shows what
comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import torch
from torch import Tensor

from gansmith.batch import DataSpec, LabeledImages, Points
from gansmith.choices import refuse_with
from gansmith.draws import Draws
from gansmith.losses import wasserstein_critic, wasserstein_generator
from gansmith.method import (
    Count,
    LatentMethod,
    NaturalNumber,
    Networks,
    NotNegative,
    Objective,
    Phase,
)
from gansmith.networks import dcgan
from gansmith.networks.mlp import mlp_pair
from gansmith.networks.upsampling import Upsample
from gansmith.penalties import clip_weights

Real = LabeledImages | Points
FIRST, EVERY = 25, 500
"""The steps at which the critic is brought to its optimum: the first ones, and now and then."""


def brought_to_optimum(nets: Networks, step: int) -> bool:
    """Whether the critic is played longer at this step."""
    return step < FIRST or step % EVERY == 0


@dataclass(frozen=True, kw_only=True)
class WGAN(LatentMethod[Real]):
    """WGAN (Arjovsky et al. 2017, arXiv:1701.07875), Algorithm 1."""

    n_critic: Count = 5
    """Critic updates for each generator update; paper: 5."""
    n_generator: Count = 1
    """Generator updates in a row; paper: 1. One lecture has it the other way round."""
    n_first: NaturalNumber = 0
    """More critic updates at each of the first 25 steps and every 500th; the authors' code: 95."""
    clip: NotNegative = 0.03
    """c: the critic's weights stay within [-c, c]; paper: 0.01."""
    width: Count = 32
    """Channels of the largest feature map, doubled with each halving; paper: 64. For points, units
    of each of the 3 hidden layers; in WGAN-GP's comparison: 512."""
    upsample: Upsample = "deconv"
    """How the image generator doubles its maps: transposed convolutions, or each pixel repeated
    and then a 3x3 convolution, which leaves no checkerboard; paper: deconv."""
    learning_rate: NotNegative = 2e-4
    """Of both RMSprops, without momentum; paper: 5e-5."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages, Points)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values, with the long plays of the authors' code."""
        paper = {"n_first": 95, "clip": 0.01, "learning_rate": 5e-5, "ema_decay": 0.0}
        if batch is Points:
            toy = {"z_dim": 2, "width": 128, "batch_size": 256}
            return {"default": toy, "paper": toy | paper | {"width": 512}}
        return {"paper": paper | {"width": 64}}

    def build(self, data: DataSpec) -> Networks:
        if data.batch is Points:
            refuse_with("points", self, ("upsample",))
            return Networks(mlp_pair(self.z_dim, data.shape, [self.width] * 3))
        generator = dcgan.generator(self.z_dim, data.shape, self.width, upsample=self.upsample)
        return Networks(
            {"generator": generator, "critic": dcgan.discriminator(data.shape, self.width)}
        )

    def phases(self) -> Sequence[Phase[Real]]:
        phase = partial(
            Phase[Real],
            draws=self.draws,
            learning_rate=self.learning_rate,
            optimizer=torch.optim.RMSprop,
        )
        critic = partial(phase, trains=["critic"], objective=self.judge, after=self.bound)
        first = [
            critic(
                name="critic-first",
                repeats=self.n_first,
                when=brought_to_optimum,
                shares="critic",
            )
        ]
        return (
            *(first if self.n_first else []),
            critic(name="critic", repeats=self.n_critic),
            phase(
                name="generator",
                trains=["generator"],
                objective=self.please,
                repeats=self.n_generator,
            ),
        )

    def judge(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """E f(G(z)) - E f(x); real and generated samples are normalised apart."""
        fake = nets["critic"](nets["generator"](draws["z"]))
        real = nets["critic"](batch.x)
        loss = wasserstein_critic(real, fake)
        stats = {"real_score": real.mean(), "fake_score": fake.mean()}
        return Objective({"wasserstein": loss}, {"wasserstein_estimate": -loss, **stats})

    def bound(self, nets: Networks, values: Mapping[str, Tensor]) -> None:
        """Every weight of the critic into [-c, c]."""
        clip_weights(nets["critic"], self.clip)

    def please(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """-E f(G(z))."""
        fake = nets["critic"](nets["generator"](draws["z"]))
        return Objective({"adversarial": wasserstein_generator(fake)})
