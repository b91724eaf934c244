"""Small real trainings with bounds well below what is measured; they take minutes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

import gansmith
from gansmith.data import open_data

pytestmark = pytest.mark.slow


@pytest.fixture
def benchmarks(monkeypatch):
    """The measuring programs, importable."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(1)
    for name in ("judge", "modes", "provenance"):
        sys.modules.pop(name, None)


def test_wgan_gp_finds_all_eight_modes(benchmarks, tmp_path):
    from modes import count

    run = gansmith.train("wgan-gp", data="8gaussians", steps=2500, run=tmp_path / "run")
    assert count(run.sample(10_000, seed=1), "8gaussians")["modes"] == 8


@pytest.mark.parametrize(("name", "steps", "bound"), [("dcgan", 700, 0.5), ("wgan-gp", 500, 0.3)])
def test_digits_are_recognised(name, steps, bound, benchmarks, tmp_path):
    from judge import Judge

    digits = open_data("mnist")
    train, held_out = digits.take(torch.arange(digits.spec.size)), digits.held_out()
    judge = Judge(train.x, train.y)
    accuracy = (judge.probabilities(held_out.x).argmax(1) == held_out.y).float().mean()
    assert accuracy >= 0.97
    run = gansmith.train(name, data="mnist", steps=steps, run=tmp_path / "run")
    samples = run.sample(1000, seed=1)
    assert judge.share_recognised(samples) >= bound * judge.share_recognised(held_out.x)
    assert judge.probabilities(samples).argmax(1).bincount(minlength=10).min() >= 20


@pytest.mark.parametrize("name", ["cgan", "acgan", "projection"])
def test_digits_are_those_asked_for(name, benchmarks, tmp_path):
    from gansmith.evaluation.evaluation import Wanted, evaluate

    run = gansmith.train(name, data="mnist", steps=1200, run=tmp_path / "run")
    measured = evaluate(run, Wanted(n=1000, measures=("class_accuracy", "class_diversity")))
    assert measured["class_accuracy"].value >= 0.8
    assert measured["class_diversity"].value >= 0.5


def test_images_without_labels_help(benchmarks, tmp_path):
    from gansmith.evaluation.evaluation import Wanted, evaluate

    errors = {}
    for weight in (0.0, 1.0):
        run = gansmith.train(
            "sgan", data="mnist", steps=700, labels_per_class=10, seed=1,
            unlabelled_weight=weight, run=tmp_path / f"{weight}",
        )  # fmt: skip
        errors[weight] = evaluate(run, Wanted(measures=("classifier_error",)))["classifier_error"]
    assert errors[1.0].value + 0.02 <= errors[0.0].value <= 0.3
