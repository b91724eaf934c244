"""Measuring while training: at the right steps, without disturbing, with the best weights kept."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import linalg
from tests.contract.test_processes import in_two_processes

import gansmith
from gansmith import evaluating
from gansmith.batch import DataSet
from gansmith.data import open_data
from gansmith.data.points import MODES
from gansmith.display import SilentDisplay
from gansmith.errors import ConfigError
from gansmith.metrics import judge as judges
from gansmith.metrics import made
from gansmith.metrics import quick as quickly
from gansmith.metrics.given import Given, Samples
from gansmith.metrics.measurement import Measurement
from gansmith.metrics.parts import PARTS
from gansmith.metrics.quick import Quick, deciding
from gansmith.run.evaluations import Evaluated, read_evaluations
from gansmith.run.log import seconds_at
from gansmith.training import loop

SMALL = {"hidden": (8,), "batch_size": 8, "device": "cpu", "sample_every": 1000}
FEW = 80


class FakeJudge:
    """Hands the samples on."""

    features = None

    def given(self, x: torch.Tensor, *more: object, **method: object) -> torch.Tensor:
        return x

    def learned(self, data: object) -> None:
        return None


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few samples, and features that need no training."""
    monkeypatch.setattr(evaluating, "IMAGES", FEW)
    monkeypatch.setattr(evaluating, "POINTS", FEW)
    monkeypatch.setattr(judges, "MOST", FEW)
    monkeypatch.setattr(judges, "choose", lambda data: "random")


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[int, float]], list[int]]:
    """Makes the figure of each step a given one; gives a list of the steps that were measured."""

    def use(values: dict[int, float]) -> list[int]:
        steps: list[int] = []

        def evaluated(moment, judge, measures):
            steps.append(moment.state.step)
            return real(moment, judge, measures)

        def measured(given: torch.Tensor, measures: Sequence[str]) -> Quick:
            value = values[steps[-1]]
            one = Measurement(
                key="d", name="Distance", value=value, better="lower", n=FEW, n_reference=0
            )
            noise = np.random.default_rng(steps[-1]).normal(0, 0.1, PARTS)
            return Quick([one], one, tuple(value + noise))

        real = evaluating.evaluated
        monkeypatch.setattr(evaluating, "evaluated", evaluated)
        monkeypatch.setattr(evaluating, "quick", measured)
        monkeypatch.setattr(evaluating, "make_judge", lambda data, blind: FakeJudge())
        return steps

    return use


@pytest.fixture
def failing(figures, monkeypatch: pytest.MonkeyPatch) -> dict[int, BaseException]:
    """What goes wrong at which step; after the figures were given."""
    wrong: dict[int, BaseException] = {}

    def given(self, x, *more, **method):
        if error := wrong.get(self.step):
            raise error
        return x

    def evaluated(moment, judge, measures):
        judge.step = moment.state.step
        return real(moment, judge, measures)

    monkeypatch.setattr(FakeJudge, "given", given)
    figures(VALUES)
    real = evaluating.evaluated
    monkeypatch.setattr(evaluating, "evaluated", evaluated)
    return wrong


class Said(SilentDisplay):
    """Keeps what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


VALUES = {2: 3.0, 4: 1.5, 6: 2.0, 8: 1.0, 10: 4.0}


def train(run: Path, steps: int, every: int | None = 2, **more) -> gansmith.Run:
    options = {"data": "8gaussians", **SMALL, **more}
    return gansmith.train("gan", run=run, steps=steps, evaluate_every=every, **options)


def weights(run: gansmith.Run, name: str) -> bytes:
    return (run.directory.checkpoints / name / "networks.safetensors").read_bytes()


class TestSteps:
    def test_every_so_many_and_at_the_end(self, tmp_path, figures):
        steps = figures(dict.fromkeys(range(10), 1.0))
        run = train(tmp_path / "a", 7, every=3)
        assert steps == [3, 6, 7]
        lines = read_evaluations(run.directory.evaluations)
        assert [line.step for line in lines] == steps
        assert (lines[0].n, lines[0].seed) == (FEW, evaluating.SEED)

    def test_off_without_the_flag(self, tmp_path, figures):
        assert figures({}) == []
        run = train(tmp_path / "a", 3, every=None)
        assert not run.directory.evaluations.exists() and run.best is None

    def test_none_or_less_than_one_is_refused(self, tmp_path):
        with pytest.raises(ConfigError, match="--evaluate-every 0: give a number above 0"):
            train(tmp_path / "a", 3, every=0)

    def test_nothing_of_training_changes(self, tmp_path):
        plain = train(tmp_path / "a", 5, None, data="mnist", checkpoint_every=2)
        measured = train(tmp_path / "b", 5, 2, data="mnist", checkpoint_every=2)
        assert measured.directory.metrics.read_bytes() == plain.directory.metrics.read_bytes()
        for name in ("000000004", "000000005"):
            assert weights(measured, name) == weights(plain, name)


class TestBest:
    def test_it_is_replaced_by_a_better_one_and_stays_while_none_comes(self, tmp_path, figures):
        figures({2: 3.0, 4: 1.0, 6: 2.0, 7: float("nan")})
        run = train(tmp_path / "a", 7, checkpoint_every=2)
        assert run.checkpoints.step_of("best") == 4
        assert weights(run, "best") == weights(run, "000000004")
        assert run.restored("best")[1].step == 4
        assert run.draw(2, checkpoint="best")[0] == 4 and run.draw(2, checkpoint="6")[0] == 6
        best, four = run.sample(2, checkpoint="best"), run.sample(2, checkpoint="4")
        assert best.equal(four) and not best.equal(run.sample(2))

    def test_where_the_measure_says_higher_it_is_the_highest(self, tmp_path, figures, monkeypatch):
        figures({2: 3.0, 4: 1.0})
        measured = evaluating.quick
        monkeypatch.setattr(evaluating, "quick", lambda *given: turned(measured(*given)))
        assert train(tmp_path / "a", 4).checkpoints.step_of("best") == 2

    def test_samples_that_are_not_finite_have_no_figure(self, tmp_path, figures, monkeypatch):
        figures({2: 1.0, 4: 0.0, 6: 0.5})
        drawn = made.all_samples

        def broken(method, nets, spec, n, seed):
            x = drawn(method, nets, spec, n, seed)
            return x * float("inf") if len(steps) == 2 else x

        steps: list[int] = []
        evaluate = evaluating.evaluated
        monkeypatch.setattr(made, "all_samples", broken)
        monkeypatch.setattr(
            evaluating, "evaluated", lambda *given: (steps.append(1), evaluate(*given))[1]
        )
        run = train(tmp_path / "a", 6)
        assert [line.value for line in read_evaluations(run.directory.evaluations)] == [
            1.0,
            None,
            0.5,
        ]
        assert run.checkpoints.step_of("best") == 6

    def test_images_with_the_real_measures(self, tmp_path):
        run = train(tmp_path / "a", 4, data="mnist")
        lines = read_evaluations(run.directory.evaluations)
        assert [(line.key, line.better, len(line.parts)) for line in lines] == [
            ("frechet", "lower", PARTS)
        ] * 2
        assert lines[0].features.startswith("random ") and len(lines[0].features_sha256) == 64
        kept = min(lines, key=lambda line: line.value or 0.0)
        assert run.checkpoints.step_of("best") == kept.step
        features = judges.make_features("random", run_data())
        held_out = run_data().held_out()
        assert held_out is not None
        method, state = run.restored("best")
        x = made.all_samples(method, state.averaged, run.config.spec, FEW, evaluating.SEED)
        rows = judges.some_rows(len(held_out.x), FEW)
        expected = distance(features(x)[0], features(held_out.x[rows])[0])
        assert kept.value == pytest.approx(expected, rel=1e-4)  # of sums of few, badly conditioned


def run_data():
    return open_data("mnist")


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """The Fréchet distance by scipy's root of a matrix."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    one, other = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    eps = 1e-9 * np.eye(len(one))
    root = np.real(linalg.sqrtm((one + eps) @ (other + eps)))
    return float(np.square(a.mean(0) - b.mean(0)).sum() + np.trace(one + other - 2 * root))


def turned(found: Quick) -> Quick:
    import dataclasses

    assert found.figure is not None
    one = dataclasses.replace(found.figure, better="higher")
    return Quick([one], one, found.parts)


class TestFailing:
    """What goes wrong while measuring costs figures, not the run."""

    def test_training_goes_on_and_it_is_said_once(self, tmp_path, failing):
        failing |= {4: np.linalg.LinAlgError("no convergence.\nNone"), 8: np.linalg.LinAlgError()}
        said = Said()
        run = train(tmp_path / "a", 10, display=said)
        assert run.step == 10 and run.checkpoints.step_of("best") == 6
        lines = read_evaluations(run.directory.evaluations)
        assert [(line.step, line.value) for line in lines] == [
            (2, 3.0), (4, None), (6, 2.0), (8, None), (10, 4.0)]  # fmt: skip
        assert [line.error for line in lines if line.error] == [
            "LinAlgError: no convergence. None", "LinAlgError"]  # fmt: skip
        told = [line for line in said.lines if "was not measured" in line]
        assert len(told) == 1 and told[0].startswith(
            "Step 4 was not measured: LinAlgError: no convergence. None."
        )

    def test_a_last_step_without_a_figure_is_not_called_worse(self, tmp_path, failing):
        failing[4] = ValueError("no")
        best = train(tmp_path / "a", 4).best
        assert best is not None and (best.verdict, best.last_step) == ("once", 2)

    def test_one_held_out_image(self, tmp_path, monkeypatch):
        monkeypatch.setattr(judges, "MOST", 1)
        run = train(tmp_path / "a", 2, data="mnist")
        (line,) = read_evaluations(run.directory.evaluations)
        assert run.step == 2 and line.values == {} and run.best is None

    def test_a_full_disk_leaves_no_half_lines(self, tmp_path, figures, monkeypatch):
        steps, sync = figures(VALUES), os.fsync
        file = tmp_path / "a" / "evaluations.jsonl"

        def full(descriptor: int) -> None:
            if steps[-1:] == [4] and os.fstat(descriptor).st_ino == file.stat().st_ino:
                raise OSError(errno.ENOSPC, "No space left on device")
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", full)
        run = train(tmp_path / "a", 6)
        lines = read_evaluations(run.directory.evaluations)
        assert [(line.step, line.value) for line in lines] == [(2, 3.0), (6, 2.0)]

    @pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
    def test_who_stops_it_is_heard(self, tmp_path, failing, stop):
        failing[2] = stop()
        with pytest.raises(stop):
            train(tmp_path / "a", 4)


def test_its_time_is_not_that_of_training(tmp_path, figures, monkeypatch):
    clock = iter(range(10**6))
    now = [0.0]
    monkeypatch.setattr(loop.time, "perf_counter", lambda: now[0] + 1e-3 * next(clock))
    figures(dict.fromkeys(range(20), 1.0))
    evaluate = evaluating.evaluated

    def slow(*given):
        now[0] += 1000.0
        return evaluate(*given)

    monkeypatch.setattr(evaluating, "evaluated", slow)
    run = train(tmp_path / "a", 9)
    assert 0 < seconds_at(run.directory.timing, 9) < 1, "five times 1,000 seconds do not count"


class TestResume:
    @pytest.fixture
    def whole(self, tmp_path, figures) -> gansmith.Run:
        figures(VALUES)
        return train(tmp_path / "whole", 10, checkpoint_every=4)

    def same(self, run: gansmith.Run, whole: gansmith.Run) -> None:
        for name in ("metrics.jsonl", "evaluations.jsonl"):
            assert (run.path / name).read_bytes() == (whole.path / name).read_bytes(), name
        assert weights(run, "best") == weights(whole, "best")
        assert run.checkpoints.step_of("best") == 8

    def test_six_and_four_steps_are_ten(self, tmp_path, whole):
        half = train(tmp_path / "half", 6, checkpoint_every=4)
        assert half.checkpoints.step_of("best") == 4
        self.same(half.resume(steps=10), whole)

    def test_a_best_one_after_the_step_resumed_from_is_found_again(self, tmp_path, whole):
        run = gansmith.load(shutil.copytree(whole.path, tmp_path / "killed"))
        for step in (8, 10):  # as if it was killed between steps 8 and 10, before saving 8
            shutil.rmtree(run.checkpoints.path(step))
        assert run.step == 4 and run.checkpoints.step_of("best") == 8
        self.same(run.resume(steps=10), whole)

    def test_until_then_the_best_one_that_is_there_counts(self, tmp_path, whole):
        run = gansmith.load(shutil.copytree(whole.path, tmp_path / "killed"))
        for step in (8, 10):
            shutil.rmtree(run.checkpoints.path(step))
        run.resume(steps=6)
        assert run.checkpoints.step_of("best") == 4
        assert weights(run, "best") == weights(run, "000000004")

    @pytest.mark.parametrize("lost", ["line", "weights", "both"])
    def test_killed_between_the_checkpoint_and_what_belongs_to_it(self, tmp_path, whole, lost):
        run = gansmith.load(shutil.copytree(whole.path, tmp_path / "killed"))
        shutil.rmtree(run.checkpoints.path(10))
        if lost != "line":
            shutil.rmtree(run.directory.checkpoints / "best")
            shutil.copytree(run.checkpoints.path(4), run.directory.checkpoints / "best")
        if lost != "weights":
            lines = run.directory.evaluations.read_text().splitlines(keepends=True)
            run.directory.evaluations.write_text("".join(lines[:3]))
        assert run.step == 8
        self.same(run.resume(steps=10), whole)

    def test_other_features_begin_anew(self, whole, monkeypatch):
        path = whole.directory.evaluations
        kept = weights(whole, "best")
        path.write_text(path.read_text().replace('"features_sha256": ""', '"features_sha256": "x"'))
        monkeypatch.setitem(VALUES, 12, 5.0)
        said = Said()
        whole.resume(steps=12, display=said)
        assert whole.checkpoints.step_of("best") == 12, "1.0 through other features is no rival"
        before = whole.directory.checkpoints / "best-before-000000008"
        assert (before / "networks.safetensors").read_bytes() == kept, "no weights are lost"
        assert any("begins anew" in line and str(before) in line for line in said.lines)

    def test_a_step_that_could_not_be_measured_is_measured_then(self, tmp_path, figures, failing):
        figures(VALUES)
        failing[4] = ValueError("no")
        run = train(tmp_path / "a", 4)
        assert run.checkpoints.step_of("best") == 2 and run.best is not None
        failing.clear()
        run.resume(steps=6)
        told = [(line.step, line.value) for line in read_evaluations(run.directory.evaluations)]
        assert told == [(2, 3.0), (4, None), (4, 1.5), (6, 2.0)]
        assert run.checkpoints.step_of("best") == 4


def test_two_processes_measure_once_and_train_the_same(tmp_path):
    script = Path(__file__).parent / "contract" / "evaluate_in_two_processes.py"
    in_two_processes([str(script)], tmp_path)
    plain, measured = tmp_path / "plain", tmp_path / "measured"
    log = (measured / "metrics.jsonl").read_bytes()
    assert log.startswith((plain / "metrics.jsonl").read_bytes()) and log.count(b"\n") == 12
    steps = [line.step for line in read_evaluations(measured / "evaluations.jsonl")]
    assert steps == [3, 6, 9, 10, 12]
    assert (measured / "checkpoints" / "best" / "buffers-1.safetensors").is_file()


class TestDeciding:
    def one(self, key: str, better: str = "lower") -> Measurement:
        return Measurement(key=key, name=key, value=1.0, better=better, n=1, n_reference=1)  # pyright: ignore

    def test_the_preferred_one_else_the_first_that_says_what_is_better(self):
        one = self.one
        found = [one("spread", "neither"), one("coverage", "higher"), one("js")]
        assert deciding([*found, one("frechet")]) == one("frechet")
        assert deciding(found) == one("js")
        assert deciding(found[:2]) == one("coverage", "higher")
        assert deciding(found[:1]) is None and deciding([]) is None

    def test_parts_are_measured_from_their_own_samples_alone(self, monkeypatch):
        x = torch.arange(16.0).reshape(16, 1)
        y, features = torch.arange(16), np.arange(16.0).reshape(16, 1)
        given = Given(Samples(x, y, features), Samples(x), "training", Samples(x))

        def measured(given, wanted, cheap=False):
            whole = given.generated
            means = [float(some.mean()) for some in (whole.x, whole.y.float(), whole.features)]
            assert means[0] == means[1] == means[2]
            value = self.one("d")
            return quickly_measured([value.__class__(**{**vars(value), "value": means[0]})])

        monkeypatch.setattr(quickly, "measure", measured)
        monkeypatch.setattr(quickly, "MEASURES", {"d": None})
        found = quickly.quick(given)
        assert found.figure is not None and found.figure.value == 7.5
        assert found.parts == (0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 12.5, 14.5)

    @pytest.mark.parametrize("shape", [(2,), (1, 12, 12)])
    def test_what_decides_is_what_a_measure_gives(self, shape):
        given = noise_of(shape)
        keys = {one.key for one in quickly.measure(given).measurements}
        known = {(2,): {"js", "w1"}, (1, 12, 12): {"frechet", "sliced"}}
        assert keys & set(quickly.PREFERRED) == known[shape]

    def test_of_points_with_all_modes_the_shape_decides(self):
        data = open_data("8gaussians")
        good, bad = (
            quickly.quick(judges.make_judge(data).given(wide(data, deviations)))
            for deviations in (1.0, 2.5)
        )
        modes = [
            {one.key: one.value for one in found.measurements}["modes"] for found in (good, bad)
        ]
        assert modes == [8.0, 8.0]
        assert good.figure is not None and bad.figure is not None
        assert good.figure.key == bad.figure.key == "js"
        assert good.figure.value < bad.figure.value and len(good.parts) == PARTS


def noise_of(shape: tuple[int, ...]) -> Given:
    random = torch.Generator().manual_seed(0)
    some = [torch.rand((48, *shape), generator=random) for _ in range(3)]
    images = len(shape) == 3
    features = [x.reshape(48, -1).numpy()[:, :4] if images else None for x in some]
    made, real, train = (Samples(x, None, f) for x, f in zip(some, features, strict=True))
    return Given(made, real, "held-out", train)


def wide(data: DataSet, deviations: float) -> torch.Tensor:
    """Points around all modes, with so many times their standard deviation."""
    centres, deviation = MODES[data.spec.name]
    random = torch.Generator().manual_seed(1)
    noise = torch.randn((960, 2), generator=random)
    return centres[torch.arange(960) % len(centres)] + deviations * deviation * noise


def quickly_measured(measurements):
    from gansmith.metrics.measuring import Measured

    return Measured(measurements, {})


class TestWords:
    """What train, resume and show say."""

    ARGUMENTS = ("train", "gan", "--data", "8gaussians", "--hidden", 8, "--batch-size", 8,
                 "--device", "cpu", "--evaluate-every", 2)  # fmt: skip

    def words(self, command, figures, tmp_path, values: dict[int, float]) -> tuple[str, dict]:
        figures(values)
        arguments = (*self.ARGUMENTS, "--steps", max(values), "--run", tmp_path / "a")
        code, out, _ = command(*arguments)
        assert code == 0
        told = json.loads(command("show", tmp_path / "a", "--json")[1])["best"]
        assert told["words"] in out.splitlines()
        assert told["words"][:20] in command("show", tmp_path / "a")[1]
        return told["words"], told

    def test_worse(self, command, figures, tmp_path):
        values = {2: 3.0, 4: 1.25, 6: 2.0, 8: 4.0}
        words, told = self.words(command, figures, tmp_path, values)
        assert words.startswith("Best at step 4 of 8 (Distance 1.25, n = 80); the last step has 4,")
        assert words.endswith("made it worse: sample with --checkpoint best.")
        assert (told["verdict"], told["since"], told["last_value"]) == ("worse", 4, 4.0)
        assert 0 < told["share_after"] < 1 and told["seconds_after"] > 0
        assert f"{100 * told['share_after']:.0f} % of the time" in words

    def test_improving(self, command, figures, tmp_path):
        words, told = self.words(command, figures, tmp_path, {2: 9.0, 4: 6.0, 6: 4.0, 8: 2.0})
        assert words.startswith("Best at the last step, 8 (Distance 2, n = 80). It still became")
        assert words.endswith(f"train longer, gansmith resume {tmp_path / 'a'} --steps 16.")
        assert (told["verdict"], told["since"]) == ("improving", None)

    def test_about_as_good(self, command, figures, tmp_path):
        values = {2: 9.0, 4: 2.01, 6: 2.0, 8: 2.02}
        words, told = self.words(command, figures, tmp_path, values)
        assert "; the last step, with 2.02, is about as good, and step 4 was so already" in words
        assert words.endswith("gained nothing that 80 samples can show.")
        assert (told["verdict"], told["since"]) == ("level", 4)

    def test_once(self, command, figures, tmp_path):
        words, told = self.words(command, figures, tmp_path, {1: 2.0})
        assert words.startswith("Measured only once, at step 1 (") and told["since"] is None

    def test_features_are_named(self, tmp_path):
        from gansmith.best import best
        from gansmith.run.directory import RunDirectory

        directory = RunDirectory(tmp_path)
        line = {"key": "f", "name": "Fréchet distance (classifier features)", "better": "lower"}
        for step, value in ((1500, 12.34), (5000, 21.0)):
            Evaluated(
                step=step, n=1000, features="classifier 3f2a91c0", values={"f": value}, **line
            ).append_to(directory.evaluations)
        (tmp_path / "checkpoints" / "best").mkdir(parents=True)
        (tmp_path / "checkpoints" / "best" / "manifest.json").write_text('{"step": 1500}')
        directory.timing.write_text('{"step": 5000, "seconds": 343}\n')
        found = best(directory)
        assert found is not None and found.words == (
            "Best at step 1,500 of 5,000 (Fréchet distance 12.34, n = 1,000, classifier features "
            "3f2a91c0); the last step has 21, so the last 70 % of the time (4 min 00 s) made it "
            "worse: sample with --checkpoint best."
        )

    def test_sample_draws_from_it(self, command, figures, tmp_path):
        self.words(command, figures, tmp_path, {2: 3.0, 4: 1.25, 6: 2.0})
        for which, step in (("best", 4), ("latest", 6), ("0", 0)):
            arguments = ("sample", tmp_path / "a", "--n", 2, "--checkpoint", which, "--json")
            told = json.loads(command(*arguments)[1])
            assert told["step"] == step
            assert ("-best" in told["out"]) == (which == "best")
        code, _, err = command("sample", tmp_path / "a", "--checkpoint", "3")
        assert code == 2 and "no checkpoint '3'" in err
