"""The command line from end to end: what each verb writes, prints and exits with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import gansmith
from gansmith.config import RunConfig
from gansmith.data_verbs import DATA_VERBS

EXAMPLE = Path(__file__).parent.parent / "examples" / "my_gan.py"
SMALL = ["--hidden", 8, "--batch-size", 8, "--steps", 4, "--device", "cpu"]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a working directory of its own."""
    monkeypatch.chdir(tmp_path)


def answered(command, *arguments: object) -> dict:
    """The one JSON object of a command that succeeds."""
    code, out, err = command(*arguments, "--json")
    assert code == 0, err
    assert err == "", "with --json nothing is said beside"
    return json.loads(out)


def metadata(path: Path) -> dict[str, str]:
    with Image.open(path) as picture:
        return dict(picture.info)


class TestTrain:
    def test_words_name_the_run_and_its_files(self, command):
        code, out, err = command("train", "gan", *SMALL)
        assert code == 0
        assert out.startswith("Trained to step 4 in ")
        for name in ("samples/000004.png", "samples.gif", "losses.png", "metrics.jsonl"):
            path = Path("runs/gan-mnist-1") / name
            assert path.is_file() and str(path) in out
        assert "gansmith sample runs/gan-mnist-1 --n 64" in out
        assert "step 4/4" in err and "generator" in err, "progress goes to standard error"

    def test_json(self, command):
        told = answered(command, "train", "gan", *SMALL, "--run", "a")
        assert (told["run"], told["step"], told["signal"]) == ("a", 4, None)
        assert all(Path(file).is_file() for file in told["files"].values())

    def test_runs_are_numbered(self, command):
        for number in (1, 2):
            told = answered(command, "train", "gan", *SMALL, "--data", "8gaussians")
            assert told["run"] == str(Path(f"runs/gan-8gaussians-{number}"))

    def test_an_empty_directory_may_be_given(self, command):
        Path("a").mkdir()
        assert answered(command, "train", "gan", *SMALL, "--run", "a")["step"] == 4

    def test_minutes(self, command):
        arguments = ["train", "gan", *SMALL[:4], "--minutes", 0.001, "--run", "a"]
        assert answered(command, *arguments)["step"] >= 1

    def test_a_folder_of_images_in_two_classes(self, command):
        for name, grey in (("cats", 40), ("dogs", 200)):
            Path("pictures", name).mkdir(parents=True)
            for number in range(5):
                image = Image.new("RGB", (20, 12), (grey, grey, 10 * number))
                image.save(Path("pictures", name, f"{number}.png"))
        arguments = ["train", "dcgan", "--width", 4, "--batch-size", 4, "--steps", 1]
        answered(command, *arguments, "--data", "pictures", "--size", 16, "--run", "a")
        spec = RunConfig.read(Path("a/config.json")).spec
        assert (spec.shape, spec.class_names) == ((3, 16, 16), ("cats", "dogs"))

    @pytest.mark.parametrize("flag", ["--batch-size", "--batch_size", "--batch-size="])
    def test_flags_have_underscores_and_equal_signs_too(self, command, flag):
        given = [f"{flag}3"] if flag.endswith("=") else [flag, 3]
        answered(command, "train", "gan", "--hidden", 8, "--steps", 1, "--run", "a", *given)
        assert RunConfig.read(Path("a/config.json")).fields["batch_size"] == 3

    def test_the_last_of_two_equal_flags_counts(self, command):
        data = ["--data", "8gaussians", "--data", "mnist"]
        answered(command, "train", "gan", *SMALL, "--steps", 1, *data, "--run", "a")
        config = RunConfig.read(Path("a/config.json"))
        assert (config.data, config.training.steps) == ("mnist", 1)
        assert config.fields["z_dim"] == 100, "and its defaults are those of images"


class TestPresetsAndConfigurations:
    def test_a_preset_and_a_flag_before_it(self, command):
        arguments = ["train", "gan", *SMALL, "--preset", "lecture", "--learning-rate", 0.5]
        answered(command, *arguments, "--run", "a")
        config = RunConfig.read(Path("a/config.json"))
        fields = config.fields
        assert config.preset == "lecture"
        assert (fields["activation"], fields["betas"]) == ("relu", (0.9, 0.999))
        assert (fields["learning_rate"], fields["hidden"]) == (0.5, (8,))

    def test_the_same_configuration_gives_the_same_run(self, command, tiny_run):
        answered(command, "train", "gan", "--config", tiny_run / "config.json", "--run", "b")
        assert RunConfig.read(Path("b/config.json")) == RunConfig.read(tiny_run / "config.json")
        for name in ("metrics.jsonl", "samples/000004.png"):
            mine, theirs = Path("b") / name, tiny_run / name
            if name.endswith("jsonl"):
                assert mine.read_bytes() == theirs.read_bytes()
            else:
                with Image.open(mine) as one, Image.open(theirs) as other:
                    assert one.tobytes() == other.tobytes()

    def test_flags_go_before_the_configuration(self, command, tiny_run):
        config = ["--config", tiny_run / "config.json"]
        flags = ["--seed", 3, "--minutes", 0.001, "--hidden", 4, 4, "--data", "8gaussians"]
        answered(command, "train", "gan", *config, *flags, "--run", "b")
        config = RunConfig.read(Path("b/config.json"))
        assert (config.training.seed, config.data) == (3, "8gaussians")
        assert (config.training.steps, config.training.minutes) == (None, 0.001)
        assert config.fields["hidden"] == (4, 4)
        assert config.fields["batch_size"] == 8, "what is not given comes from the file"
        assert config.training.checkpoint_every == 2

    def test_a_default_that_is_given_goes_before_the_configuration_too(self, command):
        Path("some.json").write_text('{"seed": 3, "fields": {"z_dim": 5}}')
        given = ["--seed", 0, "--z-dim", 100, "--config", "some.json"]
        answered(command, "train", "gan", *SMALL, *given, "--run", "b")
        config = RunConfig.read(Path("b/config.json"))
        assert (config.training.seed, config.fields["z_dim"]) == (0, 100)

    def test_a_preset_goes_before_the_configuration(self, command, tiny_run):
        given = ["--preset", "lecture", "--config", tiny_run / "config.json"]
        answered(command, "train", "gan", *given, "--run", "b")
        fields = RunConfig.read(Path("b/config.json")).fields
        assert (fields["learning_rate"], fields["hidden"]) == (0.01, (8,))


class TestResume:
    def test_as_if_it_had_never_stopped(self, command, tiny_run):
        told = answered(command, "resume", tiny_run, "--steps", 6)
        assert (told["step"], told["run"]) == (6, str(tiny_run))
        answered(command, "train", "gan", *SMALL[:4], "--steps", 6, "--run", "whole")
        whole, resumed = Path("whole/metrics.jsonl"), tiny_run / "metrics.jsonl"
        assert whole.read_bytes() == resumed.read_bytes()

    def test_another_version_of_torch_is_refused_until_it_is_allowed(self, command, tiny_run):
        path = tiny_run / "config.json"
        raw = json.loads(path.read_text())
        path.write_text(json.dumps({**raw, "environment": {**raw["environment"], "torch": "0.1"}}))
        code, out, _ = command("resume", tiny_run, "--steps", 6, "--json")
        told = json.loads(out)
        assert (code, told["error"]) == (2, "InexactResumeError")
        assert "torch: 0.1 then" in told["message"] and "--allow-inexact" in told["message"]
        assert answered(command, "resume", tiny_run, "--steps", 6, "--allow-inexact")["step"] == 6

    def test_a_hyperparameter_that_is_newer_than_the_run_is_told(self, command, tiny_run):
        path = tiny_run / "config.json"
        raw = json.loads(path.read_text())
        del raw["fields"]["learning_rate"]
        path.write_text(json.dumps(raw))
        code, out, _ = command("resume", tiny_run, "--steps", 6, "--json")
        told = json.loads(out)
        assert (code, told["error"]) == (2, "InexactResumeError")
        assert "gan: has --learning-rate 0.0002, which the run began without" in told["message"]
        answered(command, "resume", tiny_run, "--steps", 6, "--allow-inexact")
        assert json.loads(path.read_text())["fields"]["learning_rate"] == 0.0002

    def test_a_run_of_a_device_that_is_not_here_goes_on_elsewhere_once_allowed(
        self, command, tiny_run, monkeypatch
    ):
        monkeypatch.setattr("torch.cuda.is_available", lambda: False)
        path = tiny_run / "config.json"
        raw = json.loads(path.read_text())
        path.write_text(json.dumps({**raw, "training": {**raw["training"], "device": "cuda"}}))
        code, out, _ = command("resume", tiny_run, "--steps", 6, "--json")
        assert code == 2 and "--allow-inexact" in json.loads(out)["message"]
        assert answered(command, "resume", tiny_run, "--steps", 6, "--allow-inexact")["step"] == 6
        assert json.loads(path.read_text())["training"]["device"] != "cuda"


class TestSample:
    def test_a_grid_is_the_default(self, command, tiny_run):
        told = answered(command, "sample", tiny_run, "--n", 9)
        assert told["out"] == str(tiny_run / "samples-9-seed-0.png")
        with Image.open(told["out"]) as picture:
            assert picture.mode == "L" and picture.width > picture.height > 28

    def test_a_picture_says_that_it_was_generated_and_by_what(self, command, tiny_run):
        for out in ("grid.png", "each"):
            answered(command, "sample", tiny_run, "--n", 2, "--seed", 7, "--out", out)
        for path in (Path("grid.png"), Path("each/000001.png"), tiny_run / "samples/000004.png"):
            told = metadata(path)
            assert told["Software"] == f"gansmith {gansmith.__version__}"
            assert "Generated" in told["Description"] and "step 4" in told["Source"]
        assert metadata(Path("grid.png"))["Source"] == "gan, run tiny, step 4, seed 7"

    def test_a_directory_gets_one_picture_an_image(self, command, tiny_run):
        told = answered(command, "sample", tiny_run, "--n", 300, "--out", "new/each")
        names = sorted(path.name for path in Path(told["out"]).iterdir())
        assert names == [f"{number:06d}.png" for number in range(300)]
        answered(command, "sample", tiny_run, "--n", 300, "--out", "array.npy")
        array = np.load("array.npy")
        assert (array.shape, array.dtype) == ((300, 1, 28, 28), np.float32)
        with Image.open("new/each/000299.png") as picture:
            assert np.abs(np.asarray(picture) - 127.5 * (array[299, 0] + 1)).max() <= 0.5

    def test_a_directory_may_have_a_dot_in_its_name_and_be_filled_again(self, command, tiny_run):
        Path("v1.2").mkdir()
        for _ in range(2):
            answered(command, "sample", tiny_run, "--n", 2, "--out", "v1.2")
        assert len(list(Path("v1.2").iterdir())) == 2

    def test_a_sample_is_the_same_however_many_are_drawn(self, command, tiny_run):
        drawn = {}
        for number in (3, 5):
            answered(command, "sample", tiny_run, "--n", number, "--out", f"{number}.npy")
            drawn[number] = np.load(f"{number}.npy")
        assert np.allclose(drawn[3], drawn[5][:3], atol=1e-5), "up to the rounding of batches"

    def test_seeds_and_raw_weights_differ(self, command, tiny_run):
        for name, flags in {"a": [], "b": ["--seed", 1], "c": ["--raw-weights"]}.items():
            answered(command, "sample", tiny_run, "--n", 2, "--out", f"{name}.npy", *flags)
        arrays = [np.load(f"{name}.npy") for name in "abc"]
        assert not np.allclose(arrays[0], arrays[1])
        assert not np.array_equal(arrays[0], arrays[2])
        told = answered(command, "sample", tiny_run, "--n", 2, "--raw-weights")
        assert told["out"].endswith("samples-2-seed-0-raw.png")

    def test_points_become_a_picture_or_an_array(self, command):
        answered(command, "train", "gan", *SMALL, "--data", "8gaussians", "--run", "a")
        answered(command, "sample", "a", "--n", 50, "--out", "points.npy")
        assert np.load("points.npy").shape == (50, 2)
        told = answered(command, "sample", "a", "--n", 50)
        assert "Generated" in metadata(Path(told["out"]))["Description"]
        code, _, err = command("sample", "a", "--n", 50, "--out", "points")
        assert code == 2 and "give a .png or .npy file" in err


class TestListAndShow:
    def test_list(self, command):
        told = answered(command, "list")
        assert set(told) == {"methods", "data"}
        assert {"gan", "dcgan", "wgan-gp"} <= {row["name"] for row in told["methods"]}
        assert {"mnist", "8gaussians"} <= {row["name"] for row in told["data"]}
        for row in told["methods"]:
            package = Path(gansmith.__file__).parent.parent
            assert (package / row["file"]).is_file(), "the file that holds the method is named"
        assert set(answered(command, "list", "methods")) == {"methods"}
        assert set(answered(command, "list", "data")) == {"data"}

    def test_a_row_is_a_line_where_no_terminal_is(self, command):
        _, out, _ = command("list")
        line = next(line for line in out.splitlines() if line.split()[:1] == ["wgan-gp"])
        assert "Gulrajani et al. 2017" in line and "gansmith/methods/wgan_gp.py" in line

    def test_an_installed_method_is_listed(self, command, monkeypatch):
        from importlib.metadata import EntryPoint

        entry = EntryPoint("my-gan", "their_package.gans:MyGAN", "gansmith.methods")
        monkeypatch.setattr("gansmith.listing.entry_points", lambda group: [entry])
        assert answered(command, "list", "methods")["methods"][-1]["name"] == "my-gan"

    def test_show(self, command, tiny_run):
        told = answered(command, "show", tiny_run)
        assert (told["method"], told["data"], told["shape"]) == ("gan", "mnist", [1, 28, 28])
        assert (told["step"], told["planned"]["steps"]) == (4, 4)
        assert told["checkpoints"] == [0, 2, 4]
        assert told["fields"]["hidden"] == [8]
        assert told["newest"]["generator/loss"] > 0
        assert {"config.json", "metrics.jsonl", "losses.png"} <= set(told["files"])
        _, out, _ = command("show", tiny_run)
        assert "hidden=8" in out and "None" not in out

    def test_show_is_strict_json_where_a_value_is_missing(self, command, tiny_run):
        log = tiny_run / "metrics.jsonl"
        log.write_text('{"step": 1, "a/loss": 1, "b/loss": null}\n{"step": 2, "c/loss": 3}\n')
        newest = answered(command, "show", tiny_run)["newest"]
        assert newest == {"a/loss": 1, "b/loss": None, "c/loss": 3}

    def test_a_run_without_a_log_can_be_shown(self, command, tiny_run):
        (tiny_run / "metrics.jsonl").unlink()
        assert answered(command, "show", tiny_run)["step"] == 0
        assert command("show", tiny_run)[0] == 0


class TestMethodInAFile:
    ARGUMENTS = ("--batch-size", 2, "--steps", 1, "--precision", "fp32")

    def test_train_resume_sample(self, command):
        Path("my_gan.py").write_text("print('imported')\n" + EXAMPLE.read_text())
        given = ["--method", "my_gan.py:MyGAN"]
        code, out, err = command("train", "my_gan.py:MyGAN", *self.ARGUMENTS, "--json")
        assert (code, json.loads(out)["step"]) == (0, 1)
        assert "imported" in err, "what a method prints does not reach a reader of JSON"
        run = json.loads(out)["run"]
        assert run == str(Path("runs/mygan-mnist-1"))

        code, _, err = command("resume", run, "--steps", 2)
        assert code == 2 and "--method FILE.py:MyGAN" in err
        code, out, _ = command("resume", run, "--steps", 2, *given, "--json")
        assert (code, json.loads(out)["step"]) == (0, 2)
        assert command("sample", run, "--n", 2, *given)[0] == 0
        assert command("show", run)[0] == 0, "which needs no code"

        with Path("my_gan.py").open("a") as file:
            file.write("# another text\n")
        for verb in ("resume", "sample"):
            code, out, _ = command(verb, run, *given, "--json")
            assert (code, json.loads(out)["error"]) == (2, "ConfigError")
            assert "its text differs" in json.loads(out)["message"]


class TestHelp:
    @pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"], ["help"]])
    def test_every_verb_is_named(self, command, arguments):
        code, out, _ = command(*arguments)
        assert code == 0
        assert all(verb in out for verb in ("train", "resume", "sample", "list", "show", "data"))

    @pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"], ["help"]])
    def test_every_verb_of_data_is_named(self, command, arguments):
        code, out, _ = command("data", *arguments)
        assert code == 0 and all(f"  {verb}" in out for verb in DATA_VERBS)
        assert answered(command, "data", *arguments, "--json")["help"] + "\n" == out

    def test_an_unknown_verb_of_data_is_refused(self, command):
        code, _, err = command("data", "chekc")
        assert code == 2 and "Did you mean check?" in err

    @pytest.mark.parametrize("verb", ["train", "resume", "sample", "list", "show"])
    def test_every_verb_has_help(self, command, verb):
        for flag in ("-h", "--help"):
            code, out, _ = command(verb, flag)
            assert code == 0 and f"gansmith {verb}" in out and "--json" in out
            assert "None" not in out
        code, out, _ = command(verb, "--help", "--json")
        assert code == 0 and set(json.loads(out)) == {"help"}

    def test_the_help_of_a_method_tells_its_presets_and_its_paper(self, command):
        _, out, _ = command("train", "gan", "--help")
        assert "Presets: lecture, lecture-keras." in out and "Goodfellow et al. 2014" in out
        _, out, _ = command("train", f"{EXAMPLE}:MyGAN", "--help")
        assert "--gamma" in out and "Weight of both penalties" in out

    def test_version(self, command):
        assert command("--version")[1] == f"gansmith {gansmith.__version__}\n"
        assert answered(command, "--version") == {"version": gansmith.__version__}


class TestProcesses:
    """What only a process of its own can show."""

    def run(self, *arguments: str, code: str = "", **environment: str) -> tuple[int, str, str]:
        call = ["-c", code] if code else ["-m", "gansmith", *arguments]
        done = subprocess.run(
            [sys.executable, *call],
            env={**ENVIRONMENT, **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def test_train_and_fail(self):
        small = [str(argument) for argument in SMALL]
        code, out, err = self.run("train", "gan", *small, "--run", "a", "--json")
        assert (code, err) == (0, "") and json.loads(out)["step"] == 4
        code, out, err = self.run("train", "gan", *small, "--run", "a")
        assert (code, out) == (2, "")
        assert err.splitlines() == [
            "gansmith: a holds a run already. Continue it with `gansmith resume a`, or give "
            "another --run."
        ]

    @pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
    def test_messages_have_no_frame_and_no_letter_that_cannot_be_written(self, encoding):
        _, _, err = self.run("sample", "a", "--n", "few", PYTHONIOENCODING=encoding)
        told = "gansmith: --n: expected a whole number, not 'few'. See gansmith sample --help.\n"
        assert err == told
        code, out, _ = self.run("train", "wgan-gp", "--help", PYTHONIOENCODING=encoding)
        assert code == 0 and ("λ" if encoding == "utf-8" else "?, weight") in out

    @pytest.mark.parametrize("arguments", [["--help"], ["list"], ["list", "--json"], ["train"]])
    def test_torch_is_not_imported_where_nothing_is_computed(self, arguments):
        code = (
            "import sys\nfrom gansmith.cli import run\n"
            f"run({arguments!r})\n"
            "heavy = {'torch', 'numpy', 'matplotlib', 'PIL'} & set(sys.modules)\n"
            "sys.exit(f'imported: {heavy}' if heavy else 0)\n"
        )
        status, _, err = self.run(code=code)
        assert status == 0, err

    def test_only_the_first_of_several_processes_answers(self):
        assert self.run("list", "--json", RANK="1") == (0, "", "")
        code, out, err = self.run("show", "nowhere", "--json", RANK="1")
        assert (code, out) == (2, "") and "nowhere is no run" in err

    @pytest.mark.skipif(sys.platform == "win32", reason="signals")
    def test_a_signal_saves_stops_and_is_told(self):
        endless = ["train", "gan", *map(str, SMALL[:4]), "--minutes", "10", "--run", "a"]
        endless += ["--sample-every", "20"]
        with subprocess.Popen(
            [sys.executable, "-m", "gansmith", *endless, "--json"],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                _wait_for(Path("a/samples/000020.png"), process)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)
            finally:
                process.kill()
        assert process.returncode == 128 + signal.SIGINT, err
        told = json.loads(out)
        assert told["signal"] == signal.SIGINT and told["step"] > 0
        assert Path("a/checkpoints", f"{told['step']:09d}", "manifest.json").is_file()


def _wait_for(path: Path, process: subprocess.Popen) -> None:
    """Until the run has trained for some steps."""
    for _ in range(600):
        if path.exists() or process.poll() is not None:
            return
        time.sleep(0.1)
    pytest.fail(f"{path} never came")
