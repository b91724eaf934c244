"""The table of measures: what each needs, what is left out, and what a number says of itself."""

from __future__ import annotations

import json

import pytest
import torch

from gansmith.errors import ConfigError, DataError
from gansmith.metrics import MEASURES, WORDS
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.measuring import loaded, measure


def number(**more) -> Measurement:
    return Measurement(
        **{"key": "k", "name": "K", "value": 1.0, "better": "lower", "n": 10, "n_reference": 5}
        | more
    )


@pytest.mark.parametrize("name", MEASURES)
def test_every_entry_leads_to_a_documented_measure(name):
    entry = MEASURES[name]
    assert loaded(entry).__doc__
    assert set(entry.needs) <= set(WORDS)
    assert entry.kind in ("images", "points") and entry.about


def test_what_is_not_there_is_left_out_with_words():
    x = torch.zeros(20, 1, 8, 8)
    given = Given(Samples(x), Samples(x), "training", Samples(x))
    found = measure(given, ["frechet"])
    assert found.measurements == []
    assert found.left_out == {"frechet": WORDS["features"]}


def test_one_image_is_too_few_for_any():
    one, many = (Samples(torch.zeros(n, 1, 16, 16)) for n in (1, 20))
    for given in (Given(one, many, "held-out", many), Given(many, one, "held-out", many)):
        found = measure(given)
        assert found.measurements == [] and set(found.left_out.values()) <= set(WORDS.values())
        assert found.left_out["sliced"] == WORDS["several"]


def test_a_measure_that_fails_leaves_the_others(monkeypatch):
    def fails(given: Given) -> list[Measurement]:
        raise DataError("these cannot be measured.")

    monkeypatch.setattr("gansmith.metrics.images.spectrum.checkerboard", fails)
    x = torch.rand(20, 1, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
    samples = Samples(x)
    found = measure(Given(samples, samples, "training", samples), ["checkerboard", "sliced"])
    assert found.left_out == {"checkerboard": "these cannot be measured."}
    assert [one.key for one in found.measurements] == ["sliced"]


def test_a_measure_of_other_things_says_so():
    x = torch.zeros(20, 1, 16, 16)
    found = measure(Given(Samples(x), Samples(x), "training", Samples(x)), ["modes"])
    assert found.left_out == {"modes": "it is a measure of points, and these are images"}


def test_an_unknown_measure_is_refused():
    x = torch.zeros(4, 1, 8, 8)
    with pytest.raises(ConfigError, match=r"no measure 'frechett'\. Did you mean frechet"):
        measure(Given(Samples(x), Samples(x), "training", Samples(x)), ["frechett"])


def test_too_few_samples_are_said():
    assert number(least=10).trusted and number(least=10).trust == ""
    assert not number(least=11).trusted
    assert number(least=11, notes=("Mind this.",)).trust == (
        "10 samples are too few: 11 are needed to trust this number. Mind this."
    )


def test_json_gives_the_same_number_back():
    one = number(interval=(0.5, 1.5), notes=("a",), details={"parts": [1, 2]}, seed=3)
    assert Measurement.from_json(json.loads(json.dumps(one.as_json()))) == one
    assert Measurement.from_json(json.loads(json.dumps(number().as_json()))) == number()
