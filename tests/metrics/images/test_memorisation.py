from __future__ import annotations

import json
from math import comb

import numpy as np
import pytest
import torch

from gansmith.data import open_data
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images.copying import FALSE_ALARMS, excess, judged
from gansmith.metrics.images.memorisation import memorisation, pairs_picture
from gansmith.metrics.images.suspicion import closeness
from gansmith.metrics.measuring import measure

TRAIN, HELD_OUT, REAL = 800, 300, 100


@pytest.fixture(scope="module")
def digits():
    """Training digits, held-out ones, and others that neither hold: (N, 1, 28, 28) each."""
    data = open_data("mnist")
    x = data.held_out().x
    return data.take(torch.arange(TRAIN)).x, x[:HELD_OUT], x[HELD_OUT : HELD_OUT + REAL]


def given(generated, digits, held_out=HELD_OUT):
    train, reference, _ = digits
    reference = Samples(reference[:held_out])
    return Given(Samples(generated), reference, "held-out", Samples(train))


def verdict_on(generated, digits, held_out=HELD_OUT):
    (found,) = memorisation(given(generated, digits, held_out))
    json.dumps(found.as_json(), allow_nan=False)
    return found


def rolled(x, down, right):
    """Shifted, the edge repeated: digits have an even edge, so that this is a roll."""
    return torch.roll(x, (down, right), (2, 3))


COPIES = {
    "exact": lambda x: x,
    "shifted": lambda x: rolled(x, 1, -1),
    "noised": lambda x: x + 0.05 * torch.randn(x.shape, generator=torch.Generator().manual_seed(0)),
}


@pytest.mark.parametrize("name", COPIES)
def test_replays_are_memorising(name, digits):
    rows = torch.arange(100, 200)
    found = verdict_on(COPIES[name](digits[0][rows]), digits)
    assert found.details["verdict"] == "memorising"
    assert found.notes[0].startswith("Memorising: 100 of 100 samples")
    assert found.value == 1
    assert all(pair["training"] == pair["generated"] + 100 for pair in found.details["pairs"])


def test_real_images_are_not(digits):
    found = verdict_on(digits[2], digits)
    assert found.details["verdict"] == "no sign of memorising"
    assert found.value < 0.05


def test_one_copy_in_five_is_found_and_counted(digits):
    train, _, real = digits
    found = verdict_on(torch.cat([real, train[:25]]), digits)
    assert found.details["verdict"] == "memorising"
    assert found.value == pytest.approx(0.2, abs=0.04)
    assert found.interval[0] < 0.2 < found.interval[1]
    assert {pair["generated"] for pair in found.details["pairs"][:25]} == set(range(100, 125))


def test_blur_and_lost_modes_are_not_memorising(digits):
    blurred = torch.nn.functional.avg_pool2d(digits[2], 3, 1, 1)
    one_kind = open_data("mnist").held_out()
    ones = one_kind.x[HELD_OUT:][one_kind.y[HELD_OUT:] == 1]
    assert len(ones) >= 50
    for generated in (blurred, ones):
        assert verdict_on(generated, digits).details["verdict"] != "memorising"


def test_few_held_out_images_tell_nothing(digits):
    found = verdict_on(digits[0][:100], digits, held_out=49)
    assert found.details["verdict"] == "cannot tell"
    assert "49 held-out images" in found.notes[0]


def test_few_samples_tell_nothing(digits):
    assert verdict_on(digits[2][:3], digits).details["verdict"] == "cannot tell"


def test_held_out_images_that_are_training_images_tell_nothing(digits):
    train, reference, real = digits
    leaked = (train, torch.cat([train[:10], reference[10:]]), real)
    found = verdict_on(train[:100], leaked)
    assert found.details["verdict"] == "cannot tell"
    assert "3.3% of held-out images are training images" in found.notes[0]


def test_without_held_out_images_it_is_left_out(digits):
    train, reference, real = digits
    one = Given(Samples(real), Samples(reference), "training", Samples(train))
    assert list(measure(one, ["memorisation"]).left_out) == ["memorisation"]


def test_the_chance_that_all_samples_lie_above_all_held_out_images_is_one_order_of_all():
    found = judged(np.full(5, 1.1), np.linspace(0.5, 1, 60))
    assert found.suspicious == 5
    assert found.p == pytest.approx(1 / comb(65, 5), rel=1e-6)


def test_false_alarms_are_as_rare_as_is_said():
    random = np.random.default_rng(0)
    alarms = sum(
        judged(random.random(200), random.random(60)).word == "memorising" for _ in range(1000)
    )
    assert alarms <= 6, "P(more than 6) is below 1e-4 at a rate of 1 in 1000"
    assert FALSE_ALARMS == 0.001


def test_copies_are_found_as_often_as_is_said():
    random = np.random.default_rng(0)
    share = judged(random.random(200), random.random(1000)).found_from
    found = 0
    for _ in range(200):
        samples = np.where(random.random(200) < share, 2, random.random(200))
        found += judged(samples, random.random(1000)).word == "memorising"
    assert found >= 175
    assert share <= 1 / 12


def test_many_samples_do_not_make_little_memorising():
    """2.5 % suspicious where 1 % is expected: beyond chance, and still hardly anything."""
    found = judged(np.repeat([1.0, 0.0], [250, 9750]), np.linspace(0, 0.99, 2000))
    assert found.p < FALSE_ALARMS
    assert found.word == "no sign of memorising"


def test_the_share_of_copies_leaves_out_what_real_images_would_have():
    assert excess(0.208, 0.01) == pytest.approx(0.2)
    assert excess(0.005, 0.01) == 0


def test_closeness_is_the_log_of_the_ratio():
    distances = np.array([[1.0, 2, 4], [0, 2, 4], [0, 0, 0], [3, 3, 3]])
    expected = [np.log(3), np.log(1000), np.log(1000), 0]
    np.testing.assert_allclose(closeness(distances), expected)
    np.testing.assert_allclose(closeness(np.array([[0.5], [0.0]])), np.log([2, 1000]))


def test_the_picture_has_the_sample_at_the_left_of_its_origin():
    generated, train = -torch.ones(3, 1, 8, 8), torch.ones(2, 1, 8, 8)
    picture = pairs_picture(generated, train, [{"generated": 2, "training": 1}] * 3, columns=2)
    tile, scale = 8 * 8, 2
    assert picture.dtype == np.uint8
    assert picture.shape == (2 * (tile + 2) + 2, 2 * (scale * tile + 2) + 2)
    assert (picture[2 : 2 + tile, 2 : 2 + tile] == 0).all()
    assert (picture[2 : 2 + tile, 2 + tile : 2 + 2 * tile] == 255).all()
