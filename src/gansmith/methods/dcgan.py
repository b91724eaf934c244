"""The deep convolutional GAN, for images of 28 to 128 pixels, grey or colour.

Source: Radford et al. 2015, arXiv:1511.06434. What later papers changed in it: resizing in place of
transposed convolutions (Odena et al. 2016, Distill), spectral normalisation and the hinge (Miyato
et al. 2018, arXiv:1802.05957), the spread of the batch (Karras et al. 2017, arXiv:1710.10196), and
R1 (Mescheder et al. 2018, arXiv:1801.04406), an update of its own every few steps with as many
times the weight (Karras et al. 2019, arXiv:1912.04958; see `Phase.lazily`). With the spread of the
batch, R1 is that of the sum of all scores, as it is there.

`--preset lecture` is one lecture's network in Keras (see `networks/keras_dcgan.py`), with Keras'
Adam. `--preset lecture-training` trains it as another lecture does: uniform noise, RMSprop that
decays, real and generated images in one batch, half the rate for the generator. That lecture shows
no network and no numbers: 2e-4, 6e-8, 100 dimensions and batches of 64 are those of the code that
it links, whose network is another one. Differences from it: the generator's decay is not halved,
the generated images that the discriminator learns from are normalised by their own batch, and the
loss is the sum of two means where Keras takes the mean of all. In both, ε is 1e-8 where Keras has
1e-7.

Deviations: the default has 4x4 kernels in place of 5x5, fully connected layers of 256, three in the
generator and one in the discriminator, a quarter of the width, noise from N(0, 1) in 64 dimensions,
learning rate 5e-4, betas (0.5, 0.99), batches of 64, images moved by up to 1 pixel before the
discriminator sees them (see `augment`) and an averaged generator; `--preset paper` takes all back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Literal

from torch import Tensor

from gansmith.augment import Augmented
from gansmith.batch import DataSpec, LabeledImages
from gansmith.choices import chosen, names_of, refuse_with
from gansmith.draws import Draws, Random
from gansmith.losses import LOSSES, verdict
from gansmith.method import OPTIMIZERS, LatentMethod, Networks, Objective, Phase
from gansmith.networks import dcgan, heads, keras_dcgan, spectral
from gansmith.penalties import refuse_batch_norm, zero_centred_penalty
from gansmith.ranges import Count, NaturalNumber, NotNegative
from gansmith.schedules import both, every, inverse_decay, linear_decay


@dataclass(frozen=True, kw_only=True)
class DCGAN(Augmented, LatentMethod[LabeledImages]):
    """DCGAN (Radford et al. 2015, arXiv:1511.06434) with the non-saturating loss."""

    z_dim: Count = 64
    """Length of the noise vector z; paper: 100."""
    loss: Literal["non-saturating", "minimax", "hinge"] = "non-saturating"
    """What both networks minimise; paper: non-saturating."""
    network: Literal["dcgan", "keras"] = "dcgan"
    """The paper's, or a lecture's of fixed sizes for 28x28 pixels."""
    width: Count = 32
    """Channels of the largest feature map, doubled with each halving of the size; paper: 128."""
    hidden: NaturalNumber = 256
    """Units of the fully connected layers in both networks; 0: none, as in the paper."""
    mapping: Count = 3
    """Such layers between the noise and the generator's smallest map; the discriminator has one."""
    upsample: Literal["deconv", "resize"] = "deconv"
    """How the generator doubles its maps: transposed convolutions, or each pixel repeated and then
    a 3x3 convolution, which leaves no checkerboard; paper: deconv."""
    kernel: Literal[3, 4, 5] = 4
    """Side of strided and of transposed convolutions; at 3 and 5 the latter overlap unevenly;
    paper: 5."""
    discriminator_norm: Literal["batch", "spectral", "none"] = "batch"
    """Batch normalisation, each weight divided by its largest singular value, or nothing; paper:
    batch."""
    minibatch_stddev: bool = False
    """Show the discriminator how much groups of 4 samples differ; paper: no."""
    r1_weight: NotNegative = 0.0
    """γ of the penalty ½ γ E ‖∇D(x)‖² at real images, for another norm than batch; paper: 0."""
    r1_every: Count = 16
    """Steps from one penalty to the next, whose weight is multiplied by as many; StyleGAN2: 16."""
    together: bool = False
    """Real and generated images in one batch for the discriminator, so that batch normalisation
    mixes them; paper: no."""
    optimizer: Literal["adam", "rmsprop"] = "adam"
    """Of both networks; paper: adam."""
    learning_rate: NotNegative = 5e-4
    """Of both optimizers; paper: 2e-4."""
    generator_rate: NotNegative = 1.0
    """Factor on the generator's learning rate; paper: 1."""
    betas: tuple[float, float] = (0.5, 0.99)
    """Adam's decay rates; RMSprop takes the second; paper: (0.5, 0.999)."""
    decay: NotNegative = 0.0
    """The learning rate is divided by 1 + decay · step, as in Keras 2; paper: 0."""
    decay_from: NaturalNumber = 0
    """Step from which the learning rate falls evenly to 0."""
    decay_steps: NaturalNumber = 0
    """Steps that this takes; 0: it never falls, as in the paper."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values, and two lectures'."""
        plain = {"z_dim": 100, "shift": 0, "ema_decay": 0.0}
        uniform = {**plain, "prior": "uniform", "learning_rate": 2e-4}
        paper = {"width": 128, "hidden": 0, "kernel": 5, "batch_size": 128, "betas": (0.5, 0.999)}
        keras = {**plain, "network": "keras", "learning_rate": 1e-3, "betas": (0.9, 0.999)}
        rmsprop = {"optimizer": "rmsprop", "betas": (0.0, 0.9), "generator_rate": 0.5}
        training = {**keras, **uniform, **rmsprop, "decay": 6e-8, "together": True}
        return {"paper": uniform | paper, "lecture": keras, "lecture-training": training}

    def build(self, data: DataSpec) -> Networks:
        if self.network == "keras":
            refuse_with("--network keras", self, names_of(dcgan.Choices))
            nets = keras_dcgan.pair(self.z_dim, data.shape)
        else:
            refuse_batch_norm(self.discriminator_norm, self.r1_weight)
            nets = dcgan.pair(self.z_dim, data.shape, chosen(self, dcgan.Choices))
        return Networks(nets | self.augmentation.networks())

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        phase = partial(
            Phase[LabeledImages],
            draws=self.chances,
            learning_rate=self.learning_rate,
            optimizer=OPTIMIZERS[self.optimizer](self.betas),
            rate=both(linear_decay(self.decay_from, self.decay_steps), inverse_decay(self.decay)),
        )
        rate = self.generator_rate * self.learning_rate
        judging = partial(phase, trains=["discriminator"], objective=self.discriminate)
        judge = judging(name="discriminator", after=self.follow)
        norms = spectral.following("discriminator")
        penalty = judge.lazily(self.penalise, every(self.r1_every), after=norms)
        fool = phase(name="generator", trains=["generator"], objective=self.fool)
        return judge, *([penalty] if self.r1_weight else []), replace(fool, learning_rate=rate)

    def chances(self, batch: LabeledImages, random: Random) -> Draws:
        """z, and what is done to each image."""
        return {**self.augmentation.draws(random), **self.draws(batch, random)}

    def discriminate(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """The loss on real and generated images, normalised apart unless `together`."""
        fake = self.augmentation.fake(nets, nets["generator"](draws["z"]), draws)
        real = self.augmentation.real(nets, batch.x, draws)
        real, fake = heads.judged(nets["discriminator"], real, fake, self.together)
        stats = verdict(real, fake) | self.augmentation.stats(nets, real)
        return Objective(LOSSES[self.loss].discriminator(real, fake), stats)

    def follow(self, nets: Networks, values: Mapping[str, Tensor]) -> None:
        """Move the probability of augmentation, and spectral norms after the weights."""
        spectral.follow_weights(nets["discriminator"])
        self.augmentation.adapt(nets, values, self.batch_size)

    def penalise(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """½ γ E ‖∇D(x)‖² at real images as the discriminator sees them, for all steps left out."""
        seen = self.augmentation.real(nets, batch.x, draws)
        r1 = zero_centred_penalty(nets["discriminator"], seen)
        return Objective({"r1": self.r1_weight * self.r1_every * r1})

    def fool(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """The loss on generated images."""
        made = self.augmentation.fake(nets, nets["generator"](draws["z"]), draws)
        return Objective({"adversarial": LOSSES[self.loss].generator(nets["discriminator"](made))})
