"""The boundary equilibrium GAN: the discriminator is an auto-encoder, and a balance is kept.

Source: Berthelot et al. 2017, arXiv:1703.10717. Deviations: k and M follow the errors of the
discriminator's play, L(x) and L(G(z_D)), so that both are of the same networks, where the paper
has L(G(z_G)), of the same distribution; the generator then moves against the discriminator that
has just moved. With several processes the logged M is the mean of each one's. The learning rate is
halved by a rule of ours (see `networks/balance.py`), down to the 2e-5 of a well-known
implementation. The generator's output has no bound, so samples are cut to [-1, 1]. Both images
begin at the median colour of the first batch: a convolutional auto-encoder makes plain grey anew
however little it has learned, and a generator that begins with grey has little reason to leave it
where the data is mostly of another colour, such as digits on black. Our default further differs,
and `--preset paper` does not: γ = 1, for digits differ in how easily they are made anew, and a
lower one is content with the easiest; narrower networks, a higher learning rate, betas (0.5,
0.999), a larger λ_k, an averaged generator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

from torch import Tensor

from gansmith.batch import DataSpec, LabeledImages
from gansmith.draws import Draws, Random
from gansmith.losses import absolute_error, boundary_equilibrium, convergence
from gansmith.method import (
    Adam,
    Count,
    Fraction,
    Inputs,
    LatentMethod,
    NaturalNumber,
    Networks,
    NotNegative,
    Objective,
    Phase,
)
from gansmith.networks import balance, began

FLOOR = 2e-5
"""The learning rate is not halved to less."""


@dataclass(frozen=True, kw_only=True)
class BEGAN(LatentMethod[LabeledImages]):
    """BEGAN (Berthelot et al. 2017, arXiv:1703.10717)."""

    gamma: Fraction = 1.0
    """γ, the wanted ratio L(G(z)) / L(x): lower is cleaner and less diverse; paper: 0.5, and 0.3 to
    0.7 in its comparison."""
    k_rate: NotNegative = 0.02
    """λ_k, how quickly k follows; paper: 0.001."""
    width: Count = 16
    """Channels of the largest feature map, and of every map of the generator; paper: 64 or 128."""
    z_dim: Count = 64
    """Length of the noise vector z, and of the auto-encoder's code; paper: 64."""
    prior: Literal["normal", "uniform"] = "uniform"
    """Distribution of z: N(0, 1) or U[-1, 1); paper: uniform."""
    batch_size: Count = 16
    """Samples in a batch, over all processes; paper: 16."""
    learning_rate: NotNegative = 1e-3
    """Of both optimizers at the start; paper: 1e-4."""
    betas: tuple[float, float] = (0.5, 0.999)
    """Adam's decay rates; paper: its defaults, (0.9, 0.999)."""
    patience: NaturalNumber = 2000
    """Steps over which M is averaged: where a mean is not the lowest so far, the learning rate is
    halved, down to 2e-5; 0: never. The paper names no number."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)
    curves: ClassVar[Sequence[str]] = ("discriminator/m_global", "discriminator/k")

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values."""
        adam = {"learning_rate": 1e-4, "betas": (0.9, 0.999), "ema_decay": 0.0}
        return {"paper": {"gamma": 0.5, "width": 64, "k_rate": 0.001, **adam}}

    def build(self, data: DataSpec) -> Networks:
        generator = began.decoder(self.z_dim, data.shape, self.width)
        discriminator = began.autoencoder(data.shape, self.z_dim, self.width)
        nets = {"generator": generator, "discriminator": discriminator}
        return Networks({**nets, "balance": balance.Balance()})

    def prepare(self, nets: Networks, batch: LabeledImages, random: Random) -> None:
        """Let both images begin at the median colour."""
        for name in ("generator", "discriminator"):
            began.begin_at_median(nets[name], batch.x)

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        phase = partial(
            Phase[LabeledImages],
            draws=self.draws,
            learning_rate=self.learning_rate,
            optimizer=partial(Adam, betas=self.betas),
            rate=self.rate,
        )
        return (
            phase(
                name="discriminator",
                trains=["discriminator"],
                objective=self.discriminate,
                after=self.keep_balance,
            ),
            phase(name="generator", trains=["generator"], objective=self.please),
        )

    def rate(self, nets: Networks, step: int) -> float:
        """What the balance made of the learning rate."""
        return balance.factor(nets["balance"], step, self.patience)

    def error(self, nets: Networks, x: Tensor) -> Tensor:
        """L(x) = E |x - D(x)|."""
        return absolute_error(x.float(), nets["discriminator"](x).float())

    def discriminate(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """L(x) - k L(G(z))."""
        real = self.error(nets, batch.x)
        fake = self.error(nets, nets["generator"](draws["z"]))
        k = nets["balance"]()
        stats = {"k": k, "m_global": convergence(real, fake, self.gamma)}
        stats |= {"real_score": -real, "fake_score": -fake}
        return Objective(boundary_equilibrium(real, fake, k), stats)

    def keep_balance(self, nets: Networks, values: Mapping[str, Tensor]) -> None:
        """Move k, and lower the learning rate where M falls no more."""
        real, fake = -values["real_score"], -values["fake_score"]
        balance.move(nets["balance"], real, fake, self.gamma, self.k_rate)
        reached = convergence(real, fake, self.gamma)
        least = FLOOR / max(FLOOR, self.learning_rate)
        balance.slow_down(nets["balance"], reached, self.patience, least)

    def please(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """L(G(z))."""
        return Objective({"adversarial": self.error(nets, nets["generator"](draws["z"]))})

    def generate(self, nets: Networks, inputs: Inputs) -> Tensor:
        """G(z), cut to [-1, 1]."""
        return nets["generator"](inputs["z"]).clamp(-1.0, 1.0)
