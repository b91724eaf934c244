from __future__ import annotations

import math

import pytest
import torch

from gansmith.errors import ConfigError
from gansmith.latent import arithmetic
from gansmith.latent.arithmetics import CENTRE

CONCEPTS = [(0, 1, 2), (70, 4, 5), (6, 7, 8, 9)]


def test_a_linear_generator_does_the_same_sum_on_pixels(linear):
    made = arithmetic(linear, CONCEPTS)
    a, b, c = (linear.images(linear.drawn(rows)).mean(0) for rows in CONCEPTS)
    torch.testing.assert_close(made.images[CENTRE], a - b + c)
    assert made.around[CENTRE].equal(made.result)


def test_the_neighbourhood_stays_within_the_noise(linear):
    made = arithmetic(linear, CONCEPTS, noise=0.25)
    apart = (made.around - made.result).abs()
    assert 0.15 < apart.max() <= 0.25
    assert (apart.amax(1) == 0).sum() == 1, "the result alone"
    assert (arithmetic(linear, CONCEPTS, noise=0.0).around == made.result).all()


def test_the_norm_of_the_prior(linear):
    assert linear.norm == pytest.approx(math.sqrt(5))
    made = arithmetic(linear, CONCEPTS, renormalise=True)
    torch.testing.assert_close(made.means.norm(dim=1), torch.full((3,), linear.norm))
    assert float(made.result.norm()) == pytest.approx(linear.norm)
    plain = arithmetic(linear, CONCEPTS)
    cosine = torch.cosine_similarity(plain.result, made.result, dim=0)
    assert float(cosine) == pytest.approx(1)
    assert "scaled to the prior" in made.caption and "--renormalise" in plain.caption


def test_fewer_than_three_exemplars_are_warned_of(linear):
    assert arithmetic(linear, CONCEPTS).warnings == []
    (warning,) = arithmetic(linear, [(0, 1, 2), (3, 4), (6, 7, 8)]).warnings
    assert "(3, 4) has 2 exemplars" in warning and "three or more" in warning


@pytest.mark.parametrize(
    "concepts, more, words",
    [
        ([(0, 1, 2), (1,)], {}, "2 concepts"),
        ([(0, 1, 2), (), (1,)], {}, "--b: give numbers"),
        ([(0, 1, 2), (1,), (-1,)], {}, "--c: there is no number -1"),
        (CONCEPTS, {"noise": -1.0}, "--noise"),
    ],
)
def test_what_cannot_be_added_is_refused(linear, concepts, more, words):
    with pytest.raises(ConfigError, match=words):
        arithmetic(linear, concepts, **more)
