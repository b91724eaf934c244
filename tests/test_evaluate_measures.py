"""Which measures are computed while training: the chosen ones, or a refusal before it begins."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
import torch

import gansmith
from gansmith import evaluating
from gansmith.checks import check_measures
from gansmith.data import open_data
from gansmith.errors import ConfigError
from gansmith.methods.gan import GAN
from gansmith.methods.vae import VAE
from gansmith.metrics import MEASURES
from gansmith.metrics import judge as judges
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.images import bound
from gansmith.metrics.images.searching import SHORT, reconstructed
from gansmith.metrics.measuring import needing_features
from gansmith.metrics.parts import PARTS, means_of_parts
from gansmith.metrics.quick import quick
from gansmith.options import Options
from gansmith.run.evaluations import read_evaluations
from gansmith.training.sampling import latent_generator

SMALL = {"hidden": (8,), "batch_size": 8, "device": "cpu", "sample_every": 1000, "steps": 4}
FEW = 80


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few samples, and features that need no training."""
    monkeypatch.setattr(evaluating, "IMAGES", FEW)
    monkeypatch.setattr(evaluating, "POINTS", FEW)
    monkeypatch.setattr(judges, "MOST", FEW)
    monkeypatch.setattr(judges, "choose", lambda data: "random")


def train(run: Path, *measures: str, method: str = "gan", **more) -> gansmith.Run:
    given = {**SMALL, "evaluate_every": 2, "evaluate_measures": measures, **more}
    return gansmith.train(method, run=run, **given)


def test_the_reconstruction_of_held_out_images_as_it_trains(tmp_path):
    run = train(tmp_path / "a", "reconstruction_short")
    lines = read_evaluations(run.directory.evaluations)
    assert [line.step for line in lines] == [2, 4] and not any(line.error for line in lines)
    assert all(list(line.values) == ["reconstruction_short"] for line in lines)
    last = lines[-1]
    assert (last.key, last.better, last.features) == ("reconstruction_short", "lower", "")
    method, state = run.restored()
    generator = latent_generator(method, state.averaged)
    assert generator is not None
    judge = judges.make_judge(open_data("mnist"), blind=True)
    assert judge.features is None and judge.held_out is not None
    rows = torch.from_numpy(permuted(len(judge.held_out))[:32])
    x = judge.held_out.x[rows]
    _, errors = reconstructed(generator, method.z_dim, x, evaluating.SEED, SHORT)
    assert last.value == pytest.approx(float(errors.mean()), rel=1e-4)
    assert last.parts == pytest.approx(errors.view(PARTS, -1).mean(1).tolist(), rel=1e-4)
    assert run.checkpoints.step_of("best") == min(lines, key=lambda one: one.value or 0.0).step


def permuted(count: int):
    import numpy as np

    return np.random.default_rng(evaluating.SEED).permutation(count)


def test_the_preferred_one_decides_else_the_first_that_was_named(tmp_path):
    for number, (measures, key) in enumerate((
        (("reconstruction_short", "sliced"), "sliced"),
        (("checkerboard", "reconstruction_short", "ms_ssim"), "reconstruction_short"),
    )):  # fmt: skip
        run = train(tmp_path / str(number), *measures, steps=2)
        (line,) = read_evaluations(run.directory.evaluations)
        assert line.key == key


def test_resume_goes_on_with_the_same_measures(tmp_path):
    run = train(tmp_path / "a", "sliced")
    assert json.loads(run.directory.config.read_text())["training"]["evaluate_measures"] == [
        "sliced"
    ]
    gansmith.load(run.path).resume(steps=6)
    lines = read_evaluations(run.directory.evaluations)
    assert [(line.step, list(line.values)) for line in lines] == [
        (step, ["sliced"]) for step in (2, 4, 6)
    ]


def test_features_are_made_only_for_measures_that_need_them(tmp_path, monkeypatch):
    def refused(*given: object) -> None:
        raise AssertionError("no features are needed")

    monkeypatch.setattr(judges, "make_features", refused)
    train(tmp_path / "a", "sliced", "checkerboard", steps=2)
    assert needing_features(["sliced", "frechet"]) and needing_features(["score"])
    assert not needing_features(["sliced", "reconstruction_short"])


@pytest.mark.parametrize(
    ("measures", "more", "words"),
    [
        (("frechett",), {}, "There is no measure 'frechett'.*frechet"),
        (("modes",), {}, "--evaluate-measures modes cannot be computed: it is a measure of points"),
        (("sliced",), {"data": "8gaussians"}, "it is a measure of images, and these are points"),
        (("bound",), {}, "bound cannot be computed: the method bounds no likelihood"),
        (("transfer",), {}, "transfer cannot be computed: the method does not generate by class"),
        (("modes",), {"data": "swissroll"}, "the true modes of this data are not known"),
        (("sliced",), {"evaluate_every": None}, "say how often, too, with --evaluate-every N"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_is_written(
    tmp_path, measures, more, words
):
    with pytest.raises(ConfigError, match=words):
        train(tmp_path / "a", *measures, **more)
    assert not (tmp_path / "a").exists()


def test_every_measure_that_is_let_through_is_computed(tmp_path):
    """What is checked before training agrees with what is there when it is measured."""
    fitting = [name for name, one in MEASURES.items() if one.kind == "points"]
    run = train(tmp_path / "a", *fitting, data="8gaussians", steps=2)
    (line,) = read_evaluations(run.directory.evaluations)
    assert line.key == "js" and {"modes", "w1", "js"} <= set(line.values)


def test_a_bound_on_the_likelihood_as_it_trains(tmp_path, monkeypatch):
    """Its noise is that of the held-out images: no sample has a part in it."""
    calls = []
    real = bound.bounds
    monkeypatch.setattr(bound, "WEIGHTS", 2)
    monkeypatch.setattr(bound, "bounds", lambda *a: calls.append(a) or real(*a))
    run = train(tmp_path / "a", "bound", method="vae", z_dim=2, steps=2)
    (line,) = read_evaluations(run.directory.evaluations)
    assert not line.error and set(line.values) == {"elbo", "iw_bound", "active_units"}
    assert (line.key, line.better, len(calls)) == ("elbo", "higher", 1)
    parts = [one for one in line.parts if one is not None]
    assert len(parts) == PARTS and sum(parts) / PARTS == pytest.approx(line.value, rel=1e-4)


@pytest.mark.parametrize("method", [VAE(), GAN()], ids=["vae", "gan"])
def test_every_need_of_every_measure_is_known_before_training(method):
    """Each measure is let through or refused with its own words, whatever the data is."""
    for data in ("mnist", "8gaussians"):
        for measure in MEASURES:
            options = Options(data=data, evaluate_every=1, evaluate_measures=(measure,))
            with suppress(ConfigError):
                check_measures(method, options, open_data(data))


def test_parts_of_few_and_of_many():
    assert means_of_parts([1.0, 2.0, 3.0]) == [1.0, 2.0, 3.0]
    assert means_of_parts(list(range(16))) == [0.5 + 2 * i for i in range(8)]
    assert len(means_of_parts([0.0] * 15)) == PARTS


def test_from_the_command_line(command, tmp_path):
    arguments = ["train", "gan", "--hidden", 8, "--batch-size", 8, "--steps", 2, "--device", "cpu",
                 "--evaluate-every", 2, "--run", tmp_path / "a"]  # fmt: skip
    code, _, err = command(*arguments, "--evaluate-measures", "sliced", "nonsense")
    assert code == 2 and "There is no measure 'nonsense'" in err and not (tmp_path / "a").exists()
    assert command(*arguments, "--evaluate-measures", "sliced", "checkerboard")[0] == 0
    (line,) = read_evaluations(tmp_path / "a" / "evaluations.jsonl")
    assert line.key == "sliced"


def test_errors_of_single_images_tell_the_noise_and_nothing_is_searched_twice():
    calls = []

    def generator(z):
        calls.append(len(z))
        return z[:, :1, None, None].expand(-1, 1, 12, 12)

    x = torch.rand(48, 1, 12, 12, generator=torch.Generator().manual_seed(0))
    samples = Samples(x[:16]), Samples(x[16:]), "held-out", Samples(x)
    found = quick(Given(*samples, generator=generator, z_dim=2), ["reconstruction_short"])
    assert len(calls) == SHORT.steps + 1
    assert found.figure is not None and len(found.parts) == PARTS
    assert sum(found.parts) / PARTS == pytest.approx(found.figure.value)
