"""The parts of the page: hyper-parameters, the command, the chosen samples, pictures kept small."""

from __future__ import annotations

import base64
import dataclasses
import shlex
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.batch import Points
from gansmith.config import RunConfig, Training, choose_method
from gansmith.data.form import Form
from gansmith.evaluation.evaluation import evaluate
from gansmith.flags import parse_train
from gansmith.hyperparameters import with_fields
from gansmith.report import neighbours, pictures
from gansmith.report.command import command
from gansmith.report.fields import meanings, table
from gansmith.report.words import words
from gansmith.run.directory import RunDirectory
from gansmith.trained import load

from .conftest import WANTED, page_of

EXAMPLE = f"{Path(__file__).parents[2] / 'examples' / 'my_gan.py'}:MyGAN"
W = words("en")


def test_what_differs_from_the_paper_is_marked():
    ours = table(choose_method("dcgan", None, "LabeledImages"), "LabeledImages", W)
    marked = {row.name: row.paper for row in ours.rows if row.deviates}
    # Radford et al. 2015, sections 3 and 4, and figure 1
    assert marked == {
        "--batch-size": "128", "--z-dim": "100", "--prior": "uniform", "--width": "128",
        "--hidden": "0", "--learning-rate": "0.0002", "--betas": "0.5, 0.999",
        "--shift": "0", "--ema-decay": "0", "--kernel": "5",
    }  # fmt: skip
    assert ours.has_paper and ours.deviations.startswith("Deviations: the default has 4x4 kernels")
    paper = table(choose_method("dcgan", "paper", "LabeledImages"), "LabeledImages", W)
    assert not any(row.deviates for row in paper.rows)


def test_without_a_paper_it_is_the_default_that_counts():
    method = with_fields(choose_method("gan", None, "Points"), {"learning_rate": 0.01})
    found = table(method, "Points", W)
    assert not found.has_paper
    assert [(row.name, row.default) for row in found.rows if row.deviates] == [
        ("--learning-rate", "0.0002")
    ]
    assert {row.default for row in found.rows if row.name == "--hidden"} == {"128, 128, 128"}


@pytest.mark.parametrize("name", ["gan", "dcgan", "wgan-gp", EXAMPLE])
def test_every_field_has_a_meaning(name):
    kind = type(choose_method(name, None, "LabeledImages"))
    said = meanings(kind)
    assert set(said) >= {field.name for field in dataclasses.fields(kind)}
    assert said["z_dim"].startswith("Length of the noise vector z")


COMMANDS = [
    ("dcgan", None, {}, "mnist", Form()),
    ("dcgan", "paper", {"width": 16, "augment": ("flip", "cutout"), "adaptive": True},
     "a folder; rm -rf 'x'", Form(size=(64, 96), crop="pad", background="#ff8800")),
    ("wgan-gp", "fast", {"betas": (0.1, 0.8), "n_critic": 3}, "mnist", Form(size=32)),
    ("gan", "lecture", {"hidden": (16, 8), "loss": "minimax"}, "8gaussians", Form()),
]  # fmt: skip


@pytest.mark.parametrize("given", COMMANDS, ids=lambda given: given[0])
def test_the_command_gives_the_same_run(tiny_run, tmp_path, monkeypatch, given):
    name, preset, fields, data, form = given
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / COMMANDS[1][3]
    folder.mkdir()
    Image.new("RGB", (8, 8)).save(folder / "one.png")
    config = _config(RunConfig.read(tiny_run / "config.json"), given)
    method = with_fields(choose_method(name, preset, config.spec.batch.__name__), fields)
    program, verb, *arguments = shlex.split(command(config, method, steps=123))
    assert (program, verb) == ("gansmith", "train")
    read_name, parsed, values = parse_train(arguments)
    assert (read_name, parsed.training.steps, parsed.training.seed) == (name, 123, 7)
    assert values == {f.name: getattr(method, f.name) for f in dataclasses.fields(method)}
    assert parsed.training.data == data and parsed.training.form == form
    assert parsed.training.minutes is None and parsed.training.precision == "fp32"


def _config(known, given):
    """The configuration of another run."""
    name, preset, _, data, form = given
    training = Training(
        steps=None, minutes=3.0, seed=7, device="cpu", precision="fp32", checkpoint_every=5,
        sample_every=6,
    )  # fmt: skip
    points = {"batch": Points, "shape": (2,)} if data == "8gaussians" else {}
    spec = dataclasses.replace(known.spec, **points)
    return dataclasses.replace(
        known, method=name, preset=preset, data=data, form=form, training=training, spec=spec
    )


def test_a_method_from_a_file_is_named_without_its_path(tiny_run):
    known = RunConfig.read(tiny_run / "config.json")
    own = dataclasses.replace(known, method="MyGAN", method_sha256="0" * 64)
    method = choose_method(EXAMPLE, None, "LabeledImages")
    assert command(own, method, 4).startswith("gansmith train FILE.py:MyGAN --data mnist")


def test_a_large_picture_is_shrunk():
    noise = np.random.default_rng(0).integers(0, 256, (500, 700, 3), dtype=np.uint8)
    made = pictures.embedded(Image.fromarray(noise), {})
    assert made.shrunk and made.uri.startswith("data:image/jpeg")
    assert len(made.uri) * 3 / 4 <= pictures.MOST_BYTES + 100
    small = pictures.embedded(Image.new("L", (9, 7)), {"Software": "x"})
    assert not small.shrunk and (small.width, small.height) == (9, 7)


def test_all_pictures_fit_below_five_megabytes():
    still, losses, plain, best, nearest, copies = [pictures.MOST_BYTES] * 6
    pixels = pictures.MOST_ANIMATED + still + losses + plain + best + nearest + copies
    assert pixels * 4 / 3 < 4_800_000


def test_an_animation_that_is_too_large_is_made_smaller(tmp_path, monkeypatch):
    directory = RunDirectory(tmp_path)
    directory.samples.mkdir()
    random = np.random.default_rng(0)
    for step in range(0, 30, 3):
        noise = random.integers(0, 256, (220, 220), dtype=np.uint8)
        Image.fromarray(noise).save(directory.sample(step))
    monkeypatch.setattr(pictures, "MOST_ANIMATED", 120_000)
    film = pictures.film(directory, {})
    assert film is not None and (film.first, film.last) == (0, 27)
    assert film.moving.shrunk and len(film.moving.uri) * 3 / 4 <= 120_100
    assert directory.animation.stat().st_size > 120_000
    _, _, content = film.still.uri.partition("base64,")
    assert content and film.still.width == 4 * pictures.STILL_PIXELS + 3 * 12


def test_neighbours_stand_beside_their_samples(monkeypatch):
    rows = np.array([[2, 0], [1, 2]])
    monkeypatch.setattr(neighbours, "nearest_training", lambda x, train, k: (rows, rows / 1))
    train = torch.tensor([-1.0, 0.0, 1.0]).reshape(3, 1, 1, 1).expand(3, 1, 64, 64)
    x = torch.full((2, 1, 64, 64), -1.0)
    picture = np.asarray(neighbours.neighbours_picture(x, train))
    right = 68 + neighbours.GAP
    middles = [picture[34, 34], picture[34, right + 34], picture[34, right + 100]]
    assert middles == [0, 255, 0]
    assert picture[100, right + 34] in (127, 128) and picture[100, right + 100] == 255


def test_metadata_says_that_a_picture_was_generated(evaluated):
    page = page_of(evaluated)
    (plain,) = [i for i in page.all("img") if i["alt"] == W["samples"]["uncurated_alt"]]
    with Image.open(BytesIO(base64.b64decode(plain["src"].partition("base64,")[2]))) as picture:
        assert "Generated" in picture.text["Description"]
        assert load(evaluated).config.method in picture.text["Source"]


@pytest.mark.parametrize(("language", "said"), [("en", "A row for each class"), ("ko", "행마다")])
def test_classes_that_are_asked_for_have_a_row_each(tmp_path, language, said):
    small = {"width": 4, "hidden": 4, "batch_size": 8, "steps": 1, "device": "cpu"}
    run = gansmith.train("cgan", data="mnist", run=tmp_path / "run", **small)
    evaluate(run, WANTED)
    page = page_of(run.path, language)
    assert said in page.text and "0, 1, 2, 3, 4, 5, 6, 7, 8, 9." in page.text
    alt = words(language)["samples"]["uncurated_alt"]
    (plain,) = [i for i in page.all("img") if i["alt"] == alt]
    with Image.open(BytesIO(base64.b64decode(plain["src"].partition("base64,")[2]))) as picture:
        assert picture.width / picture.height == pytest.approx(8 / 10, rel=0.02)
