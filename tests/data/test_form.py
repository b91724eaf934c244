"""Sizes, cuts, backgrounds: what a user may ask of pictures, and that it is what they get."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.config import RunConfig
from gansmith.data import open_data
from gansmith.data.form import Form, parsed, plain
from gansmith.errors import ConfigError, DataError

BANDS = np.repeat(np.array([[0] * 4 + [100] * 4 + [200] * 4], dtype=np.uint8), 4, axis=0)
"""4 high, 12 wide: black, grey, light."""


def whole(folder, pixels, **form) -> torch.Tensor:
    """All pixels of a folder of images in this form."""
    data = open_data(str(folder), Form(**form))
    return pixels(data.take(torch.arange(data.spec.size)).x)


@pytest.fixture
def bands(tmp_path):
    """A folder with one wide picture."""
    Image.fromarray(BANDS).save(tmp_path / "1.png")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "size"), [("64", 64), ("64x96", (64, 96)), ("64X96", (64, 96)), ("8x8", 8)]
)
def test_a_size_is_height_times_width(text, size):
    assert plain(parsed(text)) == size


@pytest.mark.parametrize("text", ["", "x", "64x", "64x96x3", "large", "6.4"])
def test_what_is_no_size_on_the_command_line(command, text):
    code, _, said = command("train", "dcgan", f"--size={text}")
    assert code == 2 and "--size" in said and "64x96" in said


@pytest.mark.parametrize("size", [0, (4, 0), (4, -4), (1, 2, 3), (4,), 4.5, "64", True, (4, True)])
def test_what_is_no_size_in_python(size):
    with pytest.raises(DataError, match=r"--size .*: give the side of the images in pixels"):
        Form(size=size)


def test_height_comes_first(paint, tmp_path):
    paint(tmp_path / "1.png", 7)
    data = open_data(str(tmp_path), Form(size=(8, 12)))
    assert data.spec.shape == (1, 8, 12)


def test_the_centre_of_the_wanted_shape_is_cut_out(bands, pixels):
    assert (whole(bands, pixels, size=4) == 100).all()
    assert (whole(bands, pixels, size=(4, 12))[0, 0].numpy() == BANDS).all()
    assert (whole(bands, pixels, size=(4, 6))[0, 0, 0] == torch.tensor([0, *[100] * 4, 200])).all()


def test_stretching_keeps_the_whole(bands, pixels):
    found = whole(bands, pixels, size=(24, 12), crop="resize")
    assert found.shape == (1, 1, 24, 12)
    assert (found[0, 0].numpy() == BANDS[:1]).all()


def test_padding_keeps_the_whole_and_its_shape(bands, pixels):
    found = whole(bands, pixels, size=12, crop="pad", background="#0a0a0a")[0, 0]
    assert (found[4:8].numpy() == BANDS).all()
    assert (found[:4] == 10).all() and (found[8:] == 10).all()


def test_the_background_shows_through(tmp_path, pixels):
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "1.png")
    assert whole(tmp_path, pixels, size=4)[0, :, 0, 0].tolist() == [255] * 3
    red = whole(tmp_path, pixels, size=4, background="#c80a14")
    assert red[0, :, 0, 0].tolist() == [200, 10, 20]


@pytest.mark.parametrize("colour", ["whitish", "", "#ff00", "#00000080", "1"])
def test_what_is_no_colour(colour):
    with pytest.raises(DataError, match=r"--background .*: give a colour such as"):
        Form(background=colour)


def test_digits_of_another_shape(pixels):
    square = open_data("mnist", Form(size=28)).take(torch.arange(4)).x
    padded = open_data("mnist", Form(size=(28, 40), crop="pad", background="black"))
    assert padded.spec.shape == (1, 28, 40)
    x = padded.take(torch.arange(4)).x
    assert x[..., 6:34].equal(square) and (x[..., :6] == -1).all() and (x[..., 34:] == -1).all()
    stretched = open_data("mnist", Form(size=(28, 56), crop="resize")).take(torch.arange(4)).x
    means = torch.nn.functional.avg_pool2d(stretched, (1, 2))
    assert abs(means - square).mean() < 0.05


@pytest.mark.parametrize(
    "form", [{"size": 8}, {"crop": "pad"}, {"background": "red"}, {"label": ("x",)}], ids=str
)
def test_points_have_no_form(form):
    with pytest.raises(DataError, match=r"--(label chooses among|\w+ is for images)"):
        open_data("8gaussians", Form(**form))


@pytest.mark.parametrize("data", ["mnist", "folder"])
def test_attributes_where_there_are_none(paint, tmp_path, monkeypatch, data):
    monkeypatch.chdir(tmp_path)
    paint(tmp_path / "folder" / "1.png")
    with pytest.raises(DataError, match="--label chooses among attributes"):
        open_data(data, Form(label=("Smiling",)))


class TestRuns:
    GIVEN = ("--size", "16x24", "--crop", "pad", "--background", "navy")
    SMALL = ("--width", 4, "--hidden", 4, "--batch-size", 4, "--steps", 2, "--device", "cpu")

    @pytest.mark.parametrize("method", ["dcgan", "wgan-gp"])
    @pytest.mark.parametrize("colour", [80, (80, 10, 200)], ids=["grey", "colour"])
    def test_images_that_are_not_square(self, paint, tmp_path, command, method, colour):
        for number in range(6):
            paint(tmp_path / "in" / f"{number}.png", colour, (48, 32))
        code, out, said = command(
            "train", method, *self.SMALL, "--data", tmp_path / "in", "--size", "32x48",
            "--sample-every", 1, "--run", tmp_path / "run", "--json",
        )  # fmt: skip
        assert code == 0, said
        channels = 1 if isinstance(colour, int) else 3
        run = gansmith.load(tmp_path / "run")
        assert run.config.spec.shape == (channels, 32, 48)
        assert run.sample(3).shape == (3, channels, 32, 48)
        sizes = []
        for name in ("samples/000002.png", "samples.gif"):
            with Image.open(tmp_path / "run" / name) as picture:
                sizes.append(picture.size)
        # 8 x 8 images with 2 pixels of ground around each; the film has its text below.
        assert sizes[0] == (8 * 50 + 2, 8 * 34 + 2)
        assert sizes[1][0] == sizes[0][0] and sizes[1][1] > sizes[0][1]
        assert json.loads(out)["step"] == 2

    def test_the_form_stands_in_the_configuration_and_resume_uses_it(
        self, paint, tmp_path, command
    ):
        for number in range(6):
            paint(tmp_path / "in" / f"{number}.png", (number, 0, 0), (9, 9))
        start = ("train", "dcgan", *self.SMALL, "--data", tmp_path / "in")
        code, _, said = command(*start, *self.GIVEN, "--run", tmp_path / "run")
        assert code == 0, said
        config = RunConfig.read(tmp_path / "run" / "config.json")
        assert config.form == Form(size=(16, 24), crop="pad", background="navy")
        code, _, said = command("resume", tmp_path / "run", "--steps", 3)
        assert code == 0, said  # a set of another form would be another set
        again = ("--config", tmp_path / "run" / "config.json", "--run", tmp_path / "again")
        code, _, said = command("train", "dcgan", *again, "--steps", 1)
        assert code == 0, said
        other = RunConfig.read(tmp_path / "again" / "config.json")
        assert other.form == config.form and other.spec == config.spec

    def test_a_configuration_from_before_there_was_a_form(self, tiny_run):
        raw = json.loads((tiny_run / "config.json").read_text())
        now = RunConfig.read(tiny_run / "config.json")
        assert raw.pop("form")["size"] is None
        raw["size"] = None
        (tiny_run / "config.json").write_text(json.dumps(raw))
        assert RunConfig.read(tiny_run / "config.json") == now
        raw["size"] = 32
        (tiny_run / "config.json").write_text(json.dumps(raw))
        assert RunConfig.read(tiny_run / "config.json").form == Form(size=32)

    def test_a_size_that_a_network_cannot_make(self, paint, tmp_path):
        paint(tmp_path / "in" / "1.png")
        with pytest.raises(ConfigError, match="30x47 pixels"):
            gansmith.train("dcgan", data=str(tmp_path / "in"), size=(30, 47), run=tmp_path / "r")

    def test_what_cannot_be_read_is_said_on_stderr_and_recorded(self, paint, tmp_path, command):
        for number in range(5):
            paint(tmp_path / "in" / f"{number}.png", number)
        (tmp_path / "in" / "bad.png").write_text("no")
        start = ("train", "dcgan", *self.SMALL, "--data", tmp_path / "in", "--size", 16)
        code, out, said = command(*start, "--run", tmp_path / "run", "--json")
        assert code == 0 and json.loads(out)["step"] == 2
        assert said.count("bad.png") == 1 and "1 images" in said
        spec = RunConfig.read(tmp_path / "run" / "config.json").spec
        assert spec.unreadable == ("bad.png: not an image",) and spec.size == 5
