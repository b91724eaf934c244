"""The Fréchet distance between features: of two Gaussians with their means and covariances.

Source: Heusel et al. 2017, arXiv:1706.08500, equation 6 (there, with Inception features, FID); the
extrapolation in 1/n: Chong and Forsyth 2020, arXiv:1911.07023, section 4 (FID∞). Deviation: their
subsets grow evenly in size; these grow evenly in 1/n, and several of each size are drawn.
"""

from __future__ import annotations

import numpy as np

from gansmith.metrics.distributions import gaussians
from gansmith.metrics.given import Given
from gansmith.metrics.measurement import Measurement

PARTS = (0.25, 1 / 3, 0.5, 1.0)
"""Sizes of the subsets through which the distance of endlessly many samples is told."""
DRAWS = 4
"""Subsets of each size but the whole."""
A_DIMENSION = 10
"""Samples a dimension of the features from which on the bias is small beside the value."""


def frechet_distance(a: np.ndarray, b: np.ndarray) -> float:
    """|μ_a - μ_b|² + tr(Σ_a + Σ_b - 2 (Σ_a Σ_b)^½) of two sets of features (N, D), (M, D).

    Covariances are the unbiased ones.

    Raises:
        ValueError: fewer than two samples.
    """
    if min(len(a), len(b)) < 2:
        raise ValueError("A covariance needs at least two samples.")
    return gaussians.frechet_distance(_moments(a), _moments(b))


def _moments(features: np.ndarray) -> gaussians.Gaussian:
    """Mean (D,) and unbiased covariance (D, D), in double precision."""
    features = features.astype(np.float64)
    cov = np.atleast_2d(np.cov(features, rowvar=False))
    return gaussians.Gaussian(features.mean(0), cov)


def extrapolated(a: np.ndarray, b: np.ndarray, random: np.random.Generator) -> float:
    """The distance that endlessly many samples of both would have: a line in 1/n, at 0."""
    inverse, values = [], []
    for part in PARTS:
        n, m = max(2, int(len(a) * part)), max(2, int(len(b) * part))
        for _ in range(1 if part == 1 else DRAWS):
            rows_a = random.permutation(len(a))[:n]
            rows_b = random.permutation(len(b))[:m]
            inverse.append(1 / part)
            values.append(frechet_distance(a[rows_a], b[rows_b]))
    return float(np.polyfit(inverse, values, 1)[1])


def frechet(given: Given) -> list[Measurement]:
    """The distance to the reference, and what endlessly many samples would give."""
    a, b = given.generated.features, given.reference.features
    assert a is not None and b is not None, "said in the table"
    value = frechet_distance(a, b)
    endless = extrapolated(a, b, np.random.default_rng(given.seed))
    inception = given.seen.name == "inception"
    more = {} if inception else {"features": str(given.seen)}
    return [
        given.measured(
            "frechet",
            "FID" if inception else f"Fréchet distance ({given.seen.name} features)",
            value,
            "lower",
            featured=False,
            **more,
            resizer=given.seen.resizer,
            least=A_DIMENSION * a.shape[1],
            notes=(
                "Too large by what few samples add; compare it at the same n, or take the "
                f"extrapolation to endlessly many: {endless:.4g}.",
            ),
            details={"extrapolated": endless, "dimensions": a.shape[1]},
        )
    ]
