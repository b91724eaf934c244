"""Samples of classes that are asked for, and grids with a row for each."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.errors import ConfigError
from gansmith.plots.image_grid import GROUND, image_grid, in_rows

BY_CLASS = f"{Path(__file__).parent / 'labelled_methods.py'}:ByClass"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> gansmith.Run:
    """A run that generates digits by class."""
    return gansmith.train(
        BY_CLASS, run=tmp_path_factory.mktemp("by") / "class", batch_size=8, steps=2,
        device="cpu", sample_every=2,
    )  # fmt: skip


def test_a_row_for_each_kind():
    images = np.linspace(-1, 1, 7, dtype=np.float32).reshape(7, 1, 1, 1)
    placed, columns = in_rows(images, 3)
    assert columns == 3
    order = [0, 3, 6, 1, 4, None, 2, 5, None]
    for image, number in zip(placed.flatten(), order, strict=True):
        expected = GROUND / 127.5 - 1 if number is None else images[number, 0, 0, 0]
        assert image == pytest.approx(expected, abs=1e-6)
    grid = np.asarray(image_grid(placed, columns, scale=1))
    assert grid[-3, -3] == GROUND, "an empty place is not seen"


def test_samples_of_a_class_are_those_among_all(run):
    shared = run.sample(20)
    _, state = run.restored()
    sevens = run.sample(20, classes=["7"])
    assert torch.equal(sevens[7], shared[7]) and torch.equal(sevens[17], shared[17])
    assert not torch.equal(sevens[0], shared[0])
    two = run.sample(4, classes=["7", "3"])
    assert torch.equal(two[::2], sevens[:4:2]), "in turn, from the same noise"
    shift = state.averaged["generator"].shift.weight[:, [7, 3]].T
    noise = two.flatten(1).atanh()
    expected = run.sample(4, classes=["3"]).flatten(1).atanh()[0] + shift[0] - shift[1]
    torch.testing.assert_close(noise[0], expected, rtol=1e-3, atol=1e-3)


def test_the_verb(run, command, tmp_path):
    out = tmp_path / "grid.png"
    given = ["sample", run.path, "--method", BY_CLASS, "--json", "--out", out]
    code, told, said = command(*given)
    assert code == 0, said
    told = json.loads(told)
    assert (told["n"], told["classes"]) == (80, list("0123456789"))
    with Image.open(out) as grid, Image.open(run.directory.sample(2)) as trained:
        assert grid.size == trained.size == (8 * 58 + 2, 10 * 58 + 2), "ten rows of eight"
        assert "in turn: 0; 1" in grid.info["Comment"]
    told = json.loads(command(*given, "--class", 7, 3, "--n", 5)[1])
    assert (told["n"], told["classes"]) == (5, ["7", "3"])
    with Image.open(out) as grid:
        assert grid.size == (3 * 58 + 2, 2 * 58 + 2)
    assert json.loads(command(*given, "--class", 7)[1])["n"] == 64
    told = json.loads(command(*given[:-2], "--class", 7)[1])
    assert Path(told["out"]).name == "samples-64-seed-0-7.png"


def test_what_cannot_be_asked_for(run, tiny_run, command):
    with pytest.raises(ConfigError, match=r"--class 17: no such class\. Did you mean"):
        run.sample(2, classes=["17"])
    code, _, said = command("sample", run.path, "--method", BY_CLASS, "--class", 7, 7)
    assert code == 2 and "give each class once" in said
    code, _, said = command("sample", tiny_run, "--class", 7)
    assert code == 2 and "--class 7: this run does not generate by class" in said
    assert json.loads(command("sample", tiny_run, "--json")[1])["classes"] is None


def test_the_latent_space_of_a_class(run):
    from gansmith import latent
    from gansmith.latent.which import Which

    space = latent.open_space(run, Which(condition="7"))
    z = space.drawn([7])
    torch.testing.assert_close(space(z), run.sample(8)[7:])
