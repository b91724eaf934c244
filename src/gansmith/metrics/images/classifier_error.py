"""The test error of the classifier that a method has besides its generator.

As in semi-supervised learning: Salimans et al. 2016, arXiv:1606.03498, section 5, who give mean and
standard deviation over seeds; `gansmith compare` does over runs that differ in the seed.
"""

from __future__ import annotations

from gansmith.errors import DataError
from gansmith.metrics.given import Given
from gansmith.metrics.images.confusion import accuracy_by_class, confusion, hits, labels_of, lowest
from gansmith.metrics.interval import wilson
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.parts import means_of_parts

LEAST = 500
"""Held-out images: an error of 5 % is then known to 2 points."""


def classifier_error(given: Given) -> list[Measurement]:
    """Share of held-out images that the method's classifier puts into a wrong class.

    Raises:
        DataError: the held-out images have no classes, or their classes are not the method's.
    """
    assert given.classify is not None, "said in the table"
    if given.reference.y is None:
        raise DataError("classifier_error: the held-out images have no classes.")
    logits, y = given.classify(given.reference.x), given.reference.y.numpy()
    k, n = logits.shape[1], len(y)
    if y.max() >= k:
        raise DataError(f"classifier_error: the method knows {k} classes, of {y.max() + 1}.")
    counts = confusion(y, logits.argmax(1).numpy(), k)
    by_class = accuracy_by_class(counts, labels_of(given.class_names, k))
    wrong = (logits.argmax(1).numpy() != y).astype(float)
    return [
        given.measured(
            "classifier_error",
            "test error of the method's classifier",
            1 - hits(counts) / n,
            "lower",
            featured=False,
            n=n,
            n_reference=n,
            interval=wilson(n - hits(counts), n),
            least=LEAST,
            notes=(
                f"{n - hits(counts):,} of {n:,} are wrong; least recognised is {lowest(by_class)}.",
                "The interval is of the test images alone: another seed, or other labels, differ "
                "by more.",
            ),
            details={
                "errors": n - hits(counts),
                "classes": {
                    name: {**one, "error": 1 - one["accuracy"]} for name, one in by_class.items()
                },
                "confusion": counts.tolist(),
                "parts": means_of_parts(wrong.tolist()),
            },
        )
    ]
