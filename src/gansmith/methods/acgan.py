"""The auxiliary classifier GAN: the discriminator also says which class a sample belongs to.

Source: Odena et al. 2017, arXiv:1610.09585. Both heads give logits, the last layer of one trunk:
one for the source, one for each class. The generator is told the class by a one-hot beside the
noise; generated images are given the labels of the batch, so that real and generated ones have the
same classes.

Deviations: the networks of `dcgan`, where the paper's discriminator is deeper, with dropout, and
running statistics of its batch normalisation are of real images alone, for `classify`. Our default
weighs the class losses by 1/20, without which a class is made in one way, and leaves out the
discriminator's on generated images, by which both networks gain where images are easy to classify.
It further has the deviations of `dcgan`. `--preset paper` takes back what is no network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

import torch.nn.functional as F
from torch import Tensor

from gansmith.augment import Augmented
from gansmith.batch import DataSpec, LabeledImages
from gansmith.choices import chosen
from gansmith.draws import Draws, Random
from gansmith.losses import NON_SATURATING, verdict
from gansmith.method import Adam, ConditionalMethod, Networks, Objective, Phase
from gansmith.networks import conditional, dcgan, heads, spectral
from gansmith.networks.statistics import unnoticed
from gansmith.ranges import Count, NaturalNumber, NotNegative


@dataclass(frozen=True, kw_only=True)
class ACGAN(Augmented, ConditionalMethod[LabeledImages]):
    """AC-GAN (Odena et al. 2017, arXiv:1610.09585)."""

    z_dim: Count = 64
    """Length of the noise vector z; paper: 100."""
    class_weight: NotNegative = 0.05
    """Weight of the class losses beside those of the source, of both networks; paper: 1, which
    makes a class less varied."""
    fake_class_loss: bool = False
    """Train the class head on generated images too, so that both networks gain by images that are
    easy to classify; paper: yes."""
    width: Count = 32
    """Channels of the largest feature map, doubled with each halving of the size."""
    hidden: NaturalNumber = 256
    """Units of the fully connected layers in both networks; 0: none."""
    mapping: Count = 3
    """Such layers between the noise and the generator's smallest map; the discriminator has one."""
    upsample: Literal["deconv", "resize"] = "deconv"
    """How the generator doubles its maps: transposed convolutions, or each pixel repeated and then
    a 3x3 convolution, which leaves no checkerboard; paper: deconv."""
    discriminator_norm: Literal["batch", "spectral", "none"] = "batch"
    """Batch normalisation, each weight divided by its largest singular value, or nothing; paper:
    batch."""
    learning_rate: NotNegative = 5e-4
    """Of both optimizers; paper: 2e-4."""
    betas: tuple[float, float] = (0.5, 0.99)
    """Adam's decay rates; paper: (0.5, 0.999)."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values of training, for CIFAR-10."""
        losses = {"fake_class_loss": True, "class_weight": 1.0}
        rates = {"learning_rate": 2e-4, "betas": (0.5, 0.999), "batch_size": 100, "ema_decay": 0.0}
        return {"paper": {**rates, "z_dim": 100, "shift": 0, "hidden": 0, **losses}}

    def build(self, data: DataSpec) -> Networks:
        classes = conditional.classes_of(data)
        nets = dcgan.pair(self.z_dim + classes, data.shape, chosen(self, dcgan.Choices))
        head = partial(heads.ScoreHead, scores=1 + classes)
        made = {
            "generator": conditional.Joined(nets["generator"], classes),
            "discriminator": heads.with_head(nets["discriminator"], head),
        }
        return Networks(made | self.augmentation.networks())

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        phase = partial(
            Phase[LabeledImages],
            draws=self.chances,
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
        )
        judge = partial(phase, trains=["discriminator"], objective=self.discriminate)
        return (
            judge(name="discriminator", after=self.follow),
            phase(name="generator", trains=["generator"], objective=self.please),
        )

    def chances(self, batch: LabeledImages, random: Random) -> Draws:
        """z, and what is done to each image."""
        return {**self.augmentation.draws(random), **self.draws(batch, random)}

    def made(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Tensor:
        """G(z, y) with the labels of the batch, as the discriminator sees it."""
        return self.augmentation.fake(nets, nets["generator"](draws["z"], batch.y), draws)

    def discriminate(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-L_S - L_C: -log P(S|·), and -log P(C = y|·) on real and on generated images."""
        judge, seen = nets["discriminator"], self.augmentation.real(nets, batch.x, draws)
        real, of_real = source_and_class(judge(seen))
        fake, of_fake = source_and_class(unnoticed(judge, self.made(nets, batch, draws)))
        terms = {"source": sum_of(NON_SATURATING.discriminator(real, fake))}
        terms["class_real"] = self.class_weight * F.cross_entropy(of_real, batch.y)
        if self.fake_class_loss:
            terms["class_fake"] = self.class_weight * F.cross_entropy(of_fake, batch.y)
        right = (of_real.argmax(1) == batch.y).float().mean()
        stats = verdict(real, fake) | self.augmentation.stats(nets, real)
        return Objective(terms, {**stats, "class_accuracy": right})

    def follow(self, nets: Networks, values: Mapping[str, Tensor]) -> None:
        """Move the probability of augmentation, and spectral norms after the weights."""
        spectral.follow_weights(nets["discriminator"])
        self.augmentation.adapt(nets, values, self.batch_size)

    def please(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-log P(S = real|G(z, y)) - log P(C = y|G(z, y))."""
        made = self.made(nets, batch, draws)
        score, classes = source_and_class(unnoticed(nets["discriminator"], made))
        named = self.class_weight * F.cross_entropy(classes, batch.y)
        return Objective({"adversarial": NON_SATURATING.generator(score), "class": named})

    def classify(self, nets: Networks, x: Tensor) -> Tensor:
        """Images (N, *shape) → logits of the classes, (N, K)."""
        return source_and_class(nets["discriminator"](x))[1]


def source_and_class(outputs: Tensor) -> tuple[Tensor, Tensor]:
    """(N, 1 + K) → logits of the source (N, 1) and of the classes (N, K)."""
    return outputs[:, :1], outputs[:, 1:]


def sum_of(terms: Mapping[str, Tensor]) -> Tensor:
    """The sum of both sources' terms."""
    return terms["real"] + terms["fake"]
