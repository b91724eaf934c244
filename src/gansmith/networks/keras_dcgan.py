"""The convolutional networks of a lecture, written in Keras for images of 28x28 pixels.

Source: the lecture "GANs in action: AutoEncoder, GAN, DCGAN", its last slides. Kept as there: no
normalisation and no activation between the map of 7x7x256 and the first transposed convolution,
stride 1 in the second one, 3x3 kernels, slopes of 0.01, and what Keras does unasked: Glorot's
uniform weights, batch normalisation with ε = 0.001 and a memory of 0.99. Deviation: an odd pixel of
padding lies above and to the left, where Keras has it below and to the right.
"""

from __future__ import annotations

from torch import nn

from gansmith.errors import ConfigError
from gansmith.networks.heads import ScoreHead

SIDE, SLOPE = 28, 0.01


def pair(z_dim: int, shape: tuple[int, ...], planes: int = 0) -> dict[str, nn.Sequential]:
    """{"generator": (N, z_dim) → (N, *shape) in [-1, 1], "discriminator": (N, *shape) → (N, 1)}.

    The discriminator sees so many `planes` more than an image has.

    Raises:
        ConfigError: images of another size.
    """
    if shape[1:] != (SIDE, SIDE):
        raise ConfigError(
            f"--network keras makes images of 28x28 pixels, not of {shape[1]}x{shape[2]}. "
            "Give --size 28, or another --network."
        )
    judge = discriminator(shape[0] + planes)
    nets = {"generator": generator(z_dim, shape[0]), "discriminator": judge}
    for network in nets.values():
        _glorot_initialise(network)
    return nets


def generator(z_dim: int, channels: int) -> nn.Sequential:
    """(N, z_dim) → (N, channels, 28, 28): 7x7x256, then strides 2, 1 and 2."""
    return nn.Sequential(
        nn.Linear(z_dim, 256 * 7 * 7),
        nn.Unflatten(1, (256, 7, 7)),
        nn.ConvTranspose2d(256, 128, 3, stride=2, padding=1, output_padding=1),
        nn.BatchNorm2d(128, eps=1e-3, momentum=0.01),
        nn.LeakyReLU(SLOPE),
        nn.ConvTranspose2d(128, 64, 3, padding=1),
        nn.BatchNorm2d(64, eps=1e-3, momentum=0.01),
        nn.LeakyReLU(SLOPE),
        nn.ConvTranspose2d(64, channels, 3, stride=2, padding=1, output_padding=1),
        nn.Tanh(),
    )


def discriminator(channels: int) -> nn.Sequential:
    """(N, channels, 28, 28) → logits (N, 1): 14x14x32, 7x7x64, 4x4x128, nothing normalised."""
    layers: list[nn.Module] = []
    for inputs, outputs in ((channels, 32), (32, 64), (64, 128)):
        layers += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1), nn.LeakyReLU(SLOPE)]
    return nn.Sequential(*layers, nn.Flatten(), ScoreHead(128 * 4 * 4))


def _glorot_initialise(network: nn.Module) -> None:
    """Uniform weights of variance 2 / (fan in + fan out), biases 0."""
    for layer in network.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
