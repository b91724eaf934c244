"""Samples that copy training images: found by a measure, and shown."""

from __future__ import annotations

import base64
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data import open_data
from gansmith.evaluation.evaluation import Wanted, evaluate, read_evaluation
from gansmith.metrics import made
from gansmith.report.words import words
from gansmith.trained import load

from .conftest import page_of

WANTED = Wanted(n=80, features="random", measures=("memorisation",), seed=3)


@pytest.fixture
def copyist(monkeypatch):
    """Whatever is drawn, it is training images."""
    data = open_data("mnist")

    def draw(method, nets, spec, number, seed):
        return data.take(torch.arange(seed, seed + number)).x

    monkeypatch.setattr(made, "all_samples", draw)
    monkeypatch.setattr("gansmith.report.shown.all_samples", draw)


def halves(picture: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """The two images of each pair of a picture of digits, enlarged to 56 pixels."""
    corners = [(2 + 58 * row, 2 + 114 * column) for row in range(4) for column in range(4)]
    both = [picture[top : top + 56, left : left + 112] for top, left in corners]
    return [(one[:, :56], one[:, 56:]) for one in both]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_copyist_is_shown_with_what_it_copied(tiny_run, copyist, language):
    run, c = load(tiny_run), words(language)["copies"]
    evaluate(run, WANTED)
    page = page_of(tiny_run, language)
    assert c["memorising"] in page.text and c["heading"] in page.text
    (shown,) = [image for image in page.all("img") if image["alt"] == c["alt"]]
    with Image.open(BytesIO(base64.b64decode(shown["src"].partition("base64,")[2]))) as picture:
        pixels = np.asarray(picture)
    with Image.open(run.directory.pairs) as picture:
        assert "Left of each pair: generated" in picture.text["Description"]
        assert np.array_equal(np.asarray(picture), pixels)
    assert len(pairs := halves(pixels)) == 16
    assert all(np.array_equal(left, right) and left.max() > 200 for left, right in pairs)


def test_what_does_not_copy_is_told_and_its_pairs_are_named(tiny_run, command):
    given = ("--n", 80, "--features", "random", "--measures", "memorisation")
    code, out, _ = command("evaluate", tiny_run, *given)
    assert code == 0 and f"beside them: {tiny_run / 'nearest-pairs.png'}" in out
    assert (tiny_run / "nearest-pairs.png").stat().st_size < 300_000
    word = read_evaluation(tiny_run / "evaluation.json")["memorised"].details["verdict"]
    key = {"no sign of memorising": "no_sign", "cannot tell": "cannot_tell"}[word]
    assert words("en")["copies"][key] in page_of(tiny_run).text


def test_pairs_of_another_evaluation_do_not_stay(tiny_run):
    run = load(tiny_run)
    run.directory.pairs.write_bytes(b"of before")
    evaluate(run, replace(WANTED, measures=("sliced",)))
    assert not run.directory.pairs.exists()
