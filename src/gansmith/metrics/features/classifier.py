"""Features of a small classifier that learns the data set's own labels.

Source of the temperature: Guo et al. 2017, arXiv:1706.04599, section 4.2. Deviation: it is kept
within a range, because few samples that are all recognised would make it 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from scipy.optimize import minimize_scalar

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.draws import Draws
from gansmith.errors import DataError
from gansmith.method import Networks
from gansmith.metrics.features.backbone import Head
from gansmith.metrics.features.jitter import jitter
from gansmith.metrics.features.learned import LearnedFeatures, learn, passed
from gansmith.metrics.features.learner import Learner

TEMPERATURES = (0.25, 10.0)


@dataclass(frozen=True, kw_only=True)
class Classifier(Learner):
    """Tells the classes of a data set apart."""

    labelled: ClassVar[bool] = True

    def classes(self, data: DataSpec) -> int:
        return data.classes

    def task(self, batch: LabeledImages, draws: Draws) -> LabeledImages:
        """Jittered images with their labels."""
        return LabeledImages(jitter(batch.x, draws["jitter"]), batch.y)


def fitted_temperature(logits: np.ndarray, y: np.ndarray) -> float:
    """What logits (N, K) are to be divided by so that labels y (N,) become most likely."""
    logits = logits.astype(np.float64)
    logits = logits - logits.max(1, keepdims=True)
    true = logits[np.arange(len(y)), y]

    def unlikely(log_temperature: float) -> float:
        t = np.exp(log_temperature)
        return float(np.mean(np.log(np.exp(logits / t).sum(1)) - true / t))

    found: Any = minimize_scalar(unlikely, bounds=np.log(TEMPERATURES), method="bounded")
    return float(np.exp(found.x))


def classifier_features(
    data: DataSet, weights: Path | None, seed: int, method: Classifier | None = None
) -> LearnedFeatures:
    """For a set with labels; trained on its training samples, or taken from the cache.

    Args:
        data: labelled images.
        weights: not looked at.
        seed: what the training follows from.
        method: another length of training, say; None for the usual one.

    Raises:
        DataError: there are not two classes.
    """
    if data.spec.classes < 2:
        raise DataError(
            f"{data.spec.name} has {data.spec.classes or 'no'} classes, and a classifier needs at "
            "least two. Take --features rotation, which needs no labels."
        )
    return learn("classifier", method or Classifier(), data, seed, _test)


def _test(
    nets: Networks, left: LabeledImages, test: LabeledImages
) -> tuple[float, float, dict[str, Any]]:
    """Fit the temperature on the samples left out, and measure the accuracy."""
    temperature = fitted_temperature(passed(nets, left.x)[1].numpy(), left.y.numpy())
    head = nets["head"]
    assert isinstance(head, Head), "as it was built"
    head.temperature.fill_(temperature)
    classes = head.out_features
    accuracy = float((passed(nets, test.x)[1].argmax(1) == test.y).double().mean())
    guessed = float(torch.bincount(test.y, minlength=classes).max()) / len(test.y)
    facts = {"temperature": temperature, "calibrated_on": len(left.y), "classes": classes}
    return accuracy, guessed, facts
