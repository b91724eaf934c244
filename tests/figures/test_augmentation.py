"""Generated images for few labels: the words follow the intervals, and a tiny figure."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import stats

from gansmith.cli import run
from gansmith.errors import ConfigError, DataError
from gansmith.figures import augmentation, few_images
from gansmith.figures.asked import Asked
from gansmith.figures.augmentation import draw, estimate, numbers_of
from gansmith.figures.augmentation_words import see, verdict
from gansmith.figures.few_images import WAYS, few, right
from gansmith.metrics.given import Samples

TOLD = f"{Path(__file__).parents[1] / 'told_gan.py'}:ToldGAN"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seeds of little work."""
    monkeypatch.setattr(augmentation, "COUNTS", (2, 3))
    monkeypatch.setattr(augmentation, "SEEDS", 2)
    monkeypatch.setattr(augmentation, "A_CLASS", 8)


def squares(seed: int, n: int) -> Samples:
    """A bright square whose place is its class, in noise."""
    random = torch.Generator().manual_seed(seed)
    x, y = torch.randn(n, 1, 8, 8, generator=random) * 0.2 - 0.5, torch.arange(n) % 3
    for place in range(3):
        x[y == place, :, 2:5, 2 * place : 2 * place + 3] += 1
    return Samples(x.clamp(-1, 1), y)


def answers(**shares: float) -> dict[str, np.ndarray]:
    """Answers of two seeds to 2,000 images with these accuracies."""
    random = np.random.default_rng(0)
    every = {way: shares.get(way, 0.5) for way in WAYS}
    return {way: random.random((2, 2000)) < share for way, share in every.items()}


def test_so_many_of_each_class_that_follow_from_the_seed():
    every = squares(0, 60)
    chosen = few(every, 4, 3, 0)
    assert chosen.y.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert torch.equal(chosen.x, few(every, 4, 3, 0).x)
    assert not torch.equal(chosen.x, few(every, 4, 3, 1).x)


def test_estimate_of_one_seed_each_is_that_of_theory():
    """With images that do not differ the seeds' t interval is left, and the other way round."""
    by_seed = np.array([0.5, 0.6, 0.7])[:, None] + np.zeros((1, 50))
    low, high = stats.t.interval(0.95, 2, 0.6, stats.sem([0.5, 0.6, 0.7]))
    assert estimate(by_seed)["interval"] == pytest.approx([low, high], rel=1e-3)
    by_image = np.repeat(np.random.default_rng(0).random((1, 400)), 3, 0)
    low, high = stats.norm.interval(0.95, by_image.mean(), stats.sem(by_image[0]))
    assert estimate(by_image)["interval"] == pytest.approx([low, high], rel=1e-3)


def test_the_interval_of_a_difference_holds_zero_in_about_95_of_100_cases():
    random, held = np.random.default_rng(0), 0
    for _ in range(200):
        seeds, images = random.normal(0, 0.03, (3, 1)), random.normal(0, 1, (1, 100))
        low, high = estimate(seeds + images + random.normal(0, 0.2, (3, 100)))["interval"]
        held += low <= 0 <= high
    assert held >= 184, held


def test_verdicts_follow_from_the_interval():
    assert verdict({"mean": 0.031, "interval": [0.012, 0.05]}) == (
        "rises by 3.1 points (+1.2 to +5.0)"
    )
    assert verdict({"mean": -0.02, "interval": [-0.03, -0.01]}).startswith("falls by 2.0 points")
    assert verdict({"mean": 0.02, "interval": [-0.01, 0.05]}).startswith("no difference seen")


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"generated": 0.9, "shifted": 0.5}, ["With 10 labels of each class accuracy rises",
                                              "Generated images do more than shifting"]),
        ({"generated": 0.2, "shifted": 0.9}, ["With 10 labels it falls",
                                              "Shifting the same images does more"]),
        ({}, ["No difference by generated images", "and shifts of the real ones no difference"]),
    ],
)  # fmt: skip
def test_the_words_follow_the_numbers(shares, words, monkeypatch):
    monkeypatch.setattr(augmentation, "rounded", float)
    found = {10: numbers_of(answers(**shares))}
    facts = {"data": "d", "method": "m", "seeds": 2, "updates": 5, "generator_steps": 7,
             "test_images": 2000, "labels_a_class": found}  # fmt: skip
    said = " ".join(see(facts))
    if not shares:  # two seeds alone: the interval is wide
        low, high = found[10]["differences"]["shifted"]["interval"]
        assert low < 0 < high
    assert all(one in said for one in words), said


def test_generated_images_teach_what_few_real_ones_do_not():
    """Real images of one kind of noise; generated ones are as good as more real ones."""
    real, made, test = few(squares(0, 60), 1, 3, 0), squares(1, 300), squares(2, 300)
    found = right(real, made, test, 3, 0, steps=60)
    assert list(found) == list(WAYS)
    assert found["generated"].mean() > 0.95
    wrong = Samples(made.x, (made.y + 1) % 3)
    assert right(real, wrong, test, 3, 0, 60)["generated"].mean() < found["generated"].mean() - 0.3
    again = right(real, made, test, 3, 0, steps=60)
    assert all(np.array_equal(found[way], again[way]) for way in WAYS)


def test_shifts_move_every_image_anew(monkeypatch):
    seen = []
    monkeypatch.setattr(few_images, "translate", lambda x, draw, most: seen.append(most) or x)
    right(squares(0, 6), squares(1, 6), squares(2, 6), 3, 0, steps=2)
    assert set(seen) == {0, 1}  # 8 % of 8 pixels, and none


def test_a_tiny_figure_is_drawn_and_gone_on_with(tmp_path: Path, tiny, capsys):
    out = ["figure", "augmentation", "--out", str(tmp_path), "--effort", "0.002"]
    assert run([*out, "--method", TOLD, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {path.suffix for path in tmp_path.glob("augmentation.*")} == {".png", ".svg", ".json"}
    assert set(told["numbers"]["labels_a_class"]) == {"2", "3"}
    one = told["numbers"]["labels_a_class"]["2"]
    assert set(one["accuracy"]) == set(WAYS) and len(one["accuracy"]["real"]["seeds"]) == 2
    assert len(list((tmp_path / "runs").iterdir())) == 4
    assert run([*out, "--method", TOLD, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == told


def test_what_cannot_be_drawn_is_refused(tmp_path: Path, tiny):
    with pytest.raises(ConfigError, match="--method gan does not generate by class"):
        draw(Asked(tmp_path, data="mnist", method="gan"))
    with pytest.raises(DataError, match="images of two classes"):
        draw(Asked(tmp_path, data="8gaussians", method=TOLD))
    few_images.stored(squares(0, 3), tmp_path / "three.npz")
    with pytest.raises(DataError, match="some held out"):
        draw(Asked(tmp_path, data=str(tmp_path / "three.npz"), method=TOLD))
    assert run(["figure", "earth-mover", "--method", "cgan", "--out", str(tmp_path / "x")]) == 2
