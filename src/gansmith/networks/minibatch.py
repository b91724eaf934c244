"""The spread of a batch as a feature, so that a discriminator sees when samples are all alike."""

from __future__ import annotations

import torch
from torch import Tensor, nn

GROUP = 4


class MinibatchDeviation(nn.Module):
    """(N, C, H, W) → (N, C + 1, H, W): the last map holds the standard deviation in a group.

    Over the samples of a group, for each channel and pixel, with 1e-8 added to the variance; then
    the mean of all: one number a group. Groups are 4 rows that follow each other, so that processes
    with a multiple of 4 rows each see the groups that one process with all of them would see; rows
    that are no multiple of 4 are one group.

    Source: Karras et al. 2017, arXiv:1710.10196, section 3. Deviation: groups, as in the authors'
    code, which puts rows N/4 apart into one; here they are neighbours.
    """

    def forward(self, x: Tensor) -> Tensor:
        size = GROUP if len(x) % GROUP == 0 else len(x)
        groups = x.float().unflatten(0, (-1, size))
        spread = (groups.var(1, unbiased=False) + 1e-8).sqrt().flatten(1).mean(1)
        each = spread[:, None].expand(-1, size).reshape(-1, 1, 1, 1)
        return torch.cat([x, each.expand(-1, 1, *x.shape[2:]).to(x.dtype)], 1)
