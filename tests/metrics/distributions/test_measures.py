"""The measures of points, as an evaluation asks for them."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from gansmith.data.points import MODES
from gansmith.metrics.distributions import measures
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.measuring import measure

MOST = 200
NAMES = ("modes", "wasserstein", "divergences")


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Transport between few samples, to be quick."""
    monkeypatch.setattr(measures, "MOST", MOST)


def points(n: int, seed: int, modes: tuple[int, ...] = tuple(range(8))) -> torch.Tensor:
    """Samples of some modes of 8gaussians."""
    random = torch.Generator().manual_seed(seed)
    centres, deviation = MODES["8gaussians"]
    which = torch.tensor(modes)[torch.randint(len(modes), (n,), generator=random)]
    return centres[which] + deviation * torch.randn(n, 2, generator=random)


def given(generated: torch.Tensor, **more) -> Given:
    """Beside 1,000 held-out samples."""
    held_out = Samples(points(1000, 1))
    known = {"reference": held_out, "train": held_out, "centres": MODES["8gaussians"]}
    return Given(generated=Samples(generated), reference_split="held-out", **(known | more))


def found(one: Given) -> dict[str, Measurement]:
    """Every measurement by key."""
    return {m.key: m for m in measure(one, NAMES).measurements}


def test_the_data_itself_is_judged_good():
    by_key = found(given(points(1000, 2)))
    assert set(by_key) == {"modes", "high_quality", "mode_reverse_kl", "mode_kl", "w1", "w2",
                           "js", "kl", "reverse_kl"}  # fmt: skip
    assert by_key["modes"].value == 8 and by_key["modes"].interval == (8, 8)
    low, high = by_key["high_quality"].interval
    assert low < 1 - math.exp(-9 / 2) < high
    assert by_key["high_quality"].details["of_the_distribution"] == pytest.approx(
        1 - math.exp(-9 / 2), rel=1e-9
    )
    assert by_key["js"].value < 0.02 and by_key["mode_reverse_kl"].value < 0.02
    assert {m.key for m in by_key.values() if not m.trusted} == {"w1", "w2"}  # 200 are too few


def test_lost_modes_are_seen_by_every_measure():
    good, bad = found(given(points(1000, 2))), found(given(points(1000, 2, (0, 1, 2, 3))))
    assert bad["modes"].value == 4
    assert bad["mode_reverse_kl"].value == pytest.approx(math.log(2), rel=0.02)
    assert "mode_kl" not in bad  # infinite
    assert "infinite: 4 modes have no sample" in bad["mode_reverse_kl"].trust
    # Half of the data has no counterpart: ½ log 2 from it, ½ KL(q‖m) from the rest.
    exact = (0.5 * math.log(2) + 0.5 * math.log(2 / 3) + math.log(4 / 3)) / 2
    assert bad["js"].value == pytest.approx(exact, rel=0.1)
    for key in ("w1", "w2", "js", "kl"):
        assert bad[key].value > 1.5 * good[key].value


def test_transport_is_that_of_the_samples_that_it_states(monkeypatch):
    monkeypatch.setattr(measures, "MOST", 100)
    one = given(points(300, 2))
    w1, w2 = (found(one)[key] for key in ("w1", "w2"))
    assert w1.n == w1.n_reference == 100 and not w1.trusted
    random = np.random.default_rng(0)
    rows, order = random.permutation(300), random.permutation(1000)
    made = one.generated.x.double().numpy()[rows[:100]]
    real, other = (one.reference.x.double().numpy()[part] for part in (order[:100], order[100:200]))
    for measured, p in ((w1, 1), (w2, 2)):
        for value, x in ((measured.value, made), (measured.details["floor"], other)):
            costs = cdist(real, x) ** p
            best = costs[linear_sum_assignment(costs)].mean() ** (1 / p)
            assert value == pytest.approx(best, rel=1e-9)
        assert f"{measured.details['floor']:.4g} apart" in measured.trust


def test_without_real_samples_to_spare_there_is_no_floor():
    few = Samples(points(MOST + 10, 1))
    w1 = found(given(points(1000, 2), reference=few))["w1"]
    assert w1.n == MOST and w1.details["floor"] is None and "apart" not in w1.trust


def test_what_is_not_known_is_left_out_with_words():
    left_out = measure(replace(given(points(50, 2)), centres=None), NAMES).left_out
    assert left_out == {"modes": "the true modes of this data are not known"}
    space = {"reference": Samples(torch.randn(50, 3)), "centres": None}
    three = measure(given(torch.randn(50, 3), **space), NAMES)
    assert [m.key for m in three.measurements] == ["w1", "w2"] and "divergences" in three.left_out


def test_they_repeat_and_can_be_written():
    one = given(points(200, 2, (0, 1)))
    first = [m.as_json() for m in found(one).values()]
    assert first == [m.as_json() for m in found(one).values()]
    assert json.loads(json.dumps(first, allow_nan=False)) == json.loads(json.dumps(first))


def test_while_training_only_the_quick_ones():
    keys = {m.key for m in measure(given(points(200, 2)), cheap=True).measurements}
    assert {"modes", "js"} <= keys and "w1" not in keys
