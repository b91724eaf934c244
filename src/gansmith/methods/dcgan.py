"""The deep convolutional GAN, for images of 28 to 128 pixels, grey or colour.

Source: Radford et al. 2015, arXiv:1511.06434. Deviations: 4x4 kernels (see `networks/dcgan.py`).
Our default further differs, and `--preset paper` does not: fully connected layers of 256, three in
the generator and one in the discriminator, a quarter of the width, noise from N(0, 1) in 64
dimensions, learning rate 5e-4, betas (0.5, 0.99), batches of 64, images moved by up to 1 pixel
before the discriminator sees them (see `augment.py`) and an averaged generator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from torch import Tensor

from gansmith.augment import Augmentation, Kind
from gansmith.batch import DataSpec, LabeledImages
from gansmith.draws import Draws, Random
from gansmith.losses import NON_SATURATING
from gansmith.method import (
    Adam,
    Count,
    Fraction,
    LatentMethod,
    NaturalNumber,
    Networks,
    NotNegative,
    Objective,
    Phase,
)
from gansmith.networks import dcgan
from gansmith.schedules import linear_decay


@dataclass(frozen=True, kw_only=True)
class DCGAN(LatentMethod[LabeledImages]):
    """DCGAN (Radford et al. 2015, arXiv:1511.06434) with the non-saturating loss."""

    z_dim: Count = 64
    """Length of the noise vector z; paper: 100."""
    width: Count = 32
    """Channels of the largest feature map, doubled with each halving of the size; paper: 128."""
    hidden: NaturalNumber = 256
    """Units of the fully connected layers in both networks; 0: none, as in the paper."""
    mapping: Count = 3
    """Such layers between the noise and the generator's smallest map; the discriminator has one."""
    shift: NaturalNumber = 1
    """Pixels by which images are moved at random before the discriminator; paper: 0. With few
    images it keeps the discriminator from learning them by heart."""
    augment: tuple[Kind, ...] = ()
    """Differentiable augmentation before the discriminator, for small sets: flip, translation,
    colour, cutout; paper: none."""
    adaptive: bool = False
    """Augment only as often as keeps the discriminator from being too sure of real images."""
    augment_target: Fraction = 0.6
    """With --adaptive, what the mean sign of the real images' logits is to be; ADA: 0.6."""
    learning_rate: NotNegative = 5e-4
    """Of both optimizers; paper: 2e-4."""
    betas: tuple[float, float] = (0.5, 0.99)
    """Adam's decay rates; paper: (0.5, 0.999)."""
    decay_from: NaturalNumber = 0
    """Step from which the learning rate falls evenly to 0."""
    decay_steps: NaturalNumber = 0
    """Steps that this takes; 0: it never falls, as in the paper."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values."""
        paper = {"z_dim": 100, "width": 128, "hidden": 0, "batch_size": 128, "prior": "uniform"}
        adam = {"learning_rate": 2e-4, "betas": (0.5, 0.999), "ema_decay": 0.0, "shift": 0}
        return {"paper": paper | adam}

    def build(self, data: DataSpec) -> Networks:
        layers = [self.hidden] * self.mapping if self.hidden else []
        generator = dcgan.generator(self.z_dim, data.shape, self.width, layers)
        discriminator = dcgan.discriminator(data.shape, self.width, self.hidden)
        nets = {"generator": generator, "discriminator": discriminator}
        return Networks(nets | self.augmentation.networks())

    @property
    def augmentation(self) -> Augmentation:
        """What is done to images before the discriminator."""
        return Augmentation(self.shift, self.augment, self.adaptive)

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        phase = partial(
            Phase[LabeledImages],
            draws=self.chances,
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
            rate=linear_decay(self.decay_from, self.decay_steps),
        )
        return (
            phase(
                name="discriminator",
                trains=["discriminator"],
                objective=self.discriminate,
                after=self.adapt if self.adaptive else None,
            ),
            phase(name="generator", trains=["generator"], objective=self.fool),
        )

    def chances(self, batch: LabeledImages, random: Random) -> Draws:
        """z, and what is done to each image."""
        augmentation = self.augmentation.draws(random)
        return {**self.draws(batch, random), **augmentation}

    def discriminate(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-log D(x) - log(1 - D(G(z))); real and generated images are normalised apart."""
        made = nets["generator"](draws["z"])
        real = nets["discriminator"](self.augmentation.real(nets, batch.x, draws))
        fake = nets["discriminator"](self.augmentation.fake(nets, made, draws))
        stats = {"real_score": real.mean(), "fake_score": fake.mean()}
        terms = NON_SATURATING.discriminator(real, fake)
        return Objective(terms, stats | self.augmentation.stats(nets, real))

    def adapt(self, nets: Networks, values: Mapping[str, Tensor]) -> None:
        """Move the probability of augmentation."""
        sign = values["real_sign"]
        self.augmentation.adapt(nets, sign, self.augment_target, self.batch_size)

    def fool(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-log D(G(z))."""
        made = self.augmentation.fake(nets, nets["generator"](draws["z"]), draws)
        return Objective({"adversarial": NON_SATURATING.generator(nets["discriminator"](made))})
