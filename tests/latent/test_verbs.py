from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

import gansmith
from gansmith.data import open_data

VERBS = {
    "interpolate": (["--rows", 2, "--steps", 3], {"picture", "film"}),
    "arithmetic": (["--a", "0,1,2", "--b", "3,4,5", "--c", "6,7,8"], {"picture"}),
    "invert": (["--held-out", 0, 1, "--steps", 2, "--restarts", 2], {"picture", "z"}),
    "walk": (["--at", 2, "--directions", 2, "--steps", 3], {"picture", "film", "directions"}),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_writes_what_it_names(command, tiny_run, verb):
    arguments, files = VERBS[verb]
    code, out, err = command("latent", verb, tiny_run, *arguments, "--json")
    assert code == 0, err
    told = json.loads(out)
    assert set(told["files"]) == files | {"numbers"}
    assert told["step"] == 4 and told["caption"] and "gan, step 4" in told["caption"]
    assert json.loads((tiny_run / "latent" / _stem(told)).read_text()) == told
    with Image.open(told["files"]["picture"]) as picture:
        assert picture.info["Title"] == told["caption"]
        assert "enerated" in picture.info["Description"]
    if "film" in files:
        with Image.open(told["files"]["film"]) as film:
            assert getattr(film, "n_frames", 1) > 1
    assert sorted(path.name for path in (tiny_run / "latent").iterdir()) == sorted(
        path.rpartition("/")[2] for path in told["files"].values()
    )


def _stem(told):
    return told["files"]["numbers"].rpartition("/")[2]


def test_the_same_twice(command, tiny_run, tmp_path):
    for name in ("a", "b"):
        arguments, _ = VERBS["walk"]
        command("latent", "walk", tiny_run, *arguments, "--out", tmp_path / name / "w.png")
    for file in ("w.png", "w.gif", "w-directions.npy"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_what_was_found_can_be_gone_between(command, tiny_run, tmp_path):
    out = tmp_path / "found.png"
    assert command("latent", "invert", tiny_run, *VERBS["invert"][0], "--out", out)[0] == 0
    z = np.load(tmp_path / "found-z.npy")
    code, said, _ = command(
        "latent", "interpolate", tiny_run, "--from", tmp_path / "found-z.npy",
        "--between", 1, 0, 1, "--steps", 3, "--json",
    )  # fmt: skip
    told = json.loads(said)
    assert code == 0 and told["between"] == [[1, 0, 1]] and told["path"] == "slerp"
    norms = np.linalg.norm(z, axis=1)
    np.testing.assert_allclose(np.array(told["norms"])[0, ::2], norms[[1, 0, 1]], rtol=1e-5)


def test_a_file_that_is_given(command, tiny_run, tmp_path):
    command("sample", tiny_run, "--n", 1, "--out", tmp_path / "one")
    file = tmp_path / "one" / "000000.png"
    code, out, _ = command("latent", "invert", tiny_run, file, "--steps", 2, "--json")
    assert code == 0
    (image,) = json.loads(out)["images"]
    assert image["name"] == str(file) and set(image["error"]) == {"found", "nearest_sample"}
    assert image["error"]["nearest_sample"] < 1e-4, "it is sample 0, in 8 bits"


def test_the_sheet(command, tiny_run):
    code, out, _ = command("latent", "arithmetic", tiny_run, "--sheet", 10)
    assert code == 0 and "first 10 of the samples of seed 0" in out
    assert (tiny_run / "latent" / "sheet.png").exists()


def test_classes_by_their_labels_and_codes(command, tiny_vae):
    code, out, err = command(
        "latent", "arithmetic", tiny_vae, "--from", "held-out", "--a", 7, "--b", "0,1,2", "--c", 1,
        "--json",
    )  # fmt: skip
    assert code == 0, err
    told = json.loads(out)
    assert told["a"]["name"] == "7" and told["a"]["chosen"] == "by their labels"
    assert told["b"]["rows"] == [0, 1, 2] and told["b"]["chosen"] == "by number"
    assert len(told["around_seen_as"]) == 9


REFUSED = {
    "no verb": (["latent", "interpolat"], "Did you mean interpolate"),
    "points by picture": (["interpolate", "--out", "a.gif"], "give a .png file"),
    "one end": (["interpolate", "--between", "3"], "two numbers or more"),
    "uneven rows": (["interpolate", "--between", "3,4", "5,6,7"], "equally many"),
    "words": (["interpolate", "--between", "three"], "give numbers of samples"),
    "no rows": (["interpolate", "--rows", 0], "--rows 1 or more"),
    "one step": (["interpolate", "--steps", 1], "at least 2"),
    "below zero": (["interpolate", "--between", "0,1", "2,-3"], "no number -3"),
    "no concept": (["arithmetic", "--a", "0,1,2"], "--sheet 64"),
    "both": (["arithmetic", "--sheet", 3, "--a", "0,1,2"], "--sheet 64"),
    "no such class": (["arithmetic", "--a", "ten", "--b", "1,", "--c", "2,"], "no such class"),
    "a sheet of none": (["arithmetic", "--sheet", 0], "at least 1"),
    "too large a sheet": (["arithmetic", "--sheet", 9999], "at most 1024"),
    "files and rows": (["invert", "a.png", "--held-out", 1], "not both"),
    "no file": (["invert", "nowhere.png"], "cannot be read as an image"),
    "no row": (["invert", "--held-out", 1000], "rows from 0 to 999"),
    "no checkpoint": (["walk", "--checkpoint", 3], "3"),
    "no encoder": (["walk", "--from", "held-out"], "no encoder"),
    "a class for all": (["walk", "--condition", "1"], "does not generate by class"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_done_is_refused_and_nothing_written(command, tiny_run, what):
    arguments, words = REFUSED[what]
    if arguments[0] != "latent":
        arguments = ["latent", arguments[0], tiny_run, *arguments[1:]]
    code, out, err = command(*arguments)
    assert code == 2 and words in err and not out
    assert not (tiny_run / "latent").exists()


@pytest.fixture(scope="module")
def conditional(tmp_path_factory):
    """A run of a method that is told the class."""
    small = {"width": 4, "hidden": 4, "batch_size": 8, "steps": 1, "device": "cpu"}
    run = tmp_path_factory.mktemp("conditional") / "run"
    return gansmith.train("cgan", data="mnist", run=run, **small).path


def test_images_are_searched_among_those_of_their_class(command, conditional):
    short = ["--steps", 1, "--restarts", 1]
    code, _, err = command("latent", "invert", conditional, *short)
    assert code == 2 and "--condition NAME. Known: 0, 1, 2" in err
    code, out, err = command("latent", "invert", conditional, *short, "--condition", 7, "--json")
    assert code == 0, err
    told = json.loads(out)
    y = open_data("mnist").held_out().y
    rows = [int(one["name"].split()[-1]) for one in told["images"]]
    assert len(rows) == 8 and {int(y[row]) for row in rows} == {7}
    assert "step 1, class 7" in told["caption"]


def test_no_z_stands_for_a_class_that_is_told_besides(command, conditional):
    concepts = ["--a", 7, "--b", "1,2,3", "--c", "4,5,6"]
    code, _, err = command("latent", "arithmetic", conditional, *concepts)
    assert code == 2 and "--a 7: cgan is told the class besides z" in err


def test_the_help_names_all_verbs(command):
    code, out, _ = command("latent", "--help")
    assert code == 0 and all(verb in out for verb in VERBS)
