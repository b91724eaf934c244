"""What goes wrong is told in one message: exit code 2, no traceback, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gansmith.errors import RunError
from gansmith.run.directory import RunDirectory

EXAMPLE = Path(__file__).parent.parent / "examples" / "my_gan.py"
SMALL = "--hidden 8 --batch-size 8 --steps 2"


@pytest.fixture
def place(tiny_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a run `tiny`, and with things that are not what they should be."""
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "junk", "letters"):
        (tmp_path / name).mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "junk" / name).write_text("no picture")
    (tmp_path / "letters" / "a.txt").write_text("no picture")
    configs = {
        "list.json": "[1, 2]",
        "half.json": '{"steps": 4',
        "bytes.json": "\u00e9",
        "unknown.json": '{"steps": 4, "stepz": 5}',
        "unknown-training.json": '{"training": {"stepz": 5}}',
        "other-field.json": '{"fields": {"n_critic": 5}}',
        "fields-list.json": '{"fields": [1]}',
        "words.json": '{"steps": "four"}',
        "fp16.json": '{"precision": "fp16"}',
        "dcgan.json": '{"method": "dcgan"}',
        "both.json": '{"steps": 4, "minutes": 1}',
    }
    for name, text in configs.items():
        (tmp_path / name).write_text(text, encoding="latin-1")
    (tmp_path / "my_gan.py").write_text(EXAMPLE.read_text())
    (tmp_path / "broken.py").write_text("class Broken(:\n")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "config.json").write_text('{"method": "gan"')
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "config.json").write_bytes((tiny_run / "config.json").read_bytes())
    return tmp_path


COMMANDS = {
    # the command itself
    "trian gan": ["Unknown verb 'trian'", "Did you mean train?"],
    "--steps 4": ["Unknown verb '--steps'"],
    "train": ["Name the method first", "dcgan", "my_gan.py:MyGAN"],
    "train --steps 4 gan": ["Name the method first"],
    "train gna": ["Unknown method 'gna'", "gan"],
    "train GAN": ["Unknown method 'GAN'"],
    "train gan extra": ["extra", "--help"],
    "train gan --stepz 4": ["no flag --stepz", "--steps"],
    "train gan --step 4": ["no flag --step", "--steps"],
    "train gan --n-critic 4": ["no flag --n-critic"],
    "train gan -x": ["-x"],
    # methods in files
    "train my_gan.py": ["my_gan.py:MyGAN"],
    "train my_gan.py:MyGan": ["no method 'MyGan'", "Did you mean MyGAN?"],
    "train nowhere.py:MyGAN": ["No method at 'nowhere.py:MyGAN'"],
    "train broken.py:Broken": ["broken.py cannot be imported", "SyntaxError", "line 1"],
    # values
    "train gan --steps": ["--steps", "Expected 1 value"],
    "train gan --steps four": ["--steps", "a whole number", "'four'"],
    "train gan --steps 1.5": ["--steps", "a whole number"],
    "train gan --steps 0": ["--steps 0", "above 0"],
    "train gan --steps -1": ["--steps -1", "above 0"],
    "train gan --steps 4 --minutes 1": ["--steps or --minutes, not both"],
    "train gan --minutes 0": ["--minutes 0", "above 0"],
    "train gan --minutes nan": ["--minutes nan", "finite"],
    "train gan --minutes inf": ["--minutes inf", "finite"],
    "train gan --minutes soon": ["--minutes", "a number", "'soon'"],
    "train gan --seed x": ["--seed", "a whole number"],
    "train gan --checkpoint-every 0": ["--checkpoint-every 0", "above 0"],
    "train gan --sample-every -1": ["--sample-every -1", "above 0"],
    "train gan --device gpu": ["--device", "'gpu'", "'cuda'"],
    "train gan --precision fp16": ["--precision", "'fp16'", "'bf16'"],
    "train gan --batch-size 0": ["--batch-size 0", "at least 1"],
    "train gan --batch-size 1000000": ["--batch-size 1000000", "4,000 samples"],
    "train gan --batch-size 99999999999999999999": ["--batch-size", "below 2^63"],
    "train gan --learning-rate fast": ["--learning-rate", "a number", "'fast'"],
    "train gan --learning-rate -1": ["--learning-rate -1", "at least 0"],
    "train gan --learning-rate nan": ["--learning-rate nan", "finite"],
    "train gan --learning-rate inf": ["--learning-rate inf", "finite"],
    "train gan --ema-decay 1.5": ["--ema-decay 1.5", "from 0 to 1"],
    "train gan --betas 0.5": ["--betas", "Expected 2 values"],
    "train gan --betas 1.5 0.9": ["1.5"],
    "train gan --betas 0.5 -0.1": ["-0.1"],
    "train gan --prior unifrom": ["--prior", "'uniform'"],
    "train gan --hidden": ["--hidden", "at least one value"],
    "train gan --hidden -5": ["-5"],
    "train gan --hidden 99999999999": ["GAN cannot be built"],
    "train gan --preset lectrue": ["no preset 'lectrue'", "lecture"],
    "train gan --preset paper": ["no preset 'paper'", "lecture"],
    "train my_gan.py:MyGAN --preset paper": ["no preset 'paper'", "It has none"],
    "train my_gan.py:MyGAN --gamma nan": ["--gamma nan", "finite"],
    # data
    "train gan --data mnsit": ["'mnsit'", "Did you mean mnist"],
    "train gan --data nowhere": ["'nowhere'", "8gaussians", "folder"],
    "train gan --data list.json": ["list.json is not a folder"],
    "train gan --data=": ["--data is empty"],
    "train gan --data empty": ["No images in empty", "png"],
    "train gan --data letters": ["No images in letters"],
    "train gan --data junk": ["2 of 2 images in junk cannot be read", "a.png"],
    "train dcgan --data 8gaussians": [
        "dcgan learns from images",
        "this data holds points",
        "mnist",
    ],
    "train gan --data 8gaussians --size 32": ["--size", "points"],
    "train gan --size 0": ["--size 0"],
    "train gan --size -1": ["--size -1"],
    "train gan --size big": ["--size", "a whole number"],
    "train gan --size 1000000": ["--size 1000000", "1024"],
    "train dcgan --r1-weight 1": ["--r1-weight 1", "--discriminator-norm spectral or none"],
    "train dcgan --preset paper --r1-weight 1": ["batch normalisation", "--discriminator-norm"],
    "train dcgan --kernel 6": ["--kernel", "'6'", "3"],
    "train dcgan --network keras --width 16": ["--width 16", "--network keras"],
    "train dcgan --network keras --upsample resize": ["--upsample resize", "leave one of them out"],
    "train dcgan --preset lecture --size 32": ["28x28", "not of 32x32", "--size 28"],
    "train dcgan --size 30": ["30x30", "--size 32"],
    "train dcgan --size 1000": ["1000x1000", "--size 128"],
    "train wgan-gp --size 3": ["3x3", "--size"],
    # run directories
    f"train gan {SMALL} --run tiny": ["tiny holds a run", "gansmith resume tiny", "--run"],
    f"train gan {SMALL} --run half": ["half holds a run"],
    f"train gan {SMALL} --run junk": ["junk is not empty", "--run"],
    f"train gan {SMALL} --run list.json": ["list.json is not empty"],
    f"train gan {SMALL} --run list.json/run": ["list.json/run cannot be made", "--run"],
    # configurations
    "train gan --config": ["--config", "Expected 1 value"],
    "train gan --config --steps 2": ["--config", "Expected 1 value"],
    "train gan --config nowhere.json": ["--config nowhere.json", "No such file"],
    "train gan --config tiny": ["--config tiny", "config.json"],
    "train gan --config list.json": ["list.json holds no values by name"],
    "train gan --config fields-list.json": ["fields-list.json holds no values by name"],
    "train gan --config half.json": ["half.json is no JSON", "line 1"],
    "train gan --config bytes.json": ["bytes.json is no JSON"],
    "train gan --config unknown.json": ["unknown.json", "'stepz'", "steps"],
    "train gan --config unknown-training.json": ["'stepz'", "steps"],
    "train gan --config other-field.json": ["'n_critic'"],
    "train gan --config words.json": ["words.json", "--steps 'four'", "a whole number"],
    "train gan --config fp16.json": ["fp16.json", "--precision 'fp16'", "bf16"],
    "train gan --config dcgan.json": ["dcgan.json is of dcgan, not of gan"],
    "train gan --config both.json": ["--steps or --minutes"],
    # the other verbs
    "resume": ["RUN"],
    "resume nowhere": ["nowhere is no run"],
    "resume junk": ["junk is no run"],
    "resume list.json": ["list.json is no run"],
    "resume half": ["half/config.json is no configuration"],
    "resume tiny": ["planned end, step 4", "--steps 8"],
    "resume tiny --steps 3": ["planned end, step 4"],
    "resume tiny --steps 0": ["--steps 0", "above 0"],
    "resume tiny --steps x": ["--steps", "a whole number"],
    "resume tiny --minutes 3": ["no flag --minutes"],
    "resume tiny --steps 8 --method my_gan.py:MyGAN": ["of 'gan'", "leave --method out"],
    "sample": ["RUN"],
    "sample nowhere": ["nowhere is no run"],
    "sample bare": ["No whole checkpoint"],
    "sample tiny --n 0": ["0 samples", "at least 1"],
    "sample tiny --n -3": ["-3 samples", "at least 1"],
    "sample tiny --n few": ["--n", "a whole number"],
    "sample tiny --n 20000": ["20,000 samples", "--out FILE.npy"],
    "sample tiny --n 2 --out picture.jpg": ["--out picture.jpg", ".png", ".npy"],
    "sample tiny --n 2 --out junk": ["--out junk holds other files", "a.png"],
    "sample tiny --n 2 --out list.json/a.png": ["cannot be written", "--out"],
    "list things": ["'things'", "'methods'", "'data'"],
    "show": ["RUN"],
    "show nowhere": ["nowhere is no run"],
    "show tiny --n 3": ["no flag --n"],
    "show tiny more": ["more"],
}


def files(place: Path) -> dict[Path, bytes | None]:
    """Every path below a directory with its content."""
    return {
        path: path.read_bytes() if path.is_file() else None
        for path in place.rglob("*")
        if path.name != "run.lock"
    }


@pytest.mark.parametrize("line", COMMANDS, ids=str)
def test_one_message_and_nothing_written(place, command, line):
    before = files(place)
    code, out, err = command(*line.split(" "))
    assert (code, out) == (2, "")
    assert err.startswith("gansmith: ") and "Traceback" not in err
    for words in COMMANDS[line]:
        assert words in err
    assert files(place) == before

    code, out, _ = command(*line.split(" "), "--json")
    told = json.loads(out)
    assert (code, set(told)) == (2, {"error", "message"})
    assert all(words in told["message"] for words in COMMANDS[line])
    assert files(place) == before


def test_a_run_in_use_is_left_alone(place, command):
    with RunDirectory(place / "tiny").locked():
        code, out, err = command("resume", "tiny", "--steps", 8)
    assert (code, out) == (2, "")
    assert "tiny is in use by another process" in err
    assert command("resume", "tiny", "--steps", 5)[0] == 0, "and let go afterwards"


def test_a_place_that_may_not_be_written_is_named(place, command, monkeypatch):
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, out, err = command("train", "gan", *SMALL.split(), "--run", "new/run")
    assert (code, out) == (2, "")
    assert "new/run cannot be made" in err and "--run" in err and "Permission denied" in err


def test_damaged_checkpoints_are_named_and_an_older_one_is_taken(place, command):
    newest = place / "tiny" / "checkpoints" / f"{4:09d}" / "networks.safetensors"
    newest.write_bytes(newest.read_bytes()[:-1] + b"?")
    code, out, err = command("sample", "tiny", "--n", 1, "--json")
    assert (code, json.loads(out)["step"]) == (0, 2)
    assert "000000004 is damaged" in err
    with Image.open(json.loads(out)["out"]) as picture:
        assert "step 2" in picture.info["Source"], "the picture says which step it is of"

    for path in (place / "tiny" / "checkpoints").rglob("*.safetensors"):
        path.write_bytes(b"")
    for verb in (["sample", "tiny"], ["resume", "tiny", "--steps", 8]):
        code, _, err = command(*verb)
        assert code == 2 and "No whole checkpoint" in err


def test_a_damaged_log_is_named(place, command):
    (place / "tiny" / "metrics.jsonl").write_text('{"step": 1, "a/b": 1}\nno json\n')
    code, _, err = command("show", "tiny")
    assert code == 2 and "metrics.jsonl is damaged" in err


def test_a_term_that_is_not_finite_is_named_and_what_is_good_is_kept(place, command):
    line = f"train gan {SMALL} --learning-rate 1e30 --run big".split()
    code, out, err = command(*line)
    assert (code, out) == (1, "")
    assert "phase 'generator'" in err and "term 'adversarial'" in err and "--learning-rate" in err
    assert (place / "big" / "checkpoints" / f"{0:09d}" / "manifest.json").is_file()
    assert command("sample", "big", "--n", 1)[0] == 0

    code, out, _ = command(*line[:-1], "big-2", "--json")
    told = json.loads(out)
    assert (code, told["error"]) == (1, "NonFiniteError") and "adversarial" in told["message"]


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("CUDA out of memory. Tried ...")])
def test_full_memory_is_told_in_words(place, command, monkeypatch, error):
    from gansmith import api

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(api, "train", fail)
    code, out, err = command("train", "gan", "--json")
    assert code == 1 and "out of memory" in json.loads(out)["message"]
    assert "--batch-size" in err


def test_a_bug_is_a_traceback_and_json_all_the_same(place, command, monkeypatch, capsys):
    from gansmith import api

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(api, "train", fail)
    with pytest.raises(ZeroDivisionError):
        command("train", "gan", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told == {"error": "ZeroDivisionError", "message": "a bug"}


def test_an_interrupt_is_no_traceback(place, command, monkeypatch):
    from gansmith import api

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "train", stop)
    code, out, _ = command("train", "gan", "--json")
    assert (code, json.loads(out)["error"]) == (130, "KeyboardInterrupt")


def test_a_sample_that_fails_leaves_the_older_array(place, command, monkeypatch):
    np.save(place / "old.npy", np.ones(3))
    monkeypatch.setattr("gansmith.export.os.replace", _full_disk)
    code, _, err = command("sample", "tiny", "--n", 2, "--out", "old.npy")
    assert code == 2 and "old.npy cannot be written" in err
    assert np.load(place / "old.npy").tolist() == [1, 1, 1]
    assert not list(place.glob(".old*"))


def _full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_errors_are_of_one_family():
    with pytest.raises(RunError):
        import gansmith

        gansmith.load("nowhere")
