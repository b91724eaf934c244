"""The convolutional generator and discriminator of DCGAN, 28 to 128 pixels, grey or colour.

Source: Radford et al. 2015, arXiv:1511.06434, section 3. Deviations: 4x4 kernels in place of 5x5,
as in the common PyTorch port, so that strided and transposed convolutions line up evenly; with
`hidden`, fully connected layers between the noise (or the score) and the smallest map, which the
paper leaves out, as in the MNIST networks of Chen et al. 2016, arXiv:1606.03657, appendix C.1.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from gansmith.networks.heads import ScoreHead
from gansmith.networks.mapping import mapping
from gansmith.networks.sizes import stages


def generator(
    z_dim: int, shape: tuple[int, ...], width: int, hidden: Sequence[int] = ()
) -> nn.Sequential:
    """(N, z_dim) → images (N, *shape) in [-1, 1].

    The last map before the image has `width` channels, each one before it twice as many; batch
    normalisation everywhere but on the output.
    """
    height, wide, doublings = stages(shape, most=128)
    channels = width * 2 ** (doublings - 1)
    layers = mapping(z_dim, hidden)
    layers += [
        nn.Linear([z_dim, *hidden][-1], channels * height * wide, bias=False),
        nn.Unflatten(1, (channels, height, wide)),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
    ]
    for _ in range(doublings - 1):
        layers += [
            nn.ConvTranspose2d(channels, channels // 2, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(channels // 2),
            nn.ReLU(),
        ]
        channels //= 2
    layers += [nn.ConvTranspose2d(channels, shape[0], 4, stride=2, padding=1), nn.Tanh()]
    return _initialised(nn.Sequential(*layers))


def discriminator(shape: tuple[int, ...], width: int, hidden: int = 0) -> nn.Sequential:
    """Images (N, *shape) → logits (N, 1); batch normalisation everywhere but on the first layer."""
    height, wide, halvings = stages(shape, most=128)
    layers: list[nn.Module] = [nn.Conv2d(shape[0], width, 4, stride=2, padding=1)]
    channels = width
    for _ in range(halvings - 1):
        layers += [
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels, channels * 2, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(channels * 2),
        ]
        channels *= 2
    layers += [nn.LeakyReLU(0.2), nn.Flatten()]
    features = channels * height * wide
    if hidden:
        layers += [nn.Linear(features, hidden, bias=False), nn.BatchNorm1d(hidden)]
        layers.append(nn.LeakyReLU(0.2))
    layers.append(ScoreHead(hidden or features))
    return _initialised(nn.Sequential(*layers))


def _initialised(network: nn.Sequential) -> nn.Sequential:
    """Weights from N(0, 0.02²), batch-norm gains from N(1, 0.02²), biases 0."""
    for layer in network.modules():
        weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
        if isinstance(weight, Tensor):
            mean = 1.0 if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) else 0.0
            nn.init.normal_(weight, mean, 0.02)
        if isinstance(bias, Tensor):
            nn.init.zeros_(bias)
    return network
