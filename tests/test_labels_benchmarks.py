"""The benchmarks of methods with labels: rows of a tiny run, and what the page says of rows."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

import gansmith
from gansmith.data import open_data
from gansmith.metrics.features.classifier import Classifier, classifier_features
from gansmith.metrics.images import transfer
from gansmith.metrics.judge import make_judge

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
TOLD = f"{Path(__file__).parent / 'told_gan.py'}:ToldGAN"
MODULES = ("conditional", "results_labels", "page_parts", "paired", "provenance", "rows")
pytestmark = pytest.mark.skipif(
    not BENCHMARKS.exists(), reason="benchmarks are not part of the package's archive"
)


@pytest.fixture
def benchmarks(monkeypatch):
    """The programs, importable."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield
    for name in MODULES:
        sys.modules.pop(name, None)


def test_a_row_and_its_section(benchmarks, tmp_path, monkeypatch):
    import conditional
    import page_parts
    import results_labels

    monkeypatch.setattr(conditional, "N", 100)
    monkeypatch.setattr(conditional, "PICTURES", tmp_path)
    monkeypatch.setattr(transfer, "STEPS", 5)
    run = gansmith.train(TOLD, run=tmp_path / "run", steps=2, batch_size=8, device="cpu")
    data = open_data("mnist")
    judge = make_judge(data, classifier_features(data, None, 0, Classifier(steps=10)))
    row = conditional.row(run, judge)
    assert {"class_accuracy", "class_diversity", "transfer", "frechet"} <= set(row["measures"])
    assert len(row["by_class"]) == 10 and not row["left_out"]
    monkeypatch.setattr(
        conditional.gansmith, "load", lambda path: run
    )  # a method from a file has to be named again
    with Image.open(conditional.picture(run.path, "mnist-told")) as grid:
        assert grid.width > grid.height  # 12 columns, a row for each of 10 classes
    monkeypatch.setattr(page_parts, "RESULTS", tmp_path)
    monkeypatch.setattr(results_labels, "PICTURES", tmp_path)
    assert results_labels.conditional() == results_labels.semi_supervised() == ""
    stored = {
        "command": "c",
        "rows": {"mnist:told:0": json.loads(json.dumps({"data": "mnist", **row}))},
    }
    (tmp_path / "conditional.json").write_text(json.dumps(stored))
    said = results_labels.conditional()
    assert "| mnist | [`told`](methods/told.md) | 1 | 2 |" in said
    assert "`told` 0 and" in said and "mnist-told.png" in said


def test_errors_have_mean_and_deviation_and_what_is_gained(benchmarks, tmp_path, monkeypatch):
    import page_parts
    import results_labels

    monkeypatch.setattr(page_parts, "RESULTS", tmp_path)
    wrong = {"sgan": (20, 30, 40), "labels-alone": (110, 140, 170)}
    rows = {f"mnist-10k:{labels}:{seed}:{form}": {"wrong": one, "n": 1000}
            for labels in (100, 10) for form, each in wrong.items()
            for seed, one in enumerate(each)}  # fmt: skip
    del rows["mnist-10k:100:2:labels-alone"]
    (tmp_path / "semi_supervised.json").write_text(json.dumps({"command": "c", "rows": rows}))
    lines = [line for line in results_labels.semi_supervised().splitlines() if "10k |" in line]
    # By hand: differences 9, 11, 13 have mean 11 and deviation 2; t(2, 0.975) = 4.303, so that
    # the interval is 11 ± 4.303 * 2 / sqrt(3) = 11 ± 4.97. Without the third pair 12.706 / 1.
    assert lines == [
        "| mnist-10k | 10 | 3 | 3.00 ± 1.00 | 14.00 ± 3.00 | 11.0 (6.0 to 16.0) |",
        "| mnist-10k | 100 | 2 | 2.50 ± 0.71 | 12.50 ± 2.12 | 10.0 (-2.7 to 22.7) |",
    ]


@pytest.mark.parametrize(
    ("data", "accuracy", "variety", "met"),
    [
        ("mnist", 0.95, 0.8, (True, True)),
        ("mnist", 0.94, 0.9, (False, True)),
        ("fashion-mnist", 0.86, 0.79, (True,)),
        ("fashion-mnist", 0.84, 0.8, (False,)),
    ],
)
def test_what_was_hoped_for(benchmarks, data, accuracy, variety, met):
    import results_labels

    row = {"data": data, "classifier": {"held_out_accuracy": 0.9},
           "measures": {"class_accuracy": [accuracy], "class_diversity": [variety]}}  # fmt: skip
    assert results_labels._met(row) == met


def test_rows_of_other_hyperparameters_make_no_mean(benchmarks):
    import page_parts

    rows = [{"fields": {"shift": 0, "width": 16}}, {"fields": {"shift": 1, "width": 16}}, {}]
    page_parts.of_one_kind([rows[0], rows[0], rows[2]])
    with pytest.raises(SystemExit, match="differ by shift:"):
        page_parts.of_one_kind(rows)


def test_runs_of_other_defaults_lie_elsewhere(benchmarks, tmp_path, monkeypatch):
    import rows

    monkeypatch.setattr(rows, "__file__", str(tmp_path / "rows.py"))
    monkeypatch.setattr(rows, "find", lambda method: lambda: (method, 1))
    before = rows.folder("few", "sgan")
    assert before == rows.folder("few", "sgan") and before.is_dir()
    monkeypatch.setattr(rows, "find", lambda method: lambda: (method, 2))
    assert rows.folder("few", "sgan") != before
