"""The Wasserstein GAN with gradient penalty, for images and for points.

Source: Gulrajani et al. 2017, arXiv:1704.00028, Algorithm 1 and the reference code. Our defaults
differ, for small data and small machines, and `--preset paper` does not. Images: narrower networks
with fully connected layers and no normalisation in the critic, 2 critic updates, learning rate
5e-4, images moved by up to 1 pixel before the critic (see `augment.py`), an averaged generator.
Points: 128 units in place of 512, learning rate 1e-3, 2 critic updates, an averaged generator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

import torch

from gansmith.augment import AlwaysAugmented
from gansmith.batch import DataSpec, LabeledImages, Points
from gansmith.choices import refuse_with
from gansmith.draws import Draws, Random
from gansmith.losses import wasserstein_critic, wasserstein_generator
from gansmith.method import Adam, LatentMethod, Networks, Objective, Phase
from gansmith.networks import resnet
from gansmith.networks.mlp import mlp_pair
from gansmith.penalties import gradient_penalty
from gansmith.ranges import Count, NaturalNumber, NotNegative
from gansmith.schedules import linear_decay

Real = LabeledImages | Points


@dataclass(frozen=True, kw_only=True)
class WGANGP(AlwaysAugmented, LatentMethod[Real]):
    """WGAN-GP (Gulrajani et al. 2017, arXiv:1704.00028), Algorithm 1."""

    n_critic: Count = 2
    """Critic updates for each generator update; paper: 5."""
    gp_weight: NotNegative = 10.0
    """λ, weight of the gradient penalty; paper: 10, 0.1 for points."""
    z_dim: Count = 128
    """Length of the noise vector z; paper: 128, 2 for points."""
    width: Count = 16
    """Channels of the largest feature map, doubled with each halving of the size; paper: 64. For
    points, units of each of the 3 hidden layers; paper: 512."""
    hidden: NaturalNumber = 256
    """Units of the fully connected layers in both image networks; 0: none, as in the paper."""
    mapping: Count = 3
    """Such layers between the noise and the generator's smallest map; the critic has one."""
    critic_norm: Literal["none", "layer"] = "none"
    """Normalisation in an image critic; paper: none at 32 pixels, "layer" at 64. Never over the
    batch, which would couple the samples in the penalty."""
    learning_rate: NotNegative = 5e-4
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
        """The reference's values, for points our own, and smaller batches of images: "fast"."""
        if batch is LabeledImages:
            networks = {"width": 64, "hidden": 0, "critic_norm": "layer", "shift": 0}
            rates = {"n_critic": 5, "learning_rate": 1e-4, "ema_decay": 0.0}
            return {"paper": networks | rates, "fast": {"batch_size": 32}}
        toy = {"z_dim": 2, "gp_weight": 0.1, "batch_size": 256, "shift": 0, "hidden": 0}
        toy = {**toy, "betas": (0.5, 0.9)}
        ours = {"width": 128, "learning_rate": 1e-3, "ema_decay": 0.998}
        paper = {"width": 512, "learning_rate": 1e-4, "n_critic": 5, "ema_decay": 0.0}
        return {"default": {**toy, **ours}, "paper": {**toy, **paper}}

    def build(self, data: DataSpec) -> Networks:
        if data.batch is Points:
            refuse_with("points", self, ("critic_norm",))
            return Networks(mlp_pair(self.z_dim, data.shape, [self.width] * 3))
        layers = [self.hidden] * self.mapping if self.hidden else []
        generator = resnet.generator(self.z_dim, data.shape, self.width, layers)
        critic = resnet.critic(data.shape, self.width, self.critic_norm, self.hidden)
        return Networks({"generator": generator, "critic": critic})

    def phases(self) -> Sequence[Phase[Real]]:
        phase = partial(
            Phase[Real],
            draws=self.chances,
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
            rate=linear_decay(self.decay_from, self.decay_steps),
        )
        return (
            phase(name="critic", trains=["critic"], objective=self.judge, repeats=self.n_critic),
            phase(name="generator", trains=["generator"], objective=self.please),
        )

    def chances(self, batch: Real, random: Random) -> Draws:
        """z, one ε a sample, and what is done to each image."""
        augmentation = self.augmentation.draws(random)
        return {**self.draws(batch, random), **augmentation, "mix": random.uniform()}

    def judge(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """E f(G(z)) - E f(x) + λ E (‖∇f(x̂)‖ - 1)²."""
        critic = nets["critic"]
        real = self.augmentation.real(nets, batch.x, draws)
        fake = self.augmentation.fake(nets, nets["generator"](draws["z"]), draws)
        real_score, fake_score = critic(torch.cat([real, fake])).chunk(2)
        loss = wasserstein_critic(real_score, fake_score)
        penalty = gradient_penalty(critic, real, fake, draws["mix"])
        terms = {"wasserstein": loss, "gradient_penalty": self.gp_weight * penalty}
        stats = {"real_score": real_score.mean(), "fake_score": fake_score.mean()}
        return Objective(terms, {"wasserstein_estimate": -loss, **stats})

    def please(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """-E f(G(z))."""
        fake = self.augmentation.fake(nets, nets["generator"](draws["z"]), draws)
        return Objective({"adversarial": wasserstein_generator(nets["critic"](fake))})
