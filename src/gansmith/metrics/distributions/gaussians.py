"""Distances between Gaussians in closed form, and Jensen-Shannon in one dimension by quadrature.

A mean is (D,) and a covariance (D, D); in one dimension a number and a variance do:

    >>> kl(0.0, 1.0, 1.0, 1.0)
    0.5
    >>> wasserstein2(0.0, 1.0, 3.0, 1.0)
    3.0

Source of W2: Dowson and Landau 1982, "The Fréchet distance between multivariate normal
distributions".
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import quad

from gansmith.errors import DataError

REACH = 12.0
"""Standard deviations that are integrated over; beyond lies less than 1e-32."""


class Gaussian(NamedTuple):
    """A mean (D,) and a symmetric covariance (D, D), float64."""

    mean: np.ndarray
    cov: np.ndarray


def kl(mean_p: ArrayLike, cov_p: ArrayLike, mean_q: ArrayLike, cov_q: ArrayLike) -> float:
    """KL(p‖q) = ½ [tr(Σq⁻¹ Σp) + (μq - μp)ᵀ Σq⁻¹ (μq - μp) - D + log(|Σq| / |Σp|)], in nats.

    Raises:
        DataError: shapes that do not fit, or a covariance that is not positive definite.
    """
    p, q = _pair(mean_p, cov_p, mean_q, cov_q)
    root_p, root_q = _cholesky(p, "p"), _cholesky(q, "q")
    scaled = np.linalg.solve(root_q, root_p)
    apart = np.linalg.solve(root_q, q.mean - p.mean)
    log_ratio = 2 * (np.log(np.diag(root_q)).sum() - np.log(np.diag(root_p)).sum())
    terms = np.square(scaled).sum() + np.square(apart).sum() - len(p.mean) + log_ratio
    return max(0.0, float(terms) / 2)


def wasserstein2(mean_p: ArrayLike, cov_p: ArrayLike, mean_q: ArrayLike, cov_q: ArrayLike) -> float:
    """W2 = √(|μp - μq|² + tr(Σp + Σq - 2 (Σp Σq)^½)), in the unit of the samples.

    A covariance may be singular: a Gaussian on a line has its distance too.

    Raises:
        DataError: shapes that do not fit.
    """
    return math.sqrt(frechet_distance(*_pair(mean_p, cov_p, mean_q, cov_q)))


def frechet_distance(p: Gaussian, q: Gaussian) -> float:
    """W2² of two Gaussians: |μp - μq|² + tr(Σp + Σq - 2 (Σp Σq)^½).

    The trace of the root is the sum of the roots of the eigenvalues of Σp^½ Σq Σp^½, which is
    symmetric: no complex numbers, no small offsets.
    """
    values, vectors = np.linalg.eigh(p.cov)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    between = np.sqrt(np.linalg.eigvalsh(root @ q.cov @ root).clip(0)).sum()
    apart = np.square(p.mean - q.mean).sum()
    return float(max(0.0, apart + np.trace(p.cov) + np.trace(q.cov) - 2 * between))


def jensen_shannon(mean_p: float, variance_p: float, mean_q: float, variance_q: float) -> float:
    """Of two Gaussians in one dimension, in nats, in [0, log 2]; by quadrature, to about 1e-9.

    There is no closed form; it is log 2 - ½ E_p[log(1 + q/p)] - ½ E_q[log(1 + p/q)].

    Raises:
        DataError: a variance that is not positive.
    """
    if not min(variance_p, variance_q) > 0:
        raise DataError(f"Variances {variance_p:g} and {variance_q:g}: both must be positive.")
    p, q = (mean_p, math.sqrt(variance_p)), (mean_q, math.sqrt(variance_q))
    loss = (_softplus_of_ratio(p, q) + _softplus_of_ratio(q, p)) / 2
    return min(math.log(2), max(0.0, math.log(2) - loss))


def _softplus_of_ratio(p: tuple[float, float], q: tuple[float, float]) -> float:
    """E_p[log(1 + q/p)]."""

    def integrand(t: float) -> float:
        away = (p[0] + p[1] * t - q[0]) / q[1]
        log_ratio = (t * t - away * away) / 2 + math.log(p[1] / q[1])
        return np.logaddexp(0.0, log_ratio) * math.exp(-t * t / 2) / math.sqrt(2 * math.pi)

    marks = [(q[0] + k * q[1] - p[0]) / p[1] for k in (-REACH, -4, -1, 0, 1, 4, REACH)]
    inside = [0.0] + [mark for mark in marks if abs(mark) < REACH]
    return quad(integrand, -REACH, REACH, points=inside, limit=500, epsabs=1e-11)[0]


def _pair(
    mean_p: ArrayLike, cov_p: ArrayLike, mean_q: ArrayLike, cov_q: ArrayLike
) -> tuple[Gaussian, Gaussian]:
    p, q = _gaussian(mean_p, cov_p, "p"), _gaussian(mean_q, cov_q, "q")
    if p.mean.shape != q.mean.shape:
        raise DataError(
            f"p has {len(p.mean)} dimensions, q {len(q.mean)}: give Gaussians of one space."
        )
    return p, q


def _gaussian(mean: ArrayLike, cov: ArrayLike, name: str) -> Gaussian:
    mean = np.atleast_1d(np.asarray(mean, dtype=np.float64))
    cov = np.atleast_2d(np.asarray(cov, dtype=np.float64))
    if mean.ndim != 1 or cov.shape != (len(mean), len(mean)):
        raise DataError(
            f"{name} has a mean of the shape {mean.shape} and a covariance of {cov.shape}: "
            "give (D,) and (D, D)."
        )
    if not np.allclose(cov, cov.T):
        raise DataError(f"The covariance of {name} is not symmetric.")
    return Gaussian(mean, cov)


def _cholesky(one: Gaussian, name: str) -> np.ndarray:
    try:
        return np.linalg.cholesky(one.cov)
    except np.linalg.LinAlgError:
        raise DataError(
            f"The covariance of {name} is not positive definite: it has no density, and no KL."
        ) from None
