"""The weight-normalised GAN: no statistics of the batch, and a norm that holds for each unit.

Source: Xiang and Li 2017, arXiv:1704.03971, with the comparison that the paper makes: `--norm
batch` and `--norm none` are its other two networks, trained alike. Both plays draw noise of their
own. Deviations: images are in [-1, 1] (see `networks/wn_gan.py`). Our default further differs, and
`--preset paper` does not: half the width, a higher learning rate, batches of 64, an averaged
generator. The paper follows the reconstruction of held-out images as it trains: `gansmith train
wn-gan --evaluate-every 1000 --evaluate-measures reconstruction_short`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

import torch

from gansmith.batch import DataSpec, LabeledImages
from gansmith.draws import Draws
from gansmith.losses import NON_SATURATING
from gansmith.method import Count, Fraction, LatentMethod, Networks, NotNegative, Objective, Phase
from gansmith.networks import wn_gan


@dataclass(frozen=True, kw_only=True)
class WNGAN(LatentMethod[LabeledImages]):
    """WN-GAN (Xiang and Li 2017, arXiv:1704.03971) with the non-saturating loss."""

    norm: Literal["weight", "batch", "none"] = "weight"
    """What is normalised in both networks; paper: weights, compared with the other two."""
    z_dim: Count = 128
    """Length of the noise vector z; paper: 128."""
    width: Count = 32
    """Channels of the largest feature map, doubled with each halving of the size; paper: 64."""
    learning_rate: NotNegative = 2e-4
    """Of both RMSprops; paper: 1e-4, and the authors' later advice 2e-5."""
    alpha: Fraction = 0.9
    """RMSprop's memory of squared gradients; paper: 0.9."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values."""
        paper = {"width": 64, "learning_rate": 1e-4, "batch_size": 32, "ema_decay": 0.0}
        return {"paper": paper}

    def build(self, data: DataSpec) -> Networks:
        generator = wn_gan.generator(self.z_dim, data.shape, self.width, self.norm)
        discriminator = wn_gan.discriminator(data.shape, self.width, self.norm)
        return Networks({"generator": generator, "discriminator": discriminator})

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        phase = partial(
            Phase[LabeledImages],
            draws=self.draws,
            learning_rate=self.learning_rate,
            optimizer=partial(torch.optim.RMSprop, alpha=self.alpha, eps=1e-6),
        )
        return (
            phase(name="discriminator", trains=["discriminator"], objective=self.discriminate),
            phase(name="generator", trains=["generator"], objective=self.fool),
        )

    def discriminate(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-log D(x) - log(1 - D(G(z))); real and generated images are normalised apart."""
        real = nets["discriminator"](batch.x)
        fake = nets["discriminator"](nets["generator"](draws["z"]))
        terms = NON_SATURATING.discriminator(real, fake)
        return Objective(terms, {"real_score": real.mean(), "fake_score": fake.mean()})

    def fool(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-log D(G(z))."""
        fake = nets["discriminator"](nets["generator"](draws["z"]))
        return Objective({"adversarial": NON_SATURATING.generator(fake)})
