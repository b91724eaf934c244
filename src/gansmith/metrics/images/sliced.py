"""The sliced Wasserstein distance of pixels: the mean over directions of the distance along each.

Source: Rabin et al. 2011, "Wasserstein barycenter and its application to texture mixing", section
2.3, and Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures": the square
root of the mean over directions of W2², each from sorted projections. Deviation from what is often
shown of GANs, Karras et al. 2018, arXiv:1710.10196, section 5: whole images, no pyramid of patches.
"""

from __future__ import annotations

import numpy as np

from gansmith.metrics.given import Given
from gansmith.metrics.measurement import Measurement

DIRECTIONS = 256
NUMBERS = 1 << 22
"""Numbers of a chunk of projections."""
LEAST = 1000
"""So many digits are 0.04 from 1,000 others by chance alone, blurred over 3 pixels 0.14."""


def directions(dimension: int, count: int, random: np.random.Generator) -> np.ndarray:
    """Unit vectors (dimension, count), even on the sphere."""
    drawn = random.standard_normal((dimension, count))
    return drawn / np.linalg.norm(drawn, axis=0)


def squared_distances(a: np.ndarray, b: np.ndarray, along: np.ndarray) -> np.ndarray:
    """W2² of the projections of two sets of vectors on each direction.

    Args:
        a: (N, D).
        b: (M, D).
        along: (D, K) unit vectors.

    Returns:
        (K,) in squared units of the data.
    """
    rows_a, rows_b, weights = _steps(len(a), len(b))
    found = []
    for start in range(0, along.shape[1], step := max(1, NUMBERS // len(weights))):
        some = along[:, start : start + step]
        sorted_a = np.sort(_projected(a, some), axis=0)
        sorted_b = np.sort(_projected(b, some), axis=0)
        found.append(weights @ np.square(sorted_a[rows_a] - sorted_b[rows_b]))
    return np.concatenate(found)


def _projected(x: np.ndarray, along: np.ndarray) -> np.ndarray:
    """(N, K) in double precision, though x is not kept so."""
    length = max(1, NUMBERS // x.shape[1])
    parts = [x[at : at + length].astype(np.float64) @ along for at in range(0, len(x), length)]
    return np.concatenate(parts)


def _steps(n: int, m: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where either quantile function steps: the rows that are paired, and the share of each pair.

    In whole numbers, of 1 / (n m), so that steps of both at one place are one.
    """
    ends = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)
    starts = np.concatenate([[0], ends[:-1]])
    return starts // m, starts // n, (ends - starts) / (n * m)


def sliced(given: Given) -> list[Measurement]:
    """The distance to the reference, and what training samples in place of generated ones give."""
    a, b, train = (
        samples.x.flatten(1).numpy() for samples in (given.generated, given.reference, given.train)
    )
    random = np.random.default_rng(given.seed)
    along = directions(a.shape[1], DIRECTIONS, random)
    each = squared_distances(a, b, along)
    value = float(np.sqrt(each.mean()))
    error = float(each.std(ddof=1) / np.sqrt(len(each)) / (2 * value)) if value else 0.0
    notes = [f"From {DIRECTIONS} directions, which leave a standard error of {error:.2g}."]
    details = {"directions": DIRECTIONS, "error_of_directions": error}
    if given.reference_split == "held-out":
        real = train[random.permutation(len(train))[: len(a)]]
        details["real"] = float(np.sqrt(squared_distances(real, b, along).mean()))
        details["real_n"] = len(real)
        notes.append(f"{len(real):,} training images score {details['real']:.4g}.")
    return [
        given.measured(
            "sliced",
            "Sliced Wasserstein distance of pixels",
            value,
            "lower",
            featured=False,
            least=LEAST,
            notes=tuple(notes),
            details=details,
        )
    ]
