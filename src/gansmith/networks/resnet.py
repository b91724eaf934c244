"""The residual generator and critic of WGAN-GP, 28 to 128 pixels, grey or colour.

Source: Gulrajani et al. 2017, arXiv:1704.00028, appendix F and the 64x64 "good" networks of the
reference code: nearest-neighbour upsampling, mean pooling, He initialisation. Deviation: widths
double from the image inwards, starting at `width`, and are capped at 8 times `width`; `hidden`
adds fully connected layers; the generator may do without normalisation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gansmith.networks.heads import ScoreHead
from gansmith.networks.mapping import mapping
from gansmith.networks.mlp import he_initialise
from gansmith.networks.sizes import stages


def layer_norm(channels: int) -> nn.Module:
    """Normalisation of one sample over (C, H, W), a gain and a bias for each channel."""
    return nn.GroupNorm(1, channels)


NORMS: dict[str, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "layer": layer_norm,
    "none": lambda channels: nn.Identity(),
}


def upsample(x: Tensor) -> Tensor:
    """(N, C, H, W) → (N, C, 2H, 2W), each pixel repeated."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def enlarging(conv: nn.Conv2d, x: Tensor) -> Tensor:
    """conv(upsample(x)) of a 3x3 convolution with padding 1, by one transposed convolution.

    Its 4x4 kernel is the 3x3 one spread over each repeated pixel: 4/9 of the multiplications.
    """
    kernel = _spread(conv.weight.flip(2, 3)).transpose(0, 1)
    return F.conv_transpose2d(x, kernel, conv.bias, stride=2, padding=1)


def reducing(conv: nn.Conv2d, x: Tensor) -> Tensor:
    """The 2x2 means of conv(x) of a 3x3 convolution with padding 1, by one of stride 2.

    Its 4x4 kernel is the mean of the 3x3 one's four places: 4/9 of the multiplications.
    """
    return F.conv2d(x, _spread(conv.weight) / 4, conv.bias, stride=2, padding=1)


def _spread(kernel: Tensor) -> Tensor:
    """(O, I, 3, 3) → (O, I, 4, 4): the sum of the kernel at its four places in a 4x4 square."""
    return sum(
        (F.pad(kernel, (left, 1 - left, top, 1 - top)) for left in (0, 1) for top in (0, 1)),
        start=torch.zeros((), dtype=kernel.dtype, device=kernel.device),
    )


class Block(nn.Module):
    """norm → ReLU → conv → norm → ReLU → conv, with a 1x1 convolution as the shortcut."""

    def __init__(self, inputs: int, outputs: int, norm: str, middle: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = NORMS[norm](inputs), NORMS[norm](middle)
        self.conv1 = nn.Conv2d(inputs, middle, 3, padding=1)
        self.conv2 = nn.Conv2d(middle, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)


class UpBlock(Block):
    """(N, inputs, H, W) → (N, outputs, 2H, 2W)."""

    def forward(self, x: Tensor) -> Tensor:
        y = enlarging(self.conv1, F.relu(self.norm1(x)))
        y = self.conv2(F.relu(self.norm2(y)))
        return y + upsample(self.shortcut(x))  # a 1x1 convolution commutes with the enlargement


class DownBlock(Block):
    """(N, inputs, H, W) → (N, outputs, H/2, W/2), by the mean of each 2x2 square."""

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(F.relu(self.norm1(x)))
        y = reducing(self.conv2, F.relu(self.norm2(y)))
        return y + self.shortcut(F.avg_pool2d(x, 2))


class FirstBlock(nn.Module):
    """An image (N, C, H, W) → (N, outputs, H/2, W/2), with nothing before the first convolution."""

    def __init__(self, inputs: int, outputs: int, middle: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, middle, 3, padding=1)
        self.conv2 = nn.Conv2d(middle, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = reducing(self.conv2, F.relu(self.conv1(x)))
        return y + self.shortcut(F.avg_pool2d(x, 2))


def generator(
    z_dim: int,
    shape: tuple[int, ...],
    width: int,
    hidden: Sequence[int] = (),
    norm: str = "batch",
) -> nn.Sequential:
    """(N, z_dim) → images (N, *shape) in [-1, 1]; `norm` is "batch" or "none"."""
    height, wide, doublings = stages(shape, most=128)
    channels = _widths(width, doublings)
    network = nn.Sequential(
        *mapping(z_dim, hidden, norm == "batch"),
        nn.Linear([z_dim, *hidden][-1], channels[-1] * height * wide),
        nn.Unflatten(1, (channels[-1], height, wide)),
        *(
            UpBlock(channels[i + 1], channels[i], norm, middle=channels[i])
            for i in reversed(range(doublings))
        ),
        NORMS[norm](channels[0]),
        nn.ReLU(),
        nn.Conv2d(channels[0], shape[0], 3, padding=1),
        nn.Tanh(),
    )
    he_initialise(network)
    return network


def critic(
    shape: tuple[int, ...], width: int, norm: str = "layer", hidden: int = 0
) -> nn.Sequential:
    """Images (N, *shape) → scores (N, 1); `norm` is "layer" or "none"."""
    height, wide, halvings = stages(shape, most=128)
    channels = _widths(width, halvings)
    features = channels[-1] * height * wide
    last = [nn.ReLU(), nn.Linear(features, hidden), nn.ReLU()] if hidden else []
    network = nn.Sequential(
        FirstBlock(shape[0], channels[1], middle=channels[0]),
        *(
            DownBlock(channels[i], channels[i + 1], norm, middle=channels[i])
            for i in range(1, halvings)
        ),
        nn.Flatten(),
        *last,
        ScoreHead(hidden or features),
    )
    he_initialise(network)
    return network


def _widths(width: int, doublings: int) -> list[int]:
    """Channels from the image inwards: width, 2 width, 4 width, 8 width, 8 width ..."""
    return [width * 2 ** min(i, 3) for i in range(doublings + 1)]


def plain_pair(
    z_dim: int, shape: tuple[int, ...], width: int, hidden: int
) -> dict[str, nn.Sequential]:
    """A generator and a critic without normalisation, with 3 and 1 layers of `hidden` units."""
    layers = [hidden] * 3 if hidden else []
    return {
        "generator": generator(z_dim, shape, width, layers, norm="none"),
        "critic": critic(shape, width, norm="none", hidden=hidden),
    }
