"""The autoencoder: an encoder squeezes an image into a short code, a decoder makes it anew.

Source: Hinton and Salakhutdinov 2006, Science 313, with the sizes 784-512-256-32 of the lectures,
ReLUs and Adam in place of the paper's layer-wise pre-training. It is no generative model: codes
drawn at random decode badly, which `gansmith sample` shows, and which the VAE mends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Literal

from torch import Tensor

from gansmith.batch import DataSpec, LabeledImages
from gansmith.choices import refuse_with
from gansmith.draws import Draws
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
class Autoencoder(LatentMethod[LabeledImages]):
    """An autoencoder (Hinton and Salakhutdinov 2006) with the squared error."""

    z_dim: Count = 32
    """Length of the code z; lectures: 32."""
    network: Literal["mlp", "conv"] = "mlp"
    """Perceptrons, or convolutions."""
    hidden: tuple[Count, ...] = (512, 256)
    """Widths of the perceptrons' hidden layers, from the image to the code; lectures: 512 256."""
    width: Count = 32
    """Channels of the largest feature map of the convolutions, doubled with each halving."""
    upsample: Upsample = "deconv"
    """How the convolutional decoder doubles its maps: transposed convolutions, or each pixel
    repeated and then a 3x3 convolution, which leaves no checkerboard."""
    batch_size: Count = 128
    """Samples in a batch, over all processes; lectures: 128."""
    learning_rate: NotNegative = 1e-3
    """Of Adam; lectures: 1e-3."""
    betas: tuple[float, float] = (0.9, 0.999)
    """Adam's decay rates."""

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)
    averaged: ClassVar[Sequence[str]] = ("encoder", "decoder")

    def build(self, data: DataSpec) -> Networks:
        codes = (self.z_dim, self.z_dim)
        if self.network == "mlp":
            refuse_with("--network mlp", self, ("upsample",))
        sizes = (data.shape, codes, self.hidden, self.width)
        return Networks(encoder_and_decoder(self.network, *sizes, self.upsample))

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        return (
            Phase(
                name="autoencoder",
                trains=["encoder", "decoder"],
                objective=self.reconstruct,
                learning_rate=self.learning_rate,
                optimizer=partial(Adam, betas=self.betas),
            ),
        )

    def reconstruct(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """E (x - D(E(x)))², the mean over pixels of range [-1, 1]."""
        codes = nets["encoder"](batch.x)
        error = (self.generate(nets, {"z": codes}).float() - batch.x).square().mean()
        return Objective({"reconstruction": error}, {"code_deviation": codes.float().std()})

    def generate(self, nets: Networks, inputs: Inputs) -> Tensor:
        """D(z), within [-1, 1]."""
        return nets["decoder"](inputs["z"]).tanh()

    def encode(self, nets: Networks, x: Tensor) -> Tensor:
        """E(x)."""
        return nets["encoder"](x)
