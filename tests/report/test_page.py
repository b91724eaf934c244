"""The page as a whole: what it holds, and that nothing breaks out of it or reaches out."""

from __future__ import annotations

import base64
import json
import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import gansmith
from gansmith.evaluation.evaluation import evaluate
from gansmith.report.report import Asked, write_report
from gansmith.report.words import words

from .conftest import HOSTILE, WANTED, Page, page_of

EXAMPLE = f"{Path(__file__).parents[2] / 'examples' / 'my_gan.py'}:MyGAN"


def contained(page) -> None:
    """Nothing of it is fetched from anywhere, and nothing in it is run."""
    policies = [a["content"] for a in page.all("meta") if "http-equiv" in a]
    assert policies and "default-src 'none'" in policies[0]
    assert not page.all("script") and not page.all("link") and not page.all("iframe")
    assert all(image["src"].startswith("data:image/") for image in page.all("img"))
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert "href" not in attributes
    assert all(image["alt"] for image in page.all("img"))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_holds_every_section_in_order(evaluated, language):
    page, w = page_of(evaluated, language), words(language)
    contained(page)
    assert page.all("html")[0]["lang"] == language
    sections = ["trained", "animation", "losses", "samples", "measures", "left_out", "fields",
                "method", "files"]  # fmt: skip
    found = re.findall(r"<h2>(.*?)</h2>", page.source)
    assert [one for one in found if one != w["neighbours"]["heading"]] == [
        w[section]["heading"] for section in sections
    ]
    assert page.all("math") and "CC BY-SA 3.0" in page.text
    assert len(page.source) < 5_000_000


def test_pictures_are_what_they_say(evaluated):
    page = page_of(evaluated)
    kinds = []
    for image in page.all("img"):
        kind, _, content = image["src"].removeprefix("data:image/").partition(";base64,")
        kinds.append(kind)
        if kind != "svg+xml":
            with Image.open(BytesIO(base64.b64decode(content))) as picture:
                assert picture.format.lower() == kind
                assert picture.size == (int(image["width"]), int(image["height"]))
    assert kinds[:3] == ["gif", "png", "svg+xml"]


def test_the_numbers_are_those_of_the_evaluation(evaluated):
    page = page_of(evaluated)
    (one,) = json.loads((evaluated / "evaluation.json").read_text())["measurements"]
    assert f"{one['value']:.4g}" in page.text
    assert one["trust"] in page.text and not one["trusted"]
    assert "64 samples are too few" in page.text


def test_points_are_measured_first_and_shown_as_points(points_run, tmp_path):
    run = shutil.copytree(points_run, tmp_path / "run")
    page = page_of(run, n=64)
    contained(page)
    w = words("en")
    assert json.loads((run / "evaluation.json").read_text())["n"] == 64
    assert w["samples"]["points_alt"] in page.source
    assert f"{w['left_out']['neighbours']}: {w['left_out']['points']}" in page.text
    assert "a point in 2 dimensions" in page.text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_hostile_names_stay_text(hostile, language):
    page = page_of(hostile, language)
    contained(page)
    assert not page.all("b") and not page.all("i")
    assert page.text.count(HOSTILE) >= 3 and "<i>&" in page.text
    licence = words(language)["trained"]["licence_unknown"]
    assert licence in page.text


def test_without_the_data_what_needs_it_is_left_out(hostile):
    shutil.rmtree(hostile.parent / HOSTILE)
    page = page_of(hostile)
    contained(page)
    w = words("en")
    said = w["left_out"]["no_judge"].partition("{")[0]
    assert page.text.count(said) == 2
    assert w["samples"]["best_alt"] not in page.source
    assert w["samples"]["uncurated_alt"] in page.source


def test_what_is_missing_of_the_pictures_is_made_again(evaluated):
    for name in ("losses.png", "losses.svg", "samples.gif"):
        (evaluated / name).unlink()
    assert len(page_of(evaluated).all("img")) >= 5
    assert (evaluated / "losses.svg").exists() and (evaluated / "samples.gif").exists()


def test_a_run_without_pictures_says_so(evaluated):
    shutil.rmtree(evaluated / "samples")
    for name in ("losses.png", "losses.svg", "metrics.jsonl"):
        (evaluated / name).unlink()
    page, w = page_of(evaluated), words("en")
    assert w["animation"]["missing"] in page.text and w["losses"]["missing"] in page.text


def test_a_method_of_the_user_is_named_and_hashed(tmp_path):
    small = {"batch_size": 4, "steps": 1, "device": "cpu"}
    run = gansmith.train(EXAMPLE, run=tmp_path / "own", **small)
    evaluate(run, WANTED)
    page, w = Page(write_report(run, Asked())[0]), words("en")
    contained(page)
    assert w["trained"]["own"].format(name="MyGAN") in page.text
    assert run.config.method_sha256 in page.text and "FILE.py:MyGAN" in page.text
    assert not page.all("math") and "A relativistic GAN" in page.text
