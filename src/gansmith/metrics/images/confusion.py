"""What a classifier says of images whose class is known: counts, and accuracy by class."""

from __future__ import annotations

from typing import Any

import numpy as np

from gansmith.metrics.interval import wilson


def confusion(true: np.ndarray, chosen: np.ndarray, classes: int) -> np.ndarray:
    """How often each class (rows) was taken for each (columns): (K, K).

    Args:
        true: (N,) class numbers below K.
        chosen: (N,) the same.
        classes: K.
    """
    pairs = true.astype(np.int64) * classes + chosen
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def hits(counts: np.ndarray) -> int:
    """How many lie on the diagonal."""
    return int(np.trace(counts))


def accuracy_by_class(counts: np.ndarray, names: list[str]) -> dict[str, dict[str, Any]]:
    """Count, accuracy, its interval and the most frequent mistake; classes without images lack."""
    found: dict[str, dict[str, Any]] = {}
    for number, (name, row) in enumerate(zip(names, counts, strict=True)):
        n, right = int(row.sum()), int(row[number])
        if n:
            wrong = np.where(np.arange(len(row)) == number, 0, row)
            mistake = names[int(wrong.argmax())] if wrong.any() else None
            found[name] = {
                "count": n,
                "accuracy": right / n,
                "interval": [*wilson(right, n)],
                "mistaken_for": mistake,
            }
    return found


def lowest(by_class: dict[str, dict[str, Any]]) -> str:
    """The class that is recognised least, in words."""
    name = min(by_class, key=lambda each: by_class[each]["accuracy"])
    one = by_class[name]
    mistake = f", most often taken for {one['mistaken_for']}" if one["mistaken_for"] else ""
    return f"{name} with {one['accuracy']:.1%} of {one['count']:,}{mistake}"


def labels_of(class_names: tuple[str, ...], classes: int) -> list[str]:
    """Names of the classes; their numbers where they have none."""
    return [class_names[i] if i < len(class_names) else str(i) for i in range(classes)]
