"""The generative adversarial network, with the multilayer perceptrons of the lectures.

Source: Goodfellow et al. 2014, arXiv:1406.2661. Deviations: logits and softplus in place of
probabilities and logarithms; Adam at 2e-4 with betas (0.5, 0.999) and LeakyReLU, which later
practice settled on, in place of maxout units, dropout and momentum.

Two lectures write it down, with z of 100 dimensions from N(0, 1), hidden layers of 128, tanh, the
non-saturating loss, and no size of batch. `--preset lecture` is the one in PyTorch: ReLUs and Adam
at 0.01. `--preset lecture-keras` is the one in Keras: LeakyReLUs of slope 0.2 and Adam at 0.001.
Deviations from the latter: it steps the discriminator on the real samples and again on the
generated ones, here once on both; the initial weights are PyTorch's, and so is Adam's ε of 1e-8.

`--preset pacgan` is the GAN that Lin et al. 2018, arXiv:1712.04086, compare with on 25 Gaussians,
from their code, where it is trained for 400,000 steps. Deviation: the two networks are updated one
after the other, where theirs are updated together; each update of the discriminator sees other
noise than the generator's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

from gansmith.batch import DataSpec, LabeledImages, Points
from gansmith.draws import Draws
from gansmith.losses import LOSSES, verdict
from gansmith.method import Adam, Count, LatentMethod, Networks, NotNegative, Objective, Phase
from gansmith.networks.maxout import pacgan_pair
from gansmith.networks.mlp import ACTIVATIONS, mlp_critic, mlp_generator


@dataclass(frozen=True, kw_only=True)
class GAN(LatentMethod[LabeledImages | Points]):
    """GAN (Goodfellow et al. 2014, arXiv:1406.2661), Algorithm 1 with one discriminator step."""

    loss: Literal["non-saturating", "minimax"] = "non-saturating"
    """The generator's loss; with "minimax" its gradient vanishes where the discriminator wins."""
    hidden: tuple[Count, ...] = (128,)
    """Widths of the hidden layers of both networks, from the noise to the sample; lectures: 128."""
    activation: Literal["leaky-relu", "relu"] = "leaky-relu"
    """Between the layers of both networks."""
    architecture: Literal["mlp", "pacgan"] = "mlp"
    """"pacgan": for points, batch normalisation and maxout units as in PacGAN's experiments,
    whatever --hidden and --activation say."""
    learning_rate: NotNegative = 2e-4
    """Of both optimizers; the lectures: 0.01, and Keras' 0.001."""
    betas: tuple[float, float] = (0.5, 0.999)
    """Adam's decay rates."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages, Points)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """As lectures show it, in PyTorch and in Keras; for points, also PacGAN's values."""
        adam: dict[str, Any] = {"betas": (0.9, 0.999), "ema_decay": 0.0}
        lectures = {
            "lecture": {"activation": "relu", "learning_rate": 0.01, **adam},
            "lecture-keras": {"activation": "leaky-relu", "learning_rate": 0.001, **adam},
        }
        if batch is LabeledImages:
            return {"default": {}, **lectures}
        pacgan = {"architecture": "pacgan", "z_dim": 2, "batch_size": 100, "learning_rate": 1e-4}
        pacgan |= {"betas": (0.8, 0.999), "ema_decay": 0.0}
        return {"default": {"hidden": (128, 128, 128), "z_dim": 2}, "pacgan": pacgan, **lectures}

    def build(self, data: DataSpec) -> Networks:
        if self.architecture == "pacgan":
            return Networks(pacgan_pair(self.z_dim, data.shape))
        activation = ACTIVATIONS[self.activation]
        generator = mlp_generator(self.z_dim, self.hidden, data.shape, activation)
        discriminator = mlp_critic(data.shape, self.hidden[::-1], activation)
        return Networks({"generator": generator, "discriminator": discriminator})

    def phases(self) -> Sequence[Phase[LabeledImages | Points]]:
        phase = partial(
            Phase[LabeledImages | Points],
            draws=self.draws,
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
        )
        return (
            phase(name="discriminator", trains=["discriminator"], objective=self.discriminate),
            phase(name="generator", trains=["generator"], objective=self.fool),
        )

    def discriminate(
        self, nets: Networks, batch: LabeledImages | Points, draws: Draws
    ) -> Objective:
        """-log D(x) - log(1 - D(G(z)))."""
        real = nets["discriminator"](batch.x)
        fake = nets["discriminator"](nets["generator"](draws["z"]))
        terms = LOSSES[self.loss].discriminator(real, fake)
        return Objective(terms, verdict(real, fake))

    def fool(self, nets: Networks, batch: LabeledImages | Points, draws: Draws) -> Objective:
        """-log D(G(z)), or log(1 - D(G(z))) for minimax."""
        fake = nets["discriminator"](nets["generator"](draws["z"]))
        return Objective({"adversarial": LOSSES[self.loss].generator(fake)})
