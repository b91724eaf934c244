"""Features that are learned from a data set once, kept in the cache, and used to see images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gansmith.batch import (
    Batch,
    CaptionedImages,
    DataSet,
    LabeledImages,
    without_captions,
)
from gansmith.data.subset import only
from gansmith.draws import seed_of
from gansmith.errors import DataError
from gansmith.method import Networks
from gansmith.metrics.features import cache
from gansmith.metrics.features.backbone import Head
from gansmith.metrics.features.learner import Learner, learned
from gansmith.metrics.given import Seen
from gansmith.training.state import build_networks

CHUNK = 250
LEFT_OUT = 10
"""One training sample in so many is not learned from."""
MOST_TESTED = 10_000
"""Samples that the accuracy is measured on, at most."""
BARELY = 0.1
"""Part of the way from guessing to perfect below which nothing much was learned."""

Test = Callable[[Networks, LabeledImages, LabeledImages], tuple[float, float, dict[str, Any]]]
"""(networks, left out of training, to measure on) → accuracy, that of guessing, further facts."""


class LearnedFeatures:
    """The means of the maps of the last layer: 64 numbers, none below 0; any size of image."""

    def __init__(self, name: str, nets: Networks, facts: dict[str, Any], classes: bool) -> None:
        self._nets, self._classes = nets, classes
        self.seen = Seen(name, cache.digest_of(nets.state_dict()), facts=facts)

    def __call__(self, x: Tensor) -> tuple[np.ndarray, np.ndarray | None]:
        """(N, C, H, W) → (N, 64), and (N, K) where it learned the classes of the data."""
        features, logits = passed(self._nets, x)
        if not self._classes:
            return features.numpy(), None
        head = self._nets["head"]
        assert isinstance(head, Head), "as it was built"
        return features.numpy(), head.probabilities(logits).numpy()


@torch.no_grad()
def passed(nets: Networks, x: Tensor) -> tuple[Tensor, Tensor]:
    """Features (N, 64) and logits (N, K) of images, a chunk at a time."""
    chunks = [
        nets["backbone"](chunk.contiguous(memory_format=torch.channels_last))
        for chunk in x.split(CHUNK)
    ]
    features = torch.cat(chunks)
    return features, nets["head"](features)


def learn(name: str, method: Learner, data: DataSet, seed: int, test: Test) -> LearnedFeatures:
    """Features learned from a set, or taken from the cache where that was done before.

    Args:
        name: of the features.
        method: what is learned.
        data: images; captions are not looked at.
        seed: what the training follows from.
        test: measures what was learned; it may change buffers, such as a temperature.

    Raises:
        DataError: fewer than two images.
    """
    if data.spec.batch is CaptionedImages:
        data = without_captions(data)
    if data.spec.size < 2:
        raise DataError(f"{data.spec.name} has one image to train on; features need at least two.")
    held_out = _first(data.held_out())
    parts = {"version": cache.VERSION, "name": name, "fields": asdict(method), "seed": seed,
             "data": data.spec.fingerprint, "shape": data.spec.shape, "classes": data.spec.classes,
             "held_out": held_out and cache.digest_of(held_out._asdict())}  # fmt: skip
    path = cache.folder() / cache.key_of(parts) / "weights.safetensors"
    known = cache.kept(path)
    if known is not None:
        nets = build_networks(method, data.spec, seed).requires_grad_(False).eval()
        nets.load_state_dict(known[0])
        nets.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        return LearnedFeatures(name, nets, known[1], method.labelled)
    nets, facts = _made(method, data, seed, held_out, test)
    cache.keep(path, nets.state_dict(), facts)
    return LearnedFeatures(name, nets, facts, method.labelled)


def _made(
    method: Learner, data: DataSet, seed: int, held_out: LabeledImages | None, test: Test
) -> tuple[Networks, dict[str, Any]]:
    """Networks that were trained on nine tenths, and what is known of them."""
    random = torch.Generator().manual_seed(seed_of(seed, "left out"))
    order = torch.randperm(data.spec.size, generator=random)
    aside = max(1, data.spec.size // LEFT_OUT)
    nets = learned(method, only(data, order[aside:].sort().values), seed)
    left = _first(data.take(order[:aside][:MOST_TESTED].sort().values))
    assert left is not None, "a batch was taken"
    accuracy, guessed, more = test(nets, left, held_out or left)
    facts = {
        "held_out_accuracy": accuracy,
        "measured_on": "held-out samples" if held_out else "training samples left out for this",
        "measured": len((held_out or left).x),
        "trained_on": data.spec.size - aside,
        "seed": seed,
        **more,
    }
    if accuracy < guessed + BARELY * (1 - guessed):
        facts["warning"] = (
            f"It is right in {accuracy:.1%}, and guessing in {guessed:.1%}: it has learned next to "
            "nothing of this data, and what is measured through it says little."
        )
    return nets, facts


def _first(batch: Batch | None) -> LabeledImages | None:
    """As many images as accuracy is measured on, evenly from the whole: it may lie by class."""
    if not isinstance(batch, LabeledImages):
        return None
    rows = torch.linspace(0, len(batch.x) - 1, min(MOST_TESTED, len(batch.x))).long()
    return LabeledImages(batch.x[rows], batch.y[rows])
