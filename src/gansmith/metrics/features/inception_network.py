"""Inception-v3, in the form whose features the Fréchet Inception Distance is defined by.

Source: Szegedy et al. 2016, arXiv:1512.00567, figures 5 to 7 and 10. The form of TensorFlow's 2015
weights, which Heusel et al. 2017, arXiv:1706.08500, measure with, differs: means over 3x3 places
leave out the border, the last block takes the largest of 3x3 places, and there are 1,008 logits.
Names of parameters are those of the usual state dicts.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DIMENSIONS = 2048
Kernel = int | tuple[int, int]


class Convolution(nn.Module):
    """Convolution without bias, batch norm, ReLU; padded so that an odd kernel keeps the size."""

    def __init__(
        self, inputs: int, outputs: int, kernel: Kernel, stride: int = 1, padded: bool = True
    ) -> None:
        super().__init__()
        sides = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (sides[0] // 2, sides[1] // 2) if padded else 0
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, H', W')."""
        return F.relu(self.bn(self.conv(x)))


class Block(nn.Module):
    """Chains of convolutions beside each other, put together by channel.

    Args:
        tensorflow: whether means leave out the border.
        largest: whether the pooled branch takes the largest of 3x3 places, not their mean.
        stride: of the pooling; 2 where the block halves the map.
    """

    branches: Sequence[Sequence[str]] = ()
    """Names of the convolutions of each chain."""
    pooled: Sequence[str] = ()
    """Those of the chain behind the pooling."""

    def __init__(self, tensorflow: bool = True, largest: bool = False, stride: int = 1) -> None:
        super().__init__()
        self._tensorflow, self._largest, self._stride = tensorflow, largest, stride

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) → (N, C', H', W')."""
        found = [self.chain(names, x) for names in self.branches]
        return torch.cat([*found, self.chain(self.pooled, self.pool(x))], 1)

    def chain(self, names: Sequence[str], x: Tensor) -> Tensor:
        """Convolutions behind each other."""
        for name in names:
            x = getattr(self, name)(x)
        return x

    def pool(self, x: Tensor) -> Tensor:
        """Over 3x3 places."""
        if self._largest:
            return F.max_pool2d(x, 3, self._stride, padding=1 if self._stride == 1 else 0)
        return F.avg_pool2d(x, 3, 1, padding=1, count_include_pad=not self._tensorflow)


class BlockA(Block):
    """Figure 5: 5x5 as two 3x3; maps of 35x35."""

    branches = (
        ("branch1x1",),
        ("branch5x5_1", "branch5x5_2"),
        ("branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
    )
    pooled = ("branch_pool",)

    def __init__(self, inputs: int, pool: int, tensorflow: bool) -> None:
        super().__init__(tensorflow)
        self.branch1x1 = Convolution(inputs, 64, 1)
        self.branch5x5_1 = Convolution(inputs, 48, 1)
        self.branch5x5_2 = Convolution(48, 64, 5)
        self.branch3x3dbl_1 = Convolution(inputs, 64, 1)
        self.branch3x3dbl_2 = Convolution(64, 96, 3)
        self.branch3x3dbl_3 = Convolution(96, 96, 3)
        self.branch_pool = Convolution(inputs, pool, 1)


class BlockB(Block):
    """Figure 10: from 35x35 to 17x17."""

    branches = (("branch3x3",), ("branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"))

    def __init__(self, inputs: int) -> None:
        super().__init__(largest=True, stride=2)
        self.branch3x3 = Convolution(inputs, 384, 3, 2, padded=False)
        self.branch3x3dbl_1 = Convolution(inputs, 64, 1)
        self.branch3x3dbl_2 = Convolution(64, 96, 3)
        self.branch3x3dbl_3 = Convolution(96, 96, 3, 2, padded=False)


class BlockC(Block):
    """Figure 6: 7x7 as 1x7 and 7x1; maps of 17x17."""

    branches = (
        ("branch1x1",),
        ("branch7x7_1", "branch7x7_2", "branch7x7_3"),
        tuple(f"branch7x7dbl_{number}" for number in range(1, 6)),
    )
    pooled = ("branch_pool",)

    def __init__(self, width: int, tensorflow: bool) -> None:
        super().__init__(tensorflow)
        self.branch1x1 = Convolution(768, 192, 1)
        self.branch7x7_1 = Convolution(768, width, 1)
        self.branch7x7_2 = Convolution(width, width, (1, 7))
        self.branch7x7_3 = Convolution(width, 192, (7, 1))
        self.branch7x7dbl_1 = Convolution(768, width, 1)
        self.branch7x7dbl_2 = Convolution(width, width, (7, 1))
        self.branch7x7dbl_3 = Convolution(width, width, (1, 7))
        self.branch7x7dbl_4 = Convolution(width, width, (7, 1))
        self.branch7x7dbl_5 = Convolution(width, 192, (1, 7))
        self.branch_pool = Convolution(768, 192, 1)


class BlockD(Block):
    """From 17x17 to 8x8."""

    branches = (
        ("branch3x3_1", "branch3x3_2"),
        ("branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"),
    )

    def __init__(self) -> None:
        super().__init__(largest=True, stride=2)
        self.branch3x3_1 = Convolution(768, 192, 1)
        self.branch3x3_2 = Convolution(192, 320, 3, 2, padded=False)
        self.branch7x7x3_1 = Convolution(768, 192, 1)
        self.branch7x7x3_2 = Convolution(192, 192, (1, 7))
        self.branch7x7x3_3 = Convolution(192, 192, (7, 1))
        self.branch7x7x3_4 = Convolution(192, 192, 3, 2, padded=False)


class BlockE(Block):
    """Figure 7: chains that part at their end; maps of 8x8."""

    def __init__(self, inputs: int, tensorflow: bool, largest: bool) -> None:
        super().__init__(tensorflow, largest)
        self.branch1x1 = Convolution(inputs, 320, 1)
        self.branch3x3_1 = Convolution(inputs, 384, 1)
        self.branch3x3_2a = Convolution(384, 384, (1, 3))
        self.branch3x3_2b = Convolution(384, 384, (3, 1))
        self.branch3x3dbl_1 = Convolution(inputs, 448, 1)
        self.branch3x3dbl_2 = Convolution(448, 384, 3)
        self.branch3x3dbl_3a = Convolution(384, 384, (1, 3))
        self.branch3x3dbl_3b = Convolution(384, 384, (3, 1))
        self.branch_pool = Convolution(inputs, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, 8, 8) → (N, 2048, 8, 8)."""
        single = self.branch3x3_1(x)
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        ends = [self.branch1x1(x)]
        ends += [self.branch3x3_2a(single), self.branch3x3_2b(single)]
        ends += [self.branch3x3dbl_3a(double), self.branch3x3dbl_3b(double)]
        return torch.cat([*ends, self.branch_pool(self.pool(x))], 1)


class InceptionV3(nn.Module):
    """Images (N, 3, 299, 299) in [-1, 1] → features (N, 2048).

    Args:
        classes: logits of the last layer, which the features do not pass.
        tensorflow: the form of the 2015 weights; else the paper's.
    """

    def __init__(self, classes: int = 1008, tensorflow: bool = True) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, 32, 3, 2, padded=False)
        self.Conv2d_2a_3x3 = Convolution(32, 32, 3, padded=False)
        self.Conv2d_2b_3x3 = Convolution(32, 64, 3)
        self.Conv2d_3b_1x1 = Convolution(64, 80, 1)
        self.Conv2d_4a_3x3 = Convolution(80, 192, 3, padded=False)
        self.Mixed_5b = BlockA(192, 32, tensorflow)
        self.Mixed_5c = BlockA(256, 64, tensorflow)
        self.Mixed_5d = BlockA(288, 64, tensorflow)
        self.Mixed_6a = BlockB(288)
        self.Mixed_6b = BlockC(128, tensorflow)
        self.Mixed_6c = BlockC(160, tensorflow)
        self.Mixed_6d = BlockC(160, tensorflow)
        self.Mixed_6e = BlockC(192, tensorflow)
        self.Mixed_7a = BlockD()
        self.Mixed_7b = BlockE(1280, tensorflow, largest=False)
        self.Mixed_7c = BlockE(DIMENSIONS, tensorflow, largest=tensorflow)
        self.fc = nn.Linear(DIMENSIONS, classes)
        self._tensorflow = tensorflow

    def forward(self, x: Tensor) -> Tensor:
        """The means of the maps of the last block."""
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(F.max_pool2d(x, 3, 2)))
        x = F.max_pool2d(x, 3, 2)
        for name, block in self.named_children():
            if name.startswith("Mixed"):
                x = block(x)
        return x.mean((2, 3))

    def probabilities(self, features: Tensor) -> Tensor:
        """Features (N, 2048) → softmax of the logits (N, classes).

        In the form of the 2015 weights without the biases, as Salimans et al. 2016,
        arXiv:1606.03498, compute the Inception score in their published code.
        """
        bias = None if self._tensorflow else self.fc.bias
        return F.linear(features, self.fc.weight, bias).softmax(1)
