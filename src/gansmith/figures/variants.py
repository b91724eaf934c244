"""A convolutional GAN whose loss and generator are chosen: for figures, not for use.

Source: Arjovsky et al. 2017, arXiv:1701.07875, section 4.3 and figures 5 to 7: DCGAN's generator,
the same without batch normalisation, and perceptrons of four layers with 512 ReLUs; Gulrajani et
al. 2017, arXiv:1704.00028, figure 2. Deviations: small widths, one learning rate for each loss for
all generators, 2 critic updates for WGAN-GP. The critic of WGAN-GP has no batch normalisation,
since it would couple samples in the penalty; the other two have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

import torch
from torch import nn

from gansmith.batch import DataSpec, LabeledImages
from gansmith.draws import Draws, Random
from gansmith.losses import NON_SATURATING, wasserstein_critic, wasserstein_generator
from gansmith.method import Adam, Count, LatentMethod, Networks, NotNegative, Objective, Phase
from gansmith.networks import dcgan
from gansmith.networks.mlp import mlp_generator
from gansmith.penalties import clip_weights, gradient_penalty

HIDDEN = (512, 512, 512, 512)


def without_batch_norm(network: nn.Sequential) -> nn.Sequential:
    """The same layers less the normalisation over the batch."""
    kept = (layer for layer in network if not isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d))
    return nn.Sequential(*kept)


@dataclass(frozen=True, kw_only=True)
class Varied(LatentMethod[LabeledImages]):
    """A GAN with one of three losses and one of three generators."""

    ema_decay: float = 0.99
    loss: Literal["dcgan", "wgan", "wgan-gp"] = "dcgan"
    """The non-saturating loss; clipped weights; the gradient penalty."""
    form: Literal["batch-norm", "plain", "mlp"] = "batch-norm"
    """The generator: DCGAN's, the same without batch normalisation, or perceptrons."""
    width: Count = 16
    """Channels of the largest feature map of the convolutions."""
    clip: NotNegative = 0.03
    """c of WGAN."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)

    def build(self, data: DataSpec) -> Networks:
        """Generator and critic."""
        generator = dcgan.generator(self.z_dim, data.shape, self.width)
        if self.form == "mlp":
            generator = mlp_generator(self.z_dim, HIDDEN, data.shape, nn.ReLU)
        if self.form == "plain":
            generator = without_batch_norm(generator)
        critic = dcgan.discriminator(data.shape, self.width)
        if self.loss == "wgan-gp":
            critic = without_batch_norm(critic)
        return Networks({"generator": generator, "critic": critic})

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        """The critic as often as its loss wants it, then the generator."""
        ways: dict[str, tuple[float, Any, int]] = {
            "dcgan": (5e-4, partial(Adam, betas=(0.5, 0.99)), 1),
            "wgan": (2e-4, torch.optim.RMSprop, 5),
            "wgan-gp": (5e-4, partial(Adam, betas=(0.0, 0.9)), 2),
        }
        rate, optimizer, repeats = ways[self.loss]
        phase = partial(Phase, draws=self.chances, learning_rate=rate, optimizer=optimizer)
        return (
            phase(
                name="critic",
                trains=["critic"],
                objective=self.judge,
                repeats=repeats,
                after=self.bound if self.loss == "wgan" else None,
            ),
            phase(name="generator", trains=["generator"], objective=self.fool),
        )

    def chances(self, batch: LabeledImages, random: Random) -> Draws:
        """z, and one ε a sample."""
        return {**self.draws(batch, random), "mix": random.uniform()}

    def judge(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """The critic's or discriminator's loss."""
        critic, made = nets["critic"], nets["generator"](draws["z"])
        real, fake = critic(batch.x), critic(made)
        if self.loss == "dcgan":
            return Objective(NON_SATURATING.discriminator(real, fake))
        terms = {"wasserstein": wasserstein_critic(real, fake)}
        if self.loss == "wgan-gp":
            terms["penalty"] = 10 * gradient_penalty(critic, batch.x, made, draws["mix"])
        return Objective(terms)

    def bound(self, nets: Networks, values: object) -> None:
        """Every weight of the critic into [-c, c]."""
        clip_weights(nets["critic"], self.clip)

    def fool(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """The generator's loss."""
        fake = nets["critic"](nets["generator"](draws["z"]))
        if self.loss == "dcgan":
            return Objective({"adversarial": NON_SATURATING.generator(fake)})
        return Objective({"adversarial": wasserstein_generator(fake)})
