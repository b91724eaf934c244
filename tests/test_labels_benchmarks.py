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
MODULES = ("conditional", "results_labels", "page_parts", "provenance", "rows")
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
    assert set(row["reached"]) == {"accuracy", "diversity"}
    monkeypatch.setattr(
        conditional.gansmith, "load", lambda path: run
    )  # a method from a file has to be named again
    with Image.open(conditional.picture(run.path, "mnist-told")) as grid:
        assert grid.width > grid.height  # 12 columns, a row for each of 10 classes
    monkeypatch.setattr(page_parts, "RESULTS", tmp_path)
    monkeypatch.setattr(results_labels, "PICTURES", tmp_path)
    assert results_labels.conditional() == results_labels.semi_supervised() == ""
    stored = {"command": "c", "rows": {"mnist:told:0": json.loads(json.dumps(row))}}
    (tmp_path / "conditional.json").write_text(json.dumps(stored))
    said = results_labels.conditional()
    assert "| mnist | [`told`](methods/told.md) | 1 | 2 |" in said
    assert "`told` 0 and" in said and "mnist-told.png" in said


def test_errors_have_mean_and_deviation_over_seeds(benchmarks, tmp_path, monkeypatch):
    import page_parts
    import results_labels

    monkeypatch.setattr(page_parts, "RESULTS", tmp_path)
    rows = {f"mnist:{labels}:sgan:{seed}": {"error": 2.0 + seed} for labels in ("100", "10", "all")
            for seed in (0, 1, 2)}  # fmt: skip
    (tmp_path / "semi_supervised.json").write_text(json.dumps({"command": "c", "rows": rows}))
    lines = [line for line in results_labels.semi_supervised().splitlines() if "sgan" in line]
    assert [line.split(" | ")[1] for line in lines] == ["10", "100", "all"]
    assert lines[0].endswith("| `sgan` | 3 | 3.00 ± 1.00 |")


def test_errors_as_counts_and_seeds_before_the_method_are_read_too(
    benchmarks, tmp_path, monkeypatch
):
    import page_parts
    import results_labels

    monkeypatch.setattr(page_parts, "RESULTS", tmp_path)
    rows = {f"mnist-10k:10:{seed}:sgan": {"wrong": 20 + 10 * seed, "n": 1000, "error": 0.02}
            for seed in (0, 1, 2)}  # fmt: skip
    (tmp_path / "semi_supervised.json").write_text(json.dumps({"command": "c", "rows": rows}))
    assert "| mnist-10k | 10 | `sgan` | 3 | 3.00 ± 1.00 |" in results_labels.semi_supervised()
