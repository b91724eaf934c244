"""Features that are learned without labels, from the way up of images."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gansmith.batch import DataSpec, LabeledImages
from gansmith.data.resident import ResidentImages, resident
from gansmith.metrics.features import make_features
from gansmith.metrics.features.rotation import turned


def bright_above(shape, count=40):
    images = torch.randint(
        0, 100, (count, *shape), generator=torch.Generator().manual_seed(0), dtype=torch.uint8
    )
    images[:, :, : shape[1] // 2] += 150
    spec = DataSpec(name="above", batch=LabeledImages, shape=shape, size=count)
    return resident(spec, ResidentImages(images, torch.zeros(count, dtype=torch.long)))


@pytest.mark.parametrize(
    ("sides", "cut"),
    [((6, 6), (slice(6), slice(6))), ((5, 8), (slice(5), slice(1, 6)))],
    ids=["square", "wide"],
)
def test_all_turns_of_the_square_in_the_middle(sides, cut):
    x = torch.rand(3, 2, *sides)
    images, quarters = turned(x)
    assert quarters.tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    for image, quarter, number in zip(images, quarters, [0, 1, 2] * 4, strict=True):
        square = x[number][:, *cut].numpy()
        np.testing.assert_array_equal(image, np.rot90(square, int(quarter), axes=(1, 2)))


def test_it_learns_the_way_up_of_images_that_are_not_square():
    data = bright_above((3, 8, 12))
    features = make_features("rotation", data)
    vectors, probabilities = features(data.take(torch.arange(10)).x)
    assert vectors.shape == (10, 64) and probabilities is None
    facts = features.seen.facts
    assert facts["held_out_accuracy"] >= 0.95
    assert (facts["trained_on"], facts["turns"]) == (36, 4)
    assert "warning" not in facts


def test_images_without_a_way_up_are_told():
    images = torch.full((40, 1, 8, 8), 90, dtype=torch.uint8)
    spec = DataSpec(name="flat", batch=LabeledImages, shape=(1, 8, 8), size=40)
    data = resident(spec, ResidentImages(images, torch.zeros(40, dtype=torch.long)))
    facts = make_features("rotation", data).seen.facts
    assert facts["held_out_accuracy"] == 0.25
    assert "guessing in 25.0%" in facts["warning"]
