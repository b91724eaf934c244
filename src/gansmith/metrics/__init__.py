"""Every measure by name. This table is the only place that names them all.

A measure is a function of a `Given` that returns `Measurement`s: it is pure, and what it draws at
random follows from `given.seed`. What it needs is said here, so that it is left out, with words,
where that is not there.
"""

from __future__ import annotations

from typing import NamedTuple

MEASURES_FORMAT = 1
"""Goes up by one where a measure's number comes to mean something else: numbers of before are then
computed anew, not compared."""
WORDS = {
    "several": "there are fewer than 10 samples, generated or real",
    "features": "there are no features for this kind of data",
    "probabilities": "the features are not those of a classifier: the data has no labels",
    "held-out": "the set holds no samples back from training",
    "classes": "the method does not generate by class",
    "classifies": "the method has no classifier of the data's classes",
    "generator": "the method does not generate from noise alone",
    "likelihood": "the method bounds no likelihood: no encoder gives it a distribution of codes",
    "centres": "the true modes of this data are not known",
    "two-d": "the samples are not points in one or two dimensions",
    "side-12": "the images have a side below 12 pixels",
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
    "kernel": Entry(
        "images.kernel:kernel",
        "images",
        ("features",),
        True,
        "squared maximum mean discrepancy of features, unbiased; KID with Inception",
    ),
    "manifold": Entry(
        "images.manifold:manifold",
        "images",
        ("features",),
        True,
        "precision, recall, density and coverage by nearest neighbours of features",
    ),
    "score": Entry(
        "images.score:score",
        "images",
        ("probabilities",),
        True,
        "how sure and how diverse a classifier finds samples; Inception score with Inception",
    ),
    "classes": Entry(
        "images.classes:classes",
        "images",
        ("probabilities",),
        True,
        "into which classes samples fall: entropy, divergence, the smallest share, empty ones",
    ),
    "transfer": Entry(
        "images.transfer:transfer",
        "images",
        ("classes", "held-out"),
        False,
        "accuracy on held-out samples of a classifier that learned from generated ones",
    ),
    "class_accuracy": Entry(
        "images.class_accuracy:class_accuracy",
        "images",
        ("classes", "probabilities"),
        True,
        "share of samples that an independent classifier puts into the class asked for",
    ),
    "class_diversity": Entry(
        "images.class_diversity:class_diversity",
        "images",
        ("classes", "features"),
        True,
        "distance of two samples of a class, over that of two real images of it",
    ),
    "classifier_error": Entry(
        "images.classifier_error:classifier_error",
        "images",
        ("held-out", "classifies"),
        True,
        "error on held-out samples of the classifier that the method has besides its generator",
    ),
    "memorisation": Entry(
        "images.memorisation:memorisation",
        "images",
        ("held-out",),
        False,
        "share of samples that copy training images, with a verdict",
    ),
    "sliced": Entry(
        "images.sliced:sliced",
        "images",
        (),
        True,
        "sliced Wasserstein distance of pixels",
    ),
    "ms_ssim": Entry(
        "images.ms_ssim:ms_ssim",
        "images",
        ("side-12",),
        True,
        "how similar samples are to each other, beside real images",
    ),
    "checkerboard": Entry(
        "images.spectrum:checkerboard",
        "images",
        ("side-12",),
        True,
        "energy at the frequencies of strides, 1/2, 1/4 and 1/8 cycles a pixel",
    ),
    "reconstruction": Entry(
        "images.reconstruction:reconstruction",
        "images",
        ("held-out", "generator"),
        False,
        "error of held-out images made by optimising the noise",
    ),
    "reconstruction_short": Entry(
        "images.reconstruction:reconstruction_short",
        "images",
        ("held-out", "generator"),
        False,
        "the same after 50 steps from z = 0, to follow a training",
    ),
    "bound": Entry(
        "images.bound:bound",
        "images",
        ("held-out", "likelihood"),
        False,
        "lower bounds on log p of held-out images: ELBO, importance-weighted; units in use",
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
