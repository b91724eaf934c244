"""Methods with labels: evenly asked for, measured by class, and their own classifier tested."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

import gansmith
from gansmith.evaluation.comparison import compare
from gansmith.evaluation.comparison_files import write_comparison
from gansmith.evaluation.evaluation import Wanted, evaluate
from gansmith.metrics import MEASURES, WORDS
from gansmith.metrics.classifying import classify_of
from gansmith.metrics.features.classifier import Classifier, classifier_features
from gansmith.run.evaluations import read_evaluations
from gansmith.training.sampling import conditions

TOLD = f"{Path(__file__).parents[1] / 'told_gan.py'}:ToldGAN"
TINY = {"batch_size": 8, "steps": 3, "sample_every": 100, "device": "cpu"}
BY_CLASS = ("class_accuracy", "class_diversity", "classifier_error")


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> list[gansmith.Run]:
    """Two that differ in the seed."""
    root = tmp_path_factory.mktemp("told")
    return [gansmith.train(TOLD, run=root / f"seed-{s}", seed=s, **TINY) for s in (0, 1)]


def test_labels_run_evenly_through_the_classes(runs):
    method, _ = runs[0].restored()
    spec = runs[0].config.spec
    for number in (30, 64, 65, 1000, 1003):
        counts = torch.bincount(conditions(method, spec, number), minlength=spec.classes)
        assert counts.max() - counts.min() <= 1 and counts.sum() == number


def test_a_run_is_measured_by_class(runs, monkeypatch):
    short = Classifier(steps=40)
    monkeypatch.setattr(
        "gansmith.metrics.judge.make_features",
        lambda name, data, weights, seed: classifier_features(data, weights, seed, short),
    )
    seen = {}
    real = classify_of
    monkeypatch.setattr(
        "gansmith.metrics.made.classify_of",
        lambda *given: seen.setdefault("it", real(*given)),
    )
    made = evaluate(runs[0], Wanted(n=60, features="classifier", measures=BY_CLASS), write=False)
    assert made.left_out == {} and made["class_accuracy"].features.startswith("classifier")
    counts = torch.tensor(made["class_accuracy"].details["confusion"]).sum(1)
    assert counts.tolist() == [6] * 10
    assert made["class_accuracy"].details["classifier"]["accuracy"] > 0.5
    one, held_out = made["classifier_error"], gansmith.data.open_data("mnist").held_out()
    wrong = (seen["it"](held_out.x).argmax(1) != held_out.y).double().mean()
    assert one.value == pytest.approx(float(wrong)) and one.n_reference == 1000


def test_the_classifier_is_the_averaged_one_where_there_is_one_and_keeps_its_mode(runs):
    method, state = runs[0].restored()
    x = torch.zeros(3, 1, 28, 28)
    state.nets.train()
    found = classify_of(method, state.nets, state.averaged)
    assert found is not None and state.nets.training
    torch.testing.assert_close(found(x), method.classify(state.nets, x).detach())
    assert all(module.training for module in state.nets.modules())
    twin = torch.nn.ModuleDict({"classifier": torch.nn.Linear(784, 10)})
    found = classify_of(method, state.nets, twin)
    torch.testing.assert_close(found(x), twin["classifier"](x.flatten(1)).detach())
    other = gansmith.methods.find("gan")()
    assert classify_of(other, state.nets, state.averaged) is None


def test_without_labels_they_are_left_out_with_words(tmp_path):
    run = gansmith.train("gan", run=tmp_path / "gan", hidden=(8,), **TINY)
    made = evaluate(run, Wanted(n=40, features="random", measures=BY_CLASS))
    assert made.left_out == {
        "class_accuracy": WORDS["classes"],
        "class_diversity": WORDS["classes"],
        "classifier_error": WORDS["classifies"],
    }


def test_the_error_is_measured_as_it_trains(tmp_path):
    how = {"evaluate_every": 2, "evaluate_measures": ("classifier_error",)}
    run = gansmith.train(TOLD, run=tmp_path / "a", **TINY, **how)
    lines = read_evaluations(run.directory.evaluations)
    assert [line.step for line in lines] == [2, 3]
    assert all(line.key == "classifier_error" and len(line.parts) == 8 for line in lines)


def test_every_measure_has_mean_and_deviation_over_seeds(runs, tmp_path, monkeypatch):
    for name in set(MEASURES) - {"frechet", "class_diversity", "classifier_error", "sliced"}:
        monkeypatch.delitem(MEASURES, name)
    paths = [run.path for run in runs]
    wanted = Wanted(n=40, features="random")
    made = compare(paths, wanted, "classifier_error", [TOLD])
    (seeds,) = made.groups[0].seeds
    values = [one.evaluation["classifier_error"].value for one in made.groups[0].field.entrants]
    mean, deviation = sum(values) / 2, abs(values[0] - values[1]) / 2**0.5
    assert (seeds.mean, seeds.deviation) == pytest.approx((mean, deviation))
    assert seeds.measures["classifier_error"] == pytest.approx((mean, deviation))
    assert {"frechet", "class_diversity", "sliced"} <= set(seeds.measures)
    written = write_comparison(made, tmp_path / "out")
    raw = json.loads(Path(written.files["numbers"]).read_text())
    stored = raw["groups"][0]["seeds"][0]["measures"]["classifier_error"]
    assert stored == {"mean": pytest.approx(mean), "deviation": pytest.approx(deviation)}
    page = Path(written.files["page"]).read_text()
    assert f"{mean:.4g} ± {deviation:.2g}" in page and "mean ± sd of seeds" in page
