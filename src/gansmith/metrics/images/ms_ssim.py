"""Diversity by MS-SSIM: how similar random pairs of generated images are, beside real pairs.

Source: Odena et al. 2017, arXiv:1610.09585, section 4.2 (the measure); Wang et al. 2003,
"Multiscale structural similarity for image quality assessment", equation 7 (the similarity).
Deviation: where an image is too small for five scales, as many as its sides allow, their weights
divided by their sum; pairs share no image, so that they are independent; negative contrasts count
as 0; the last scale is compared up to the edge, which is reflected, the others only where the
window fits. Odena et al. compare images of one class: so here where the method generates by class.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from scipy.stats import sem
from torch import Tensor

from gansmith.metrics.given import Given, Samples
from gansmith.metrics.interval import normal
from gansmith.metrics.measurement import Measurement

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the scales, from the finest."""
WINDOW, DEVIATION = 11, 1.5
C1, C2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
"""Constants of the similarity for a range of 2, from -1 to 1."""
PAIRS = 1000
LEAST = 400
"""200 pairs: similarities deviate by about 0.15, so their mean has an error of 0.01."""
NUMBERS = 1 << 21


def scales(height: int, width: int) -> int:
    """How many scales leave the window room: at most five; 0 where there is none."""
    shorter, count = min(height, width), 0
    while count < len(WEIGHTS) and shorter >> count >= WINDOW:
        count += 1
    return count


def similarities(a: Tensor, b: Tensor, count: int) -> Tensor:
    """MS-SSIM of each pair of images in [-1, 1]: 1 of equal ones.

    Args:
        a: (N, C, H, W).
        b: (N, C, H, W).
        count: scales.

    Returns:
        (N,) float64 in [0, 1].
    """
    length = max(1, NUMBERS // a[0].numel())
    parts = zip(a.split(length), b.split(length), strict=True)
    return torch.cat([_over_scales(x.double(), y.double(), count) for x, y in parts])


def _over_scales(x: Tensor, y: Tensor, count: int) -> Tensor:
    """The product over scales, (N,)."""
    weights = torch.tensor(WEIGHTS[:count], dtype=torch.float64)
    whole = torch.ones(len(x), dtype=torch.float64)
    for scale, weight in enumerate(weights / weights.sum()):
        if scale:
            x, y = F.avg_pool2d(x, 2), F.avg_pool2d(y, 2)
        similarity, contrast = _compared(x, y)
        whole *= (similarity if scale == count - 1 else contrast).relu() ** weight
    return whole


def _compared(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Means over each image of the similarity and of its contrast-structure part, (N,) each.

    The first up to the edge, the second only where the window fits.
    """
    channels = x.shape[1]
    line = torch.arange(WINDOW, dtype=torch.float64) - WINDOW // 2
    line = torch.exp(-line.square() / (2 * DEVIATION**2))
    line = (line / line.sum()).expand(channels, 1, 1, WINDOW)

    def local(values: Tensor) -> Tensor:
        padding = (WINDOW // 2,) * 4
        across = F.conv2d(F.pad(values, padding, mode="reflect"), line, groups=channels)
        return F.conv2d(across, line.transpose(2, 3), groups=channels)

    mean_x, mean_y = local(x), local(y)
    variances = (local(x * x) - mean_x**2).clamp(min=0) + (local(y * y) - mean_y**2).clamp(min=0)
    covariance = local(x * y) - mean_x * mean_y
    contrast = (2 * covariance + C2) / (variances + C2)
    similarity = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1) * contrast
    inside = (..., *[slice(WINDOW // 2, -(WINDOW // 2))] * 2)
    return similarity.mean((1, 2, 3)), contrast[inside].mean((1, 2, 3))


def pairs(n: int, y: np.ndarray | None, random: np.random.Generator) -> np.ndarray:
    """Rows (P, 2) of random pairs, each row in one pair at most, of one class where y is given.

    Args:
        n: samples.
        y: (n,) classes, or None.
        random: what is drawn follows from it.
    """
    order = random.permutation(n)
    groups = [order] if y is None else [order[y[order] == one] for one in np.unique(y)]
    found = np.concatenate([one[: len(one) // 2 * 2].reshape(-1, 2) for one in groups])
    return random.permutation(found)[:PAIRS]


def _of_pairs(samples: Samples, by_class: bool, count: int, seed: int) -> np.ndarray:
    y = samples.y.numpy() if by_class and samples.y is not None else None
    rows = torch.from_numpy(pairs(len(samples), y, np.random.default_rng(seed)))
    return similarities(samples.x[rows[:, 0]], samples.x[rows[:, 1]], count).numpy()


def ms_ssim(given: Given) -> list[Measurement]:
    """The mean similarity of generated pairs, beside that of real pairs.

    Nothing where there are fewer than two pairs of either.
    """
    count = scales(*given.generated.x.shape[2:])
    by_class = given.generated.y is not None and given.reference.y is not None
    found = _of_pairs(given.generated, by_class, count, given.seed)
    real = _of_pairs(given.reference, by_class, count, given.seed)
    if min(len(found), len(real)) < 2:
        return []
    value, real_value = float(found.mean()), float(real.mean())
    details = {
        "pairs": len(found),
        "scales": count,
        "by_class": by_class,
        "real": real_value,
        "real_interval": list(normal(real_value, float(sem(real)))),
        "real_pairs": len(real),
    }
    return [
        given.measured(
            "ms_ssim",
            "MS-SSIM between samples",
            value,
            "neither",
            featured=False,
            interval=normal(value, float(sem(found))),
            least=LEAST,
            notes=_notes(real_value, count, by_class),
            details=details,
        )
    ]


def _notes(real: float, count: int, by_class: bool) -> tuple[str, ...]:
    notes = [f"Real pairs score {real:.4g}: far above is less diversity, far below is noise."]
    if count < len(WEIGHTS):
        notes.append(f"Images of this size have room for {count} of {len(WEIGHTS)} scales.")
    return (*notes, "Pairs are of one class.") if by_class else tuple(notes)
