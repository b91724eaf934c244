"""Every measure by name. This table is the only place that names them all.

A measure is a function of a `Given` that returns `Measurement`s: it is pure, and what it draws at
random follows from `given.seed`. What it needs is said here, so that it is left out, with words,
where that is not there.
"""

from __future__ import annotations

from typing import NamedTuple

WORDS = {
    "features": "there are no features for this kind of data",
    "probabilities": "the features are not those of a classifier: the data has no labels",
    "held-out": "the set holds no samples back from training",
    "classes": "the method does not generate by class",
    "generator": "the method does not generate from noise alone",
    "centres": "the true modes of this data are not known",
    "two-d": "the samples are not points in one or two dimensions",
}
"""What a measure may need, and why it is left out without."""


class Entry(NamedTuple):
    """Where a measure is, what it is of and what it needs."""

    target: str
    """MODULE:FUNCTION below `gansmith.metrics`."""
    kind: str
    """"images" or "points"."""
    needs: tuple[str, ...]
    """Keys of WORDS."""
    cheap: bool
    """Whether it is quick enough to be computed while a run trains."""
    about: str


MEASURES: dict[str, Entry] = {
    "frechet": Entry(
        "images.frechet:frechet",
        "images",
        ("features",),
        True,
        "distance between the means and covariances of features; FID with Inception",
    ),
    "modes": Entry(
        "distributions.mode_measures:modes",
        "points",
        ("centres",),
        True,
        "modes captured, share of samples near one, evenness over the modes",
    ),
    "wasserstein": Entry(
        "distributions.measures:wasserstein",
        "points",
        (),
        False,
        "exact W1 and W2 of at most 2,000 samples to as many real ones",
    ),
    "divergences": Entry(
        "distributions.measures:divergences",
        "points",
        ("two-d",),
        True,
        "Jensen-Shannon and KL both ways, from histograms with common cells",
    ),
}
