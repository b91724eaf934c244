"""The Python interface: train, load, resume and what a Run can do."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

import gansmith
from gansmith.errors import ConfigError, DataError, GansmithError, NonFiniteError, RunError
from gansmith.options import Options

EXAMPLE = f"{Path(__file__).parent.parent / 'examples' / 'my_gan.py'}:MyGAN"
TINY = {"hidden": [8], "batch_size": 8, "steps": 4, "device": "cpu"}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_public_names():
    assert set(gansmith.__all__) == {"Run", "__version__", "load", "resume", "train"}
    assert all(getattr(gansmith, name) is not None for name in gansmith.__all__)
    with pytest.raises(AttributeError, match="no attribute 'tarin'"):
        _ = gansmith.tarin


def test_train_gives_a_run_and_says_nothing(capsys):
    run = gansmith.train("gan", data="mnist", **TINY)
    assert capsys.readouterr() == ("", "")
    assert isinstance(run, gansmith.Run)
    assert run.path == Path("runs/gan-mnist-1") and run.step == 4
    assert run.outcome is not None and (run.outcome.step, run.outcome.signal) == (4, None)
    assert run.config.fields["hidden"] == (8,)


def test_samples(tiny_run):
    run = gansmith.load(tiny_run)
    drawn = run.sample(5)
    assert drawn.shape == (5, 1, 28, 28) and drawn.dtype == torch.float32
    assert drawn.abs().max() <= 1
    assert drawn.equal(run.sample(5)), "the same every time"
    assert drawn.equal(run.sample(70)[:5]), "however many are drawn"
    assert not drawn.equal(run.sample(5, seed=1))
    assert not drawn.equal(run.sample(5, raw_weights=True))
    step, chunks = run.draw(300)
    assert step == 4 and [len(chunk) for chunk in chunks] == [64, 64, 64, 64, 44]
    for number in (0, -1):
        with pytest.raises(ConfigError, match="at least 1"):
            run.sample(number)


def test_sampling_leaves_the_run_and_the_random_numbers_alone(tiny_run):
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    before = {path: path.stat().st_mtime_ns for path in tiny_run.rglob("*")}
    gansmith.load(tiny_run).sample(2)
    assert torch.rand(1).equal(expected)
    assert {path: path.stat().st_mtime_ns for path in tiny_run.rglob("*")} == before


def test_metrics_are_columns(tiny_run):
    metrics = gansmith.load(tiny_run).metrics
    assert metrics["step"].tolist() == [1, 2, 3, 4]
    losses = metrics["generator/loss"]
    assert losses.shape == (4,) and losses.dtype == np.float64 and np.isfinite(losses).all()


def test_load_gives_what_train_gave(tiny_run):
    run = gansmith.train("gan", run="a", **TINY)
    loaded = gansmith.load("a")
    assert loaded.config == run.config and loaded.outcome is None
    assert loaded.sample(2).equal(run.sample(2))


def test_resume_as_if_it_had_never_stopped(tiny_run):
    run = gansmith.load(tiny_run)
    resumed = run.resume(steps=6)
    assert (resumed.step, run.step) == (6, 6), "a Run looks at its directory"
    whole = gansmith.train("gan", run="whole", **{**TINY, "steps": 6})
    assert whole.sample(3).equal(resumed.sample(3))
    assert gansmith.resume(str(tiny_run), steps=7).step == 7
    for steps, words in ((3, "planned end, step 7"), (0, "above 0"), ("9", "a whole number")):
        with pytest.raises(ConfigError, match=words):
            gansmith.resume(tiny_run, steps=steps)  # pyright: ignore[reportArgumentType]


def test_options_as_an_object_by_name_or_both():
    options = Options(steps=3, seed=5, run=Path("a"))
    run = gansmith.train("gan", options=options, steps=2, hidden=(8,), batch_size=8)
    assert (run.step, run.config.training.seed, run.path) == (2, 5, Path("a"))


def test_paths_and_numbers_of_other_libraries():
    run = gansmith.train(
        "gan",
        run=Path("a"),
        steps=np.int64(1),
        seed=np.int32(3),
        hidden=[np.int64(8)],
        learning_rate=np.float32(0.25),
        batch_size=8,
    )
    raw = json.loads((run.path / "config.json").read_text())
    assert (raw["training"]["seed"], raw["fields"]["learning_rate"]) == (3, 0.25)


def test_names_go_before_the_configuration(tiny_run):
    config = tiny_run / "config.json"
    run = gansmith.train("gan", config=str(config), run="a", steps=2, seed=0, z_dim=3)
    assert (run.step, run.config.fields["z_dim"], run.config.fields["hidden"]) == (2, 3, (8,))
    expected = dataclasses.replace(gansmith.load(tiny_run).config.training, steps=2)
    assert run.config.training == expected
    timed = gansmith.train("gan", config=config, run="b", minutes=0.0005, preset="lecture")
    assert timed.config.training.steps is None and timed.config.preset == "lecture"
    assert (timed.config.fields["learning_rate"], timed.config.fields["hidden"]) == (0.01, (8,))


def test_a_default_by_name_goes_before_the_configuration():
    Path("some.json").write_text('{"seed": 3}')
    run = gansmith.train("gan", config="some.json", seed=0, **TINY)
    assert run.config.training.seed == 0


def test_a_method_in_a_file():
    run = gansmith.train(EXAMPLE, steps=1, batch_size=2, precision="fp32")
    assert run.sample(2).shape == (2, 1, 28, 28)
    assert run.resume(steps=2).step == 2
    with pytest.raises(ConfigError, match="--method FILE"):
        gansmith.load(run.path).sample(1)
    assert gansmith.load(run.path, EXAMPLE).sample(1).shape == (1, 1, 28, 28)


REFUSED = {
    "unknown option": ({"stepz": 3}, ConfigError, "has no 'stepz'. Did you mean steps"),
    "unknown field": ({"hiden": 3}, ConfigError, "Did you mean hidden"),
    "text for a number": ({"steps": "4"}, ConfigError, "expected a whole number"),
    "a fraction of a step": ({"steps": 4.5}, ConfigError, "expected a whole number"),
    "precision": ({"precision": "fp16"}, ConfigError, "expected auto or fp32 or bf16"),
    "device": ({"device": "gpu"}, ConfigError, "expected auto or cpu or cuda or mps"),
    "one beta": ({"betas": 0.5}, ConfigError, "expected a list of values"),
    "beta": ({"betas": (0.5, 1.0)}, ConfigError, "cannot be built"),
    "choice": ({"prior": "unifrom"}, ConfigError, "expected normal or uniform"),
    "both ends": ({"steps": 3, "minutes": 1}, ConfigError, "not both"),
    "data": ({"data": "mnsit"}, DataError, "Did you mean mnist"),
    "data of no kind": ({"data": 3}, ConfigError, "--data 3: expected text"),
    "size": ({"data": "8gaussians", "size": 3}, DataError, "points"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_done_is_refused_and_nothing_written(what, tmp_path):
    given, error, words = REFUSED[what]
    with pytest.raises(error) as refusal:
        gansmith.train("gan", **given)
    assert words in str(refusal.value) and isinstance(refusal.value, GansmithError)
    assert not list(tmp_path.iterdir())


def test_no_run():
    with pytest.raises(RunError, match="is no run"):
        gansmith.load("nowhere")
    with pytest.raises(RunError, match="is no run"):
        gansmith.resume("nowhere")


def test_a_term_that_is_not_finite():
    with pytest.raises(NonFiniteError, match="phase 'generator', term 'adversarial'"):
        gansmith.train("gan", learning_rate=1e30, run="a", **TINY)
    assert gansmith.load("a").sample(1).isfinite().all()
