"""The conditional GAN: both networks are told what a sample is to be, a class or attributes.

Source: Mirza and Osindero 2014, arXiv:1411.1784. Generated samples are given the labels of the
batch, so that real and generated ones have the same classes; the paper draws them from the data
too. Deviations: one-hots join noise and image as they are, where the paper has a layer of its own
for each of them first; the networks of `dcgan` and of `gan`; the non-saturating loss; Adam.

`--preset lecture` is one lecture's: uniform noise and one-hots, RMSprop that decays, real and
generated images in one batch, half the rate for the generator, the accuracy logged. It shows no
network and no numbers: 2e-4, 6e-8, 100 dimensions and batches of 64 are those of the code that it
links. That code hands the labels to the discriminator, which makes no use of them, so that nothing
ties an image to its class: here they join the image. Differences from it: the network of another
lecture (see `networks/keras_dcgan.py`), labels of the batch in place of even ones, and those that
`dcgan --preset lecture-training` has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Literal

from torch import Tensor

from gansmith.augment import Augmented
from gansmith.batch import AttributedImages, DataSpec, LabeledImages
from gansmith.choices import chosen, names_of, refuse_with
from gansmith.draws import Draws, Random
from gansmith.losses import NON_SATURATING, verdict
from gansmith.method import OPTIMIZERS, ConditionalMethod, Networks, Objective, Phase
from gansmith.networks import conditional, dcgan, heads, keras_dcgan, spectral
from gansmith.networks.mlp import leaky_relu, mlp_critic, mlp_generator
from gansmith.ranges import Count, NaturalNumber, NotNegative
from gansmith.schedules import inverse_decay

Real = LabeledImages | AttributedImages


@dataclass(frozen=True, kw_only=True)
class CGAN(Augmented, ConditionalMethod[Real]):
    """CGAN (Mirza and Osindero 2014, arXiv:1411.1784) with the non-saturating loss."""

    z_dim: Count = 64
    """Length of the noise vector z; paper: 100."""
    network: Literal["conv", "mlp", "keras"] = "conv"
    """Those of `dcgan`, perceptrons as in the paper, or a lecture's of fixed sizes for 28x28
    pixels."""
    width: Count = 32
    """Channels of the largest feature map of the convolutions, doubled with each halving."""
    hidden: NaturalNumber = 256
    """Units of the fully connected layers in both networks."""
    mapping: Count = 3
    """Such layers before the generator's smallest map, where the discriminator has one; perceptrons
    have so many in both."""
    upsample: Literal["deconv", "resize"] = "deconv"
    """How the convolutional generator doubles its maps: transposed convolutions, or each pixel
    repeated and then a 3x3 convolution, which leaves no checkerboard."""
    discriminator_norm: Literal["batch", "spectral", "none"] = "batch"
    """Of the convolutional discriminator: batch normalisation, each weight divided by its largest
    singular value, or nothing."""
    together: bool = False
    """Real and generated images in one batch for the discriminator, so that batch normalisation
    mixes them."""
    optimizer: Literal["adam", "rmsprop"] = "adam"
    """Of both networks; paper: gradient descent with momentum."""
    learning_rate: NotNegative = 5e-4
    """Of both optimizers."""
    generator_rate: NotNegative = 1.0
    """Factor on the generator's learning rate."""
    betas: tuple[float, float] = (0.5, 0.99)
    """Adam's decay rates; RMSprop takes the second."""
    decay: NotNegative = 0.0
    """The learning rate is divided by 1 + decay · step, as in Keras 2."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages, AttributedImages)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """As a lecture shows it, in Keras."""
        plain = {"network": "keras", "z_dim": 100, "prior": "uniform", "shift": 0, "ema_decay": 0.0}
        rmsprop = {"optimizer": "rmsprop", "betas": (0.0, 0.9), "decay": 6e-8, "together": True}
        return {"lecture": {**plain, **rmsprop, "learning_rate": 2e-4, "generator_rate": 0.5}}

    def build(self, data: DataSpec) -> Networks:
        classes, z_dim = conditional.classes_of(data), self.z_dim + conditional.classes_of(data)
        flat = self.network == "mlp"
        if flat:
            refuse_with("--network mlp", self, ("upsample", "discriminator_norm"))
            sizes, seen = [self.hidden] * self.mapping, (math.prod(data.shape) + classes,)
            generator = mlp_generator(z_dim, sizes, data.shape, leaky_relu)
            nets = {"generator": generator, "discriminator": mlp_critic(seen, sizes, leaky_relu)}
        elif self.network == "keras":
            refuse_with("--network keras", self, names_of(dcgan.Choices))
            nets = keras_dcgan.pair(z_dim, data.shape, planes=classes)
        else:
            nets = dcgan.pair(z_dim, data.shape, chosen(self, dcgan.Choices), planes=classes)
        told = {name: conditional.Joined(net, classes, flat) for name, net in nets.items()}
        return Networks(told | self.augmentation.networks())

    def phases(self) -> Sequence[Phase[Real]]:
        phase = partial(
            Phase[Real],
            draws=self.chances,
            learning_rate=self.learning_rate,
            optimizer=OPTIMIZERS[self.optimizer](self.betas),
            rate=inverse_decay(self.decay),
        )
        judging = partial(phase, trains=["discriminator"], objective=self.discriminate)
        fool = phase(name="generator", trains=["generator"], objective=self.fool)
        rate = self.generator_rate * self.learning_rate
        judge = judging(name="discriminator", after=self.follow)
        return judge, replace(fool, learning_rate=rate)

    def chances(self, batch: Real, random: Random) -> Draws:
        """z, and what is done to each image."""
        return {**self.augmentation.draws(random), **self.draws(batch, random)}

    def made(self, nets: Networks, batch: Real, draws: Draws) -> Tensor:
        """G(z|y) with the labels of the batch, as the discriminator sees it."""
        return self.augmentation.fake(nets, nets["generator"](draws["z"], batch.y), draws)

    def discriminate(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """-log D(x|y) - log(1 - D(G(z|y)|y)), normalised apart unless `together`."""
        real, fake = self.augmentation.real(nets, batch.x, draws), self.made(nets, batch, draws)
        scores = heads.judged(nets["discriminator"], real, fake, self.together, batch.y)
        stats = verdict(*scores) | self.augmentation.stats(nets, scores[0])
        return Objective(NON_SATURATING.discriminator(*scores), stats)

    def follow(self, nets: Networks, values: Mapping[str, Tensor]) -> None:
        """Move the probability of augmentation, and spectral norms after the weights."""
        spectral.follow_weights(nets["discriminator"])
        self.augmentation.adapt(nets, values, self.batch_size)

    def fool(self, nets: Networks, batch: Real, draws: Draws) -> Objective:
        """-log D(G(z|y)|y)."""
        score = nets["discriminator"](self.made(nets, batch, draws), batch.y)
        return Objective({"adversarial": NON_SATURATING.generator(score)})
