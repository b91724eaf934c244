"""The Wasserstein GAN with gradient penalty, for images and for points.

Source: Gulrajani et al. 2017, arXiv:1704.00028, Algorithm 1 and the reference code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

import torch
from torch import nn

from gansmith.batch import DataSpec, LabeledImages, Points
from gansmith.draws import Draws, Random
from gansmith.losses import wasserstein_critic, wasserstein_generator
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
from gansmith.networks import resnet
from gansmith.networks.mlp import he_initialise, mlp_critic, mlp_generator
from gansmith.penalties import gradient_penalty
from gansmith.schedules import linear_decay


@dataclass(frozen=True, kw_only=True)
class WGANGP(LatentMethod[LabeledImages | Points]):
    """WGAN-GP (Gulrajani et al. 2017, arXiv:1704.00028), Algorithm 1."""

    n_critic: Count = 5
    """Critic updates for each generator update; paper: 5."""
    gp_weight: NotNegative = 10.0
    """λ, weight of the gradient penalty; paper: 10, 0.1 for points."""
    z_dim: Count = 128
    """Length of the noise vector z; paper: 128, 2 for points."""
    width: Count = 64
    """Channels of the largest feature map; for points, units of each of the 3 hidden layers."""
    critic_norm: Literal["none", "layer"] = "none"
    """Normalisation in an image critic; paper: none at 32 pixels, "layer" at 64. Never over the
    batch, which would couple the samples in the penalty."""
    learning_rate: NotNegative = 1e-4
    """Of both optimizers; paper: 1e-4."""
    betas: tuple[float, float] = (0.0, 0.9)
    """Adam's decay rates; paper: (0, 0.9), 0.5 and 0.9 for points."""
    decay_from: NaturalNumber = 0
    """Step from which the learning rate falls evenly to 0."""
    decay_steps: NaturalNumber = 0
    """Steps that this takes; 0: it never falls, as in the paper's 64x64 and toy runs."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages, Points)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The reference's values; for points our default is narrower and ten times as quick."""
        if batch is LabeledImages:
            return {"paper": {"ema_decay": 0.0}}
        toy = {"z_dim": 2, "gp_weight": 0.1, "betas": (0.5, 0.9), "batch_size": 256}
        return {
            "default": {**toy, "width": 128, "learning_rate": 1e-3},
            "paper": {**toy, "width": 512, "learning_rate": 1e-4, "ema_decay": 0.0},
        }

    def build(self, data: DataSpec) -> Networks:
        if data.batch is LabeledImages:
            generator = resnet.generator(self.z_dim, data.shape, self.width)
            critic = resnet.critic(data.shape, self.width, self.critic_norm)
        else:
            generator = mlp_generator(self.z_dim, [self.width] * 3, data.shape, nn.ReLU)
            critic = mlp_critic(data.shape, [self.width] * 3, nn.ReLU)
            he_initialise(generator)
            he_initialise(critic)
        return Networks({"generator": generator, "critic": critic})

    def phases(self) -> Sequence[Phase[LabeledImages | Points]]:
        phase = partial(
            Phase[LabeledImages | Points],
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
            rate=linear_decay(self.decay_from, self.decay_steps),
        )
        return (
            phase(
                name="critic",
                trains=["critic"],
                objective=self.criticise,
                draws=self.noise_and_mix,
                repeats=self.n_critic,
            ),
            phase(name="generator", trains=["generator"], objective=self.please, draws=self.draws),
        )

    def noise_and_mix(self, batch: LabeledImages | Points, random: Random) -> Draws:
        """z, and one ε a sample."""
        return {**self.draws(batch, random), "mix": random.uniform()}

    def criticise(self, nets: Networks, batch: LabeledImages | Points, draws: Draws) -> Objective:
        """E f(G(z)) - E f(x) + λ E (‖∇f(x̂)‖ - 1)²."""
        critic, fake = nets["critic"], nets["generator"](draws["z"])
        real_score, fake_score = critic(torch.cat([batch.x, fake])).chunk(2)
        loss = wasserstein_critic(real_score, fake_score)
        penalty = gradient_penalty(critic, batch.x, fake, draws["mix"])
        return Objective(
            {"wasserstein": loss, "gradient_penalty": self.gp_weight * penalty},
            {
                "wasserstein_estimate": -loss,
                "real_score": real_score.mean(),
                "fake_score": fake_score.mean(),
            },
        )

    def please(self, nets: Networks, batch: LabeledImages | Points, draws: Draws) -> Objective:
        """-E f(G(z))."""
        fake_score = nets["critic"](nets["generator"](draws["z"]))
        return Objective({"adversarial": wasserstein_generator(fake_score)})
