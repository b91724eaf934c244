"""Lower bounds on the log-likelihood of held-out images, and how many units of a code are in use.

With w = p(x, z) / q(z|x) at z from q(z|x), the mean of log w is the ELBO. The log of the mean of K
weights comes closer to log p(x) with every K in the mean; both lie below it.

Source: Burda et al. 2015, arXiv:1509.00519, equations 8 to 10 for the bound, section 5.2 for the
units in use: those whose mean has a variance over images above 0.01. Deviation: 200 weights where
the paper takes 5,000 to report likelihoods. Grey values are taken for probabilities, as in the
lectures: such numbers are those of no binary image, and comparable only among themselves.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from gansmith.draws import seed_of
from gansmith.metrics.given import Given, Likelihood
from gansmith.metrics.interval import normal
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.parts import means_of_parts

WEIGHTS = 200
"""K."""
ACTIVE = 0.01
"""Variance of a unit's mean over images above which it is in use."""
LEAST = 500
"""The log-likelihood of digits deviates by a third of its mean: it is right to 1.5 % then."""
ROWS = 1600
"""Codes that are decoded at a time."""


@torch.no_grad()
def bounds(
    likelihood: Likelihood, z_dim: int, x: Tensor, weights: int = WEIGHTS, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """(ELBO, importance-weighted bound) of each image, (N,) each, in nats.

    Args:
        likelihood: of a trained method.
        z_dim: length of its code.
        x: (N, *shape).
        weights: K, codes drawn for each image; with one the two are equal.
        seed: what the codes follow from.
    """
    random = torch.Generator().manual_seed(seed_of(seed, "bound"))
    found = []
    for part in x.split(max(1, ROWS // weights)):
        epsilon = torch.randn(weights, len(part), z_dim, generator=random)
        log_w = likelihood.log_weights(part, epsilon).double()
        found.append(torch.stack([log_w.mean(0), log_w.logsumexp(0) - math.log(weights)]))
    elbo, weighted = torch.cat(found, 1)
    return elbo, weighted


@torch.no_grad()
def unit_variances(likelihood: Likelihood, x: Tensor) -> np.ndarray:
    """Var_x E_q(z|x) z of each unit of the code: (z_dim,)."""
    return likelihood.means(x).double().var(0).numpy()


def bound(given: Given) -> list[Measurement]:
    """ELBO, importance-weighted bound and units in use, of the held-out images."""
    assert given.likelihood is not None, "said in the table"
    x, z_dim = given.reference.x, given.z_dim
    elbo, weighted = bounds(given.likelihood, z_dim, x, WEIGHTS, given.seed)
    variances = unit_variances(given.likelihood, x)
    note = "Nats an image, grey values taken for probabilities; log p(x) lies above."
    return [
        _of_images(given, "elbo", "ELBO of held-out images", elbo, note),
        _of_images(
            given,
            "iw_bound",
            f"Importance-weighted bound of held-out images, {WEIGHTS} weights",
            weighted,
            note,
        ),
        given.measured(
            "active_units",
            "Units of the code in use",
            float((variances > ACTIVE).sum()),
            "neither",
            featured=False,
            n=len(x),
            n_reference=len(x),
            notes=(f"Of {z_dim}; the variance over images of their mean is above {ACTIVE}.",),
            details={"variances": variances.tolist()},
        ),
    ]


def _of_images(given: Given, key: str, name: str, values: Tensor, note: str) -> Measurement:
    """The mean over images."""
    value, n = float(values.mean()), len(values)
    return given.measured(
        key,
        name,
        value,
        "higher",
        featured=False,
        n=n,
        n_reference=n,
        interval=normal(value, float(values.std()) / n**0.5),
        least=LEAST,
        notes=(note,),
        details={"parts": means_of_parts(values.tolist())},
    )
