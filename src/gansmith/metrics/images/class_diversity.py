"""How varied generated images of one class are, beside real ones of that class.

The mean distance of two images of a class in the space of features, over that of two real images:
1 is as varied as the data, near 0 all alike. Odena et al. 2017, arXiv:1610.09585, section 4.3, use
MS-SSIM of pixels for this. Deviation: distances of the classifier's penultimate features, as those
of pixels are large for noise. All images that were asked for count, not only those that show their
class, so wrong ones make a class look more varied: read it beside `class_accuracy`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.spatial.distance import pdist, squareform
from scipy.stats import norm

from gansmith.draws import seed_of
from gansmith.errors import DataError
from gansmith.metrics.given import Given
from gansmith.metrics.images.confusion import labels_of
from gansmith.metrics.interval import RESAMPLES, holding
from gansmith.metrics.measurement import Measurement

MOST = 500
"""Images of a class, generated and real, whose distances are taken at most."""
A_CLASS = 100
"""Generated images of a class."""
ALL = "All images asked for count, also those that show another class."


class OfClass(NamedTuple):
    """One class: how varied, and what resampling makes of that."""

    ratio: float
    resampled: np.ndarray
    """(B,)."""
    generated: float
    """Mean distance of two images."""
    real: float
    n: int
    n_real: int


def class_diversity(given: Given) -> list[Measurement]:
    """Mean distance of two generated images of a class over that of two real ones: mean, smallest.

    Raises:
        DataError: the real images have no classes, or no class has two images of either kind.
    """
    if given.reference.y is None:
        raise DataError("class_diversity: the real images have no classes; give a set with labels.")
    found = _by_class(given)
    if not found:
        raise DataError("class_diversity: no class has two generated images and two that differ.")
    ratios = np.array([one.ratio for one in found.values()])
    value = float(ratios.mean())
    ends = np.percentile(np.mean([one.resampled for one in found.values()], 0), [2.5, 97.5])
    details = {name: _row(one) for name, one in found.items()}
    asked = len(np.unique(_numbers(given)))
    lacking = f"{asked - len(found)} of {asked} classes lack two real images that differ."
    notes = (ALL,) + ((lacking,) if asked > len(found) else ())
    name = min(found, key=lambda each: found[each].ratio)
    more: dict[str, Any] = {
        "least": A_CLASS * asked,
        "n": sum(one.n for one in found.values()),
        "n_reference": sum(one.n_real for one in found.values()),
    }
    return [
        given.measured(
            "class_diversity",
            "distance of two images of a class, over that of real ones",
            value,
            "higher",
            interval=holding(value, (ends[0], ends[1]), 0.0, np.inf),
            notes=notes,
            details={"classes": details},
            **more,
        ),
        given.measured(
            "class_diversity_smallest",
            "the same of the least varied class",
            found[name].ratio,
            "higher",
            interval=_smallest_of([*found.values()]),
            notes=(f"Of {name}; {ALL[0].lower()}{ALL[1:]}",),
            details={"class": name},
            **more,
        ),
    ]


def mean_distance(features: np.ndarray) -> float:
    """Of two different rows of (N, D), over all pairs; N ≥ 2."""
    return float(pdist(np.asarray(features, np.float64)).mean())


def resampled_means(distances: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Mean distance of resamples, over pairs of rows that are not copies of one row: (B,).

    A pair of copies has the distance 0, which no pair of the truth has, and would bias the mean by
    a part of about 1/N.

    Args:
        distances: (N, N), 0 on the diagonal.
        counts: (B, N) how often each row was drawn.
    """
    total = ((counts @ distances) * counts).sum(1)
    return total / (counts.sum(1) ** 2 - (counts**2).sum(1))


def _numbers(given: Given) -> np.ndarray:
    """(N,) the classes that were asked for."""
    assert given.generated.y is not None, "said in the table"
    return given.generated.y.numpy()


def _by_class(given: Given) -> dict[str, OfClass]:
    """Each class that has two generated images, and two real ones that differ."""
    made, real = given.generated.features, given.reference.features
    assert made is not None and real is not None and given.reference.y is not None, "said before"
    asked, true = _numbers(given), given.reference.y.numpy()
    names = labels_of(given.class_names, int(max(asked.max(), true.max())) + 1)
    random = np.random.default_rng(seed_of(given.seed, "class diversity"))
    found = {}
    for number in np.unique(asked):
        both = [_distances(x[y == number], random) for x, y in ((made, asked), (real, true))]
        if min(map(len, both)) >= 2 and both[1].any():
            found[names[number]] = _of_class(both[0], both[1], random)
    return found


def _distances(features: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(N, N) of at most `MOST` rows."""
    rows = random.permutation(len(features))[:MOST]
    kept = np.asarray(features[rows], np.float64)
    return squareform(pdist(kept)) if len(kept) > 1 else np.zeros((len(kept), len(kept)))


def _of_class(made: np.ndarray, real: np.ndarray, random: np.random.Generator) -> OfClass:
    """From the distances of generated and of real images."""
    means, resampled = [], []
    for distances in (made, real):
        n = len(distances)
        means.append(float(distances.sum() / (n * (n - 1))))
        counts = random.multinomial(n, np.full(n, 1 / n), RESAMPLES).astype(np.float64)
        counts[(counts > 0).sum(1) < 2] = 1  # of two rows, often one was drawn twice
        resampled.append(resampled_means(distances, counts))
    of_real = np.where(resampled[1] > 0, resampled[1], means[1])
    ratio = means[0] / means[1]
    return OfClass(ratio, resampled[0] / of_real, means[0], means[1], len(made), len(real))


def _smallest_of(found: list[OfClass]) -> tuple[float, float]:
    """The least of each end of intervals that hold all at once; see `classes._smallest_of`."""
    z = float(norm.isf(0.025 / len(found)))
    half = [z * float(one.resampled.std()) for one in found]
    low = min(one.ratio - width for one, width in zip(found, half, strict=True))
    high = min(one.ratio + width for one, width in zip(found, half, strict=True))
    return max(0.0, low), high


def _row(one: OfClass) -> dict[str, Any]:
    low, high = np.percentile(one.resampled, [2.5, 97.5])
    return {
        "ratio": one.ratio,
        "interval": [float(min(low, one.ratio)), float(max(high, one.ratio))],
        "generated": one.generated,
        "real": one.real,
        "count": one.n,
        "count_real": one.n_real,
    }
