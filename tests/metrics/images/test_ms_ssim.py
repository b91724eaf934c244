from __future__ import annotations

import numpy as np
import pytest
import torch
from torchmetrics.functional.image import (
    multiscale_structural_similarity_index_measure,
    structural_similarity_index_measure,
)

from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images.ms_ssim import WEIGHTS, ms_ssim, pairs, scales, similarities
from gansmith.metrics.measuring import measure


def images(n, *shape, seed=0):
    """Smooth at random, so that each scale has something to compare."""
    random = torch.Generator().manual_seed(seed)
    small = torch.rand(n, shape[0], 5, 5, generator=random, dtype=torch.float64)
    smooth = torch.nn.functional.interpolate(small, shape[1:], mode="bilinear")
    return (smooth + 0.3 * torch.rand(n, *shape, generator=random)).clamp(0, 1) * 2 - 1


@pytest.mark.parametrize(
    ("shape", "count"), [((1, 28, 28), 2), ((3, 32, 40), 2), ((3, 64, 64), 3), ((1, 176, 180), 5)]
)
def test_similarities_are_those_of_torchmetrics(shape, count):
    assert scales(*shape[1:]) == count
    a, b = images(3, *shape), images(3, *shape, seed=1)
    betas = tuple(np.array(WEIGHTS[:count]) / sum(WEIGHTS[:count]))
    expected = multiscale_structural_similarity_index_measure(
        a, 0.7 * a + 0.3 * b, data_range=2.0, betas=betas, reduction="none", normalize="relu"
    )
    assert (expected > 0.05).all()
    np.testing.assert_allclose(similarities(a, 0.7 * a + 0.3 * b, count), expected, rtol=1e-6)


def test_one_scale_is_ssim():
    a, b = images(4, 1, 20, 13), images(4, 1, 20, 13, seed=1)
    expected = structural_similarity_index_measure(a, b, data_range=2.0, reduction="none")
    np.testing.assert_allclose(similarities(a, b, 1), expected.relu(), rtol=1e-6)


@pytest.mark.parametrize(
    ("side", "count"), [(10, 0), (11, 1), (21, 1), (22, 2), (88, 4), (175, 4), (176, 5), (999, 5)]
)
def test_the_window_fits_into_each_scale(side, count):
    assert scales(side, side + 5) == count


def test_equal_images_score_one():
    a = images(2, 3, 28, 28)
    np.testing.assert_allclose(similarities(a, a, 2), 1, rtol=1e-12)


def test_no_image_is_in_two_pairs():
    found = pairs(101, None, np.random.default_rng(0))
    assert found.shape == (50, 2)
    assert len(np.unique(found)) == 100


def test_pairs_are_of_one_class():
    y = np.arange(60) % 7
    found = pairs(60, y, np.random.default_rng(0))
    assert len(np.unique(found)) == found.size >= 60 - 7
    assert (y[found[:, 0]] == y[found[:, 1]]).all()


def given(generated, reference, y=None, reference_y=None):
    generated, reference = Samples(generated.float(), y), Samples(reference.float(), reference_y)
    return Given(generated, reference, "held-out", reference)


def test_a_generator_of_one_image_scores_one_beside_the_real_pairs():
    real = images(20, 1, 28, 28)
    (found,) = ms_ssim(given(real[:1].expand(30, -1, -1, -1), real))
    assert found.value == pytest.approx(1)
    assert found.details["real"] < 0.9
    assert found.details["pairs"] == 15
    assert "2 of 5 scales" in found.trust


def test_the_interval_is_that_of_the_mean_of_independent_pairs():
    (found,) = ms_ssim(given(images(400, 1, 12, 12), images(10, 1, 12, 12, seed=1)))
    endless = [
        ms_ssim(given(images(400, 1, 12, 12, seed=seed), images(10, 1, 12, 12)))[0].value
        for seed in range(2, 42)
    ]
    half = (found.interval[1] - found.interval[0]) / 2
    assert half == pytest.approx(1.96 * np.std(endless, ddof=1), rel=0.35)


def test_classes_are_compared_each_with_itself():
    real = images(8, 1, 12, 12)
    x = real[:2].repeat(10, 1, 1, 1)
    y = torch.arange(20) % 2
    (found,) = ms_ssim(given(x, x, y, y))
    assert found.value == pytest.approx(1)
    (mixed,) = ms_ssim(given(x, x))
    assert mixed.value < 0.9


def test_small_images_are_left_out_with_words():
    x = torch.zeros(4, 1, 8, 8)
    assert "12 pixels" in measure(given(x, x), ["ms_ssim"]).left_out["ms_ssim"]
    assert ms_ssim(given(torch.zeros(3, 1, 12, 12), x)) == []
