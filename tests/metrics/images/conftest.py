"""Sets of samples with given features, probabilities and classes, for tests of measures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from gansmith.metrics.given import Given, Samples, Seen


def make_given(features: dict[str, Any], probabilities: dict[str, Any], **more: Any) -> Given:
    """Black images with these features (N, D) or probabilities (N, K), by "generated" and so on."""

    def samples(part: str) -> Samples:
        there = features.get(part), probabilities.get(part)
        n = len(next(every for every in there if every is not None))
        return Samples(torch.zeros(n, 1, 2, 2), None, *there)

    given = {"reference_split": "held-out", "seen": Seen("classifier", "abcdef0123")} | more
    reference = samples("reference")
    return Given(generated=samples("generated"), reference=reference, train=reference, **given)


@pytest.fixture
def of_features() -> Callable[..., Given]:
    """(generated (N, D), reference (M, D), fields of Given) → Given."""
    return lambda x, y, **more: make_given({"generated": x, "reference": y}, {}, **more)


@pytest.fixture
def of_probabilities() -> Callable[..., Given]:
    """(generated (N, K), reference (M, K), fields of Given) → Given."""

    def given(p: np.ndarray, q: np.ndarray, **more: Any) -> Given:
        return make_given({}, {"generated": p, "reference": q}, **more)

    return given
