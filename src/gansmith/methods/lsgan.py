"""The least-squares GAN: DCGAN's networks, and a loss that pulls samples towards the boundary.

Source: Mao et al. 2016, arXiv:1611.04076. Deviations of the default, which `--preset paper` takes
back: Adam at 5e-4 with betas (0.5, 0.99), narrower networks with fully connected layers, images
moved by up to 1 pixel before the discriminator, an averaged generator. Points: perceptrons, which
the paper has in its experiment on eight Gaussians.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

from gansmith.augment import Augmentation
from gansmith.batch import DataSpec, LabeledImages, Points
from gansmith.choices import chosen, refuse_with
from gansmith.draws import Draws, Random
from gansmith.losses import least_squares
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
from gansmith.networks import dcgan
from gansmith.networks.dcgan import Norm
from gansmith.networks.mlp import leaky_relu, mlp_critic, mlp_generator
from gansmith.networks.spectral import following
from gansmith.networks.upsampling import Upsample

Real = LabeledImages | Points
LABELS = {"zero-one": least_squares(0, 1, 1), "pearson": least_squares(-1, 1, 0)}


@dataclass(frozen=True, kw_only=True)
class LSGAN(LatentMethod[Real]):
    """LSGAN (Mao et al. 2016, arXiv:1611.04076)."""

    labels: Literal["zero-one", "pearson"] = "zero-one"
    """(a, b, c) for generated samples, real ones and the generator's wish: (0, 1, 1), or
    (-1, 1, 0), which descends a Pearson divergence; paper: both, "zero-one" in its pictures."""
    width: Count = 32
    """Channels of the largest feature map, doubled with each halving; paper: 64. For points, units
    of each of the 3 hidden layers."""
    hidden: NaturalNumber = 256
    """Units of the fully connected layers in both image networks; 0: none, as in the paper."""
    mapping: Count = 3
    """Such layers between the noise and the generator's smallest map; the discriminator has one."""
    upsample: Upsample = "deconv"
    """How the image generator doubles its maps: transposed convolutions, or each pixel repeated
    and then a 3x3 convolution, which leaves no checkerboard; paper: deconv."""
    discriminator_norm: Norm = "batch"
    """Of the image discriminator: batch normalisation, each weight divided by its largest singular
    value, or nothing; paper: batch."""
    shift: NaturalNumber = 1
    """Pixels by which images are moved at random before the discriminator; paper: 0."""
    learning_rate: NotNegative = 5e-4
    """Of both optimizers; paper: 1e-3."""
    betas: tuple[float, float] = (0.5, 0.99)
    """Adam's decay rates; paper: (0.5, 0.999)."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages, Points)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values; for points, our own."""
        paper = {"learning_rate": 1e-3, "betas": (0.5, 0.999), "ema_decay": 0.0, "shift": 0}
        if batch is Points:
            ours = {"z_dim": 2, "width": 128, "shift": 0, "hidden": 0, "batch_size": 256}
            return {"default": ours}
        return {"paper": {"width": 64, "hidden": 0, "prior": "uniform", "z_dim": 1024} | paper}

    def build(self, data: DataSpec) -> Networks:
        if data.batch is Points:
            refuse_with("points", self, ("upsample", "discriminator_norm"))
            sizes = [self.width] * 3
            generator = mlp_generator(self.z_dim, sizes, data.shape, leaky_relu)
            nets = {
                "generator": generator,
                "discriminator": mlp_critic(data.shape, sizes, leaky_relu),
            }
            return Networks(nets)
        return Networks(dcgan.pair(self.z_dim, data.shape, chosen(self, dcgan.Choices)))

    def phases(self) -> Sequence[Phase[Real]]:
        phase = partial(
            Phase[Real],
            draws=self.chances,
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
        )
        judge = partial(phase, trains=["discriminator"], objective=self.discriminate)
        return (
            judge(name="discriminator", after=following("discriminator")),
            phase(name="generator", trains=["generator"], objective=self.attract),
        )

    def chances(self, batch: Real, random: Random) -> Draws:
        """z, and by how much each image is moved."""
        return {**self.draws(batch, random), **Augmentation(self.shift).draws(random)}

    def discriminate(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """½ (D(x) - b)² + ½ (D(G(z)) - a)²."""
        moved, made = Augmentation(self.shift), nets["generator"](draws["z"])
        real = nets["discriminator"](moved.real(nets, batch.x, draws))
        fake = nets["discriminator"](moved.fake(nets, made, draws))
        terms = LABELS[self.labels].discriminator(real, fake)
        return Objective(terms, {"real_score": real.mean(), "fake_score": fake.mean()})

    def attract(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """½ (D(G(z)) - c)²."""
        made = Augmentation(self.shift).fake(nets, nets["generator"](draws["z"]), draws)
        return Objective(
            {"adversarial": LABELS[self.labels].generator(nets["discriminator"](made))}
        )
