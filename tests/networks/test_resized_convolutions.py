"""The two convolutions that resize on the way equal the two operations that they stand for."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from gansmith.networks.resnet import enlarging, reducing, upsample


def test_enlarging_is_upsampling_and_then_convolving():
    conv, x = nn.Conv2d(3, 5, 3, padding=1).double(), torch.randn(2, 3, 6, 4).double()
    torch.testing.assert_close(enlarging(conv, x), conv(upsample(x)))


def test_reducing_is_convolving_and_then_averaging_squares():
    conv, x = nn.Conv2d(3, 5, 3, padding=1).double(), torch.randn(2, 3, 6, 4).double()
    torch.testing.assert_close(reducing(conv, x), F.avg_pool2d(conv(x), 2))
