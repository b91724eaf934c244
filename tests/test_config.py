"""config.json: written and read back equal; what is damaged or forged is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gansmith.config import RunConfig, choose_method, hash_of_file, stored_data, stored_method
from gansmith.config_file import from_file
from gansmith.errors import ConfigError, DataError, RunError
from gansmith.options import Options
from gansmith.plan import make_plan

EXAMPLE = Path(__file__).parent.parent / "examples" / "my_gan.py"


def test_a_configuration_comes_back_equal(case, tmp_path):
    written = make_plan(case.name, Options(data=case.data, steps=3), case.given).config
    written.write(tmp_path / "config.json")
    read = RunConfig.read(tmp_path / "config.json")
    assert read == written
    given = None if written.method_sha256 is None else case.name
    assert vars(stored_method(read, given)) == vars(case.method())
    data = case.data_set()
    assert stored_data(read).spec == (data.judged or data).spec


def test_nothing_is_left_open(case):
    training = make_plan(case.name, Options(data=case.data), case.given).config.training
    assert training.device in ("cpu", "cuda", "mps") and training.precision in ("fp32", "bf16")
    assert (training.steps, training.minutes) == (5000, None)
    assert (training.checkpoint_every, training.sample_every) == (500, 250)
    assert training.evaluate_every is None, "off"


def test_a_configuration_of_before_there_was_measuring_is_still_read(tiny_run):
    path = tiny_run / "config.json"
    raw = json.loads(path.read_text())
    del raw["training"]["evaluate_every"]
    path.write_text(json.dumps(raw))
    assert RunConfig.read(path).training.evaluate_every is None
    assert from_file("gan", {"config": path})[0].get("evaluate_every") is None


def test_a_folder_is_written_as_an_absolute_path(tmp_path, monkeypatch):
    from PIL import Image

    (tmp_path / "pictures").mkdir()
    Image.new("L", (16, 16)).save(tmp_path / "pictures" / "a.png")
    monkeypatch.chdir(tmp_path)
    config = make_plan("gan", Options(data="pictures", size=16), {"hidden": (8,)}).config
    assert config.data == str((tmp_path / "pictures").resolve())


def damaged(raw: dict) -> dict[str, str]:
    """Texts that are no configuration, by what is wrong with them."""
    return {
        "half": json.dumps(raw)[: len(json.dumps(raw)) // 2],
        "text": '"text"',
        "list": "[1]",
        "nothing": "{}",
        "unknown": json.dumps({**raw, "colour": 1}),
        "word for a number": json.dumps(
            {**raw, "training": {**raw["training"], "checkpoint_every": "x"}}
        ),
        "kind of data": json.dumps({**raw, "spec": {**raw["spec"], "batch": "Smells"}}),
        "missing part": json.dumps({k: v for k, v in raw.items() if k != "environment"}),
    }


@pytest.mark.parametrize("what", sorted(damaged({"training": {}, "spec": {}})))
def test_what_is_no_configuration_is_named(tiny_run, what):
    path = tiny_run / "config.json"
    path.write_text(damaged(json.loads(path.read_text()))[what])
    with pytest.raises(RunError, match=r"config\.json is no configuration of a run"):
        RunConfig.read(path)


@pytest.mark.parametrize("where", ["nowhere", "file.txt"])
def test_where_there_is_no_run(tmp_path, where):
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(RunError, match=r"is no run: it (has no config\.json|does not exist)"):
        RunConfig.read(tmp_path / where / "config.json")


def test_a_method_that_does_not_eat_the_data_names_what_it_eats():
    with pytest.raises(DataError, match=r"dcgan learns from images \(mnist, any folder"):
        choose_method("dcgan", None, "Points")


@pytest.mark.parametrize("preset", ["lectrue", "default"])
def test_an_unknown_preset_is_answered_with_the_known(preset):
    with pytest.raises(ConfigError, match="lecture"):
        choose_method("gan", preset, "LabeledImages")


def test_a_preset_holds_until_a_field_is_given():
    method = choose_method("wgan-gp", "paper", "Points")
    assert (method.ema_decay, vars(method)["width"]) == (0.0, 512)


class TestMethodOutsideThePackage:
    """Given again by the user, compared by its hash, never named by the run."""

    def config(self, file: Path) -> RunConfig:
        return make_plan(f"{file}:MyGAN", Options(), {"batch_size": 2}).config

    def test_the_class_and_the_hash_are_written_not_the_file(self, tmp_path):
        config = self.config(EXAMPLE)
        assert (config.method, config.method_sha256) == ("MyGAN", hash_of_file(f"{EXAMPLE}:MyGAN"))
        config.write(tmp_path / "config.json")
        assert "my_gan" not in (tmp_path / "config.json").read_text()

    def test_it_has_to_be_given_again(self):
        with pytest.raises(ConfigError, match=r"--method FILE\.py:MyGAN"):
            stored_method(self.config(EXAMPLE), None)

    def test_another_text_is_refused(self, tmp_path):
        other = tmp_path / "my_gan.py"
        other.write_text(EXAMPLE.read_text() + "\n# one more line\n")
        with pytest.raises(ConfigError, match="its text differs"):
            stored_method(self.config(EXAMPLE), f"{other}:MyGAN")
        with pytest.raises(ConfigError, match="its text differs"):
            stored_method(self.config(EXAMPLE), "gan")

    def test_a_forged_run_names_no_code_to_import(self, tiny_run, tmp_path):
        (tmp_path / "evil.py").write_text("raise SystemExit('imported')\n")
        path = tiny_run / "config.json"
        raw = json.loads(path.read_text())
        path.write_text(json.dumps({**raw, "method": f"{tmp_path / 'evil.py'}:MyGAN"}))
        with pytest.raises(ConfigError, match="never names code to import"):
            stored_method(RunConfig.read(path), None)

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("gamma: float = 1.0", "size: float = 1.0", "has a field 'size'"),
            ("gamma: float = 1.0", "gamma: float", "is no whole method"),
            ("def phases", "def faces", "is no whole method"),
        ],
    )
    def test_a_class_that_cannot_be_used_is_named(self, tmp_path, old, new, words):
        broken = tmp_path / "broken.py"
        broken.write_text(EXAMPLE.read_text().replace(old, new, 1))
        with pytest.raises(ConfigError, match=words):
            choose_method(f"{broken}:MyGAN", None, "LabeledImages")


class TestConfigFile:
    """What is given goes before what stands in the file."""

    def write(self, tmp_path: Path, **raw: object) -> Path:
        path = tmp_path / "some.json"
        path.write_text(json.dumps(raw))
        return path

    def test_without_a_file_there_is_nothing(self):
        assert from_file("gan", {"steps": 3}) == ({}, {})

    def test_a_whole_configuration_is_taken(self, tiny_run):
        options, fields = from_file("gan", {"config": tiny_run / "config.json"})
        config = RunConfig.read(tiny_run / "config.json")
        assert fields["hidden"] == [8] and set(fields) == set(config.fields)
        assert (options["steps"], options["data"], options["seed"]) == (4, "mnist", 0)

    def test_a_few_lines_by_hand_are_enough(self, tmp_path):
        path = self.write(tmp_path, steps=7, fields={"hidden": [4]})
        assert from_file("gan", {"config": path}) == ({"steps": 7}, {"hidden": [4]})

    def test_given_options_go_before(self, tmp_path):
        path = self.write(tmp_path, steps=7, seed=3, data="8gaussians")
        options, _ = from_file("gan", {"config": path, "seed": "5"})
        assert options == {"steps": 7, "data": "8gaussians"}

    def test_minutes_replace_steps(self, tmp_path):
        path = self.write(tmp_path, steps=7)
        assert from_file("gan", {"config": path, "minutes": "1"}) == ({}, {})

    def test_a_given_preset_goes_before_its_fields_only(self, tmp_path):
        path = self.write(tmp_path, fields={"learning_rate": 1.0, "z_dim": 3})
        _, fields = from_file("gan", {"config": path, "preset": "lecture"})
        assert fields == {"z_dim": 3}
