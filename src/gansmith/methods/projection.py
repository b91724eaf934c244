"""The projection discriminator: the class enters the score by an inner product with the features.

Source: Miyato and Koyama 2018, arXiv:1802.05637. The generator is told the class by the batch
normalisation of its maps, which has a gain and a bias for each. Generated images are given the
labels of the batch, so that real and generated ones have the same classes; the paper draws them
evenly.

Deviations: the networks of `dcgan`, where the paper's are residual, so that φ are the units before
the score, where the paper sums over the smallest map. Our default further has batch normalisation
in the discriminator, the non-saturating loss and one play, where the paper has the spectral
normalisation of every weight (Miyato et al. 2018, arXiv:1802.05957), the hinge and five; the inner
product is scaled down; and it has the deviations of `dcgan`. Which form keeps a class more varied
depends on the data: `docs/results.md`. `--preset paper` takes back what is no network but the
authors' schedule: its rate does not fall, and both networks see batches of one size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

from torch import Tensor

from gansmith.augment import Augmented
from gansmith.batch import DataSpec, LabeledImages
from gansmith.choices import chosen
from gansmith.draws import Draws, Random
from gansmith.losses import LOSSES, verdict
from gansmith.method import Adam, ConditionalMethod, Networks, Objective, Phase
from gansmith.networks import conditional, dcgan, heads, projection, spectral
from gansmith.ranges import Count, NaturalNumber, NotNegative


@dataclass(frozen=True, kw_only=True)
class ProjectionGAN(Augmented, ConditionalMethod[LabeledImages]):
    """The projection discriminator (Miyato and Koyama 2018, arXiv:1802.05637)."""

    z_dim: Count = 64
    """Length of the noise vector z; paper: 128."""
    loss: Literal["non-saturating", "hinge"] = "non-saturating"
    """What both networks minimise; paper: hinge."""
    class_scale: NotNegative = 0.05
    """Factor of the inner product of class and features; paper: 1, with which classes are learned
    before images are, and each is made in few ways."""
    n_discriminator: Count = 1
    """Plays of the discriminator for one of the generator; paper: 5."""
    width: Count = 32
    """Channels of the largest feature map, doubled with each halving of the size."""
    hidden: NaturalNumber = 256
    """Units of the fully connected layers in both networks; 0: none."""
    mapping: Count = 3
    """Such layers between the noise and the generator's smallest map; the discriminator has one."""
    upsample: Literal["deconv", "resize"] = "deconv"
    """How the generator doubles its maps: transposed convolutions, or each pixel repeated and then
    a 3x3 convolution, which leaves no checkerboard; paper: resize."""
    discriminator_norm: Literal["batch", "spectral", "none"] = "batch"
    """Batch normalisation, each weight divided by its largest singular value, or nothing; paper:
    spectral."""
    learning_rate: NotNegative = 5e-4
    """Of both optimizers; paper: 2e-4."""
    betas: tuple[float, float] = (0.5, 0.99)
    """Adam's decay rates; paper: (0, 0.9)."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values of training."""
        rates = {"learning_rate": 2e-4, "betas": (0.0, 0.9), "n_discriminator": 5, "ema_decay": 0.0}
        networks: dict[str, Any] = {"z_dim": 128, "upsample": "resize", "hidden": 0, "shift": 0}
        judge = {"loss": "hinge", "class_scale": 1.0, "discriminator_norm": "spectral"}
        return {"paper": {**rates, **networks, **judge}}

    def build(self, data: DataSpec) -> Networks:
        classes = conditional.classes_of(data)
        plain = dcgan.pair(self.z_dim, data.shape, chosen(self, dcgan.Choices))
        judge = projection.Projected(plain["discriminator"], classes, self.class_scale)
        maker = conditional.Normalised(plain["generator"], classes)
        nets = {"generator": maker, "discriminator": judge}
        return Networks(nets | self.augmentation.networks())

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        phase = partial(
            Phase[LabeledImages],
            draws=self.chances,
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
        )
        judge = partial(phase, trains=["discriminator"], objective=self.discriminate)
        return (
            judge(name="discriminator", after=self.follow, repeats=self.n_discriminator),
            phase(name="generator", trains=["generator"], objective=self.fool),
        )

    def chances(self, batch: LabeledImages, random: Random) -> Draws:
        """z, and what is done to each image."""
        return {**self.augmentation.draws(random), **self.draws(batch, random)}

    def made(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Tensor:
        """G(z, y) with the labels of the batch, as the discriminator sees it."""
        return self.augmentation.fake(nets, nets["generator"](draws["z"], batch.y), draws)

    def discriminate(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-log D(x, y) - log(1 - D(G(z, y), y)), or the hinge of both."""
        real, fake = self.augmentation.real(nets, batch.x, draws), self.made(nets, batch, draws)
        scores = heads.judged(nets["discriminator"], real, fake, False, batch.y)
        stats = verdict(*scores) | self.augmentation.stats(nets, scores[0])
        return Objective(LOSSES[self.loss].discriminator(*scores), stats)

    def follow(self, nets: Networks, values: Mapping[str, Tensor]) -> None:
        """Move the probability of augmentation, and spectral norms after the weights."""
        spectral.follow_weights(nets["discriminator"])
        self.augmentation.adapt(nets, values, self.batch_size)

    def fool(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-log D(G(z, y), y), or minus the score by the hinge."""
        score = nets["discriminator"](self.made(nets, batch, draws), batch.y)
        return Objective({"adversarial": LOSSES[self.loss].generator(score)})
