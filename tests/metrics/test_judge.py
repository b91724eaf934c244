"""Which real samples a judge keeps."""

from __future__ import annotations

import torch

from gansmith.batch import DataSpec, LabeledImages
from gansmith.data.resident import ResidentImages, resident
from gansmith.metrics import judge as judging
from gansmith.metrics.judge import make_judge, some_rows


def sorted_images(n: int) -> ResidentImages:
    return ResidentImages(torch.zeros(n, 1, 8, 8, dtype=torch.uint8), torch.arange(n) * 4 // n)


def test_all_classes_of_a_sorted_set_are_kept(monkeypatch):
    monkeypatch.setattr(judging, "MOST", 100)
    names = ("a", "b", "c", "d")
    spec = DataSpec(name="x", batch=LabeledImages, shape=(1, 8, 8), size=400, class_names=names)
    judge = make_judge(resident(spec, sorted_images(400), sorted_images(200)), "random")
    for samples in (judge.train, judge.held_out):
        assert samples is not None and samples.y is not None
        assert len(samples) == 100 and samples.y.bincount().min() > 12


def test_large_images_are_fewer(monkeypatch):
    monkeypatch.setattr(judging, "MOST_BYTES", 50 * 4 * 64)
    spec = DataSpec(name="x", batch=LabeledImages, shape=(1, 8, 8), size=400)
    assert len(make_judge(resident(spec, sorted_images(400)), "random").train) == 50


def test_rows_are_the_same_each_time_and_different_ones():
    rows = some_rows(1000, 100)
    assert rows.equal(some_rows(1000, 100)) and rows.unique().equal(rows)
    assert some_rows(100, 100).equal(torch.arange(100))
