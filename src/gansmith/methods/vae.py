"""The variational autoencoder: codes are distributions, kept close to the one samples come from.

Source: Kingma and Welling 2013, arXiv:1312.6114, equation 10 and appendix C; β: Higgins et al.
2017. The default is the lecture's 784-256-2. Deviations: ReLU in place of tanh, Adam in place of
Adagrad, β. Grey values are taken for probabilities, as usual for digits, though they are none.

One lecture divides KL by 784 because it takes the *mean* of the cross-entropy over pixels: that is
this loss divided by 784. Mean and sum mixed, without that factor, set β to the number of pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

from torch import Tensor

from gansmith.batch import DataSpec, LabeledImages
from gansmith.choices import refuse_with
from gansmith.draws import Draws
from gansmith.likelihoods import (
    bernoulli,
    gaussian_kl,
    log_bernoulli,
    log_prior_over_posterior,
)
from gansmith.method import (
    Adam,
    Count,
    Inputs,
    LatentMethod,
    Networks,
    NotNegative,
    Objective,
    Phase,
)
from gansmith.networks.autoencoder import encoder_and_decoder
from gansmith.networks.upsampling import Upsample


@dataclass(frozen=True, kw_only=True)
class VAE(LatentMethod[LabeledImages]):
    """VAE (Kingma and Welling 2013, arXiv:1312.6114)."""

    z_dim: Count = 20
    """Length of the code z; lectures: 2, paper: 2 to 20."""
    beta: NotNegative = 1.0
    """Weight of the divergence; paper: 1. Larger: smoother codes, blurrier images."""
    network: Literal["mlp", "conv"] = "mlp"
    """Perceptrons, or convolutions."""
    hidden: tuple[Count, ...] = (400,)
    """Widths of the perceptrons' hidden layers, from the image to the code; lectures: 256."""
    width: Count = 32
    """Channels of the largest feature map of the convolutions, doubled with each halving."""
    upsample: Upsample = "deconv"
    """How the convolutional decoder doubles its maps: transposed convolutions, or each pixel
    repeated and then a 3x3 convolution, which leaves no checkerboard."""
    batch_size: Count = 128
    """Samples in a batch, over all processes; paper: 100."""
    learning_rate: NotNegative = 1e-3
    """Of Adam."""
    betas: tuple[float, float] = (0.9, 0.999)
    """Adam's decay rates."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)
    averaged: ClassVar[Sequence[str]] = ("encoder", "decoder")

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The lecture's sizes, whose codes can be drawn as a map."""
        return {"lecture": {"z_dim": 2, "hidden": (256,)}}

    def build(self, data: DataSpec) -> Networks:
        codes = (2 * self.z_dim, self.z_dim)
        if self.network == "mlp":
            refuse_with("--network mlp", self, ("upsample",))
        sizes = (data.shape, codes, self.hidden, self.width)
        return Networks(encoder_and_decoder(self.network, *sizes, self.upsample))

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        return (
            Phase(
                name="autoencoder",
                trains=["encoder", "decoder"],
                objective=self.bound,
                draws=lambda batch, random: {"epsilon": random.normal(self.z_dim)},
                learning_rate=self.learning_rate,
                optimizer=partial(Adam, betas=self.betas),
            ),
        )

    def bound(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-ELBO = E_q -log p(x|z) + β KL(q(z|x) || p(z)), in nats an image."""
        mean, log_variance = self.posterior(nets, batch.x)
        z = mean + (log_variance / 2).exp() * draws["epsilon"]
        reconstruction = bernoulli(batch.x, nets["decoder"](z).float())
        divergence = gaussian_kl(mean, log_variance)
        terms = {"reconstruction": reconstruction, "divergence": self.beta * divergence}
        return Objective(terms, {"elbo": -(reconstruction + divergence)})

    def posterior(self, nets: Networks, x: Tensor) -> tuple[Tensor, Tensor]:
        """(μ, log σ²) of q(z|x), each (N, z_dim)."""
        mean, log_variance = nets["encoder"](x).float().chunk(2, dim=1)
        return mean, log_variance

    def log_weights(self, nets: Networks, x: Tensor, epsilon: Tensor) -> Tensor:
        """log p(x, z) - log q(z|x) at z = μ + σ ε, ε (K, N, z_dim): (K, N), nats; β plays no part.

        Source: Burda et al. 2015, arXiv:1509.00519, equation 8.
        """
        mean, log_variance = self.posterior(nets, x)
        z = mean + (log_variance / 2).exp() * epsilon
        images = x.expand(len(epsilon), *x.shape).flatten(0, 1)
        likelihood = log_bernoulli(images, nets["decoder"](z.flatten(0, 1)).float())
        ratio = log_prior_over_posterior(z, epsilon, log_variance)
        return likelihood.view(ratio.shape) + ratio

    def generate(self, nets: Networks, inputs: Inputs) -> Tensor:
        """The mean of p(x|z), in [-1, 1]."""
        return 2 * nets["decoder"](inputs["z"]).sigmoid() - 1

    def encode(self, nets: Networks, x: Tensor) -> Tensor:
        """The mean of q(z|x)."""
        return self.posterior(nets, x)[0]
