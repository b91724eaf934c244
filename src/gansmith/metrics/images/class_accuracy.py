"""Whether generated images show the class that was asked for, by an independent classifier.

The classifier is the one that the features come from: it learned from real images alone, and shares
no weight with the method. Used so by Odena et al. 2017, arXiv:1610.09585, section 4.2, with
Inception. Deviation: the classifier learned the set's own classes, and its own accuracy on real
images is told, since its mistakes count against the generator.
"""

from __future__ import annotations

from typing import Any

from gansmith.errors import DataError
from gansmith.metrics.given import Given
from gansmith.metrics.images.confusion import accuracy_by_class, confusion, hits, labels_of, lowest
from gansmith.metrics.interval import wilson
from gansmith.metrics.measurement import Measurement

A_CLASS = 100
"""Generated images of each class: an accuracy of 95 % of 1,000 is then known to 1.4 points, that of
a single class to 4.4."""


def class_accuracy(given: Given) -> list[Measurement]:
    """Share of generated images that the classifier puts into the class asked for.

    Nothing with Inception: its classes are not those of the set.

    Raises:
        DataError: a class was asked for that the classifier does not know.
    """
    p, asked = given.generated.probabilities, given.generated.y
    assert p is not None and asked is not None, "said in the table"
    if given.seen.from_file:
        return []
    k, y = p.shape[1], asked.numpy()
    if y.max() >= k:
        raise DataError(f"class_accuracy: class {y.max()} was asked for, the features know {k}.")
    counts = confusion(y, p.argmax(1), k)
    names, n = labels_of(given.class_names, k), len(y)
    by_class, (own, words) = accuracy_by_class(counts, names), _own(given, names)
    return [
        given.measured(
            "class_accuracy",
            "generated images of the class asked for",
            hits(counts) / n,
            "higher",
            n_reference=0,
            reference="",
            interval=wilson(hits(counts), n),
            least=A_CLASS * k,
            notes=(f"The lowest: {lowest(by_class)}.", *words),
            details={"classes": by_class, "confusion": counts.tolist(), "classifier": own},
        )
    ]


def _own(given: Given, names: list[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Accuracy of the classifier on real images, and a sentence of it; empty where not known.

    Held-out images of the reference where there are any; else what was told of the features, since
    the classifier learned from most of the training images.
    """
    q, y, facts = given.reference.probabilities, given.reference.y, given.seen.facts
    if given.reference_split == "held-out" and q is not None and y is not None:
        counts = confusion(y.numpy(), q.argmax(1), len(names))
        by_class = accuracy_by_class(counts, names)
        own = {"accuracy": hits(counts) / len(y), "n": len(y), "classes": by_class}
        of = "held-out images"
    elif "held_out_accuracy" in facts:
        own, of = (
            {"accuracy": facts["held_out_accuracy"], "n": facts["measured"]},
            "images left out",
        )
    else:
        return {}, ()
    words = f"The classifier is right of {own['accuracy']:.1%} of {own['n']:,} {of}; "
    return own, (words + "its own mistakes count against the generator.",)
