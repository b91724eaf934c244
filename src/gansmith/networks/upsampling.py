"""How a generator doubles its maps: transposed convolutions, or resizing and then convolving.

A transposed convolution whose kernel is no multiple of its stride gives the pixels of its output
different numbers of contributions: with side 3 and stride 2 they are 1, 2, 2 and 4 in each square
of four, with side 5 they are 4, 6, 6 and 9, with side 4 they are equal. Resizing first gives each
pixel all 9, at the edge too, where the map is reflected.

Source: Odena, Dumoulin and Olah 2016, Distill, "Deconvolution and Checkerboard Artifacts".
"""

from __future__ import annotations

from typing import Literal

from torch import nn

Upsample = Literal["deconv", "resize"]
Kernel = Literal[3, 4, 5]


def doubling(
    inputs: int, outputs: int, upsample: Upsample, kernel: Kernel, bias: bool
) -> list[nn.Module]:
    """(N, inputs, H, W) → (N, outputs, 2H, 2W).

    Args:
        inputs: channels.
        outputs: channels.
        upsample: "deconv", a transposed convolution with stride 2; "resize", each pixel repeated,
            then a 3x3 convolution with reflected edges.
        kernel: side of the transposed convolution's kernel.
        bias: whether each channel of the output has one.
    """
    if upsample == "resize":
        conv = nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="reflect", bias=bias)
        return [nn.Upsample(scale_factor=2, mode="nearest"), conv]
    padding, missing = (kernel - 1) // 2, kernel % 2  # an odd kernel would end a pixel early
    return [nn.ConvTranspose2d(inputs, outputs, kernel, 2, padding, missing, bias=bias)]
