"""The lab assignment as an executed notebook."""

from __future__ import annotations

import base64
import re
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image, ImageDraw

import gansmith
from gansmith.errors import ConfigError, RunError
from gansmith.evaluation.evaluation import SAMPLES, Wanted, evaluate
from gansmith.notebook import kernel, write_notebook
from gansmith.notebook.facts import course
from gansmith.notebook.look import sizes_before
from gansmith.notebook.show import film_bytes, small
from gansmith.notebook.subject import Subject
from gansmith.notebook.text import HEAD, LANGUAGES, WORDS, sections

CELEBA = (178, 218)
STAGES = [0, 3, 6]


def celeba(folder, count):
    """A folder laid out as CelebA, of drawn faces."""
    random = np.random.default_rng(0)
    (folder / "img_align_celeba").mkdir(parents=True)
    for number in range(1, count + 1):
        face = Image.new("RGB", CELEBA, tuple(random.integers(0, 256, 3).tolist()))
        left, top = random.integers(20, 50, 2).tolist()
        ImageDraw.Draw(face).ellipse((left, top, left + 100, top + 130), fill="#e8b890")
        face.save(folder / "img_align_celeba" / f"{number:06}.jpg")
    rows = [f"{number:06}.jpg  1" for number in range(1, count + 1)]
    (folder / "list_attr_celeba.txt").write_text(f"{count}\nSmiling \n" + "\n".join(rows) + "\n")
    return folder


def full(evaluation, run):
    """A quick evaluation written as if it were of as many samples as a notebook wants."""
    made = replace(evaluation, n=SAMPLES)
    made.write(run.directory.evaluation)
    return made


def outputs(notebook, cell):
    """The data of all outputs of a cell, by kind."""
    found = next(one for one in notebook.cells if one.id == cell)
    return {kind: v for out in found.outputs for kind, v in out.get("data", {}).items()}


def picture(notebook, cell):
    kinds = outputs(notebook, cell)
    content = kinds.get("image/png") or kinds["image/jpeg"]
    return Image.open(BytesIO(base64.b64decode(content)))


def whole(out: Path) -> tuple[nbformat.NotebookNode, list[nbformat.NotebookNode]]:
    """A notebook and its code cells, all executed without an error, in a file that may be kept."""
    text = out.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [o for cell in code for o in cell.outputs if o.output_type == "error"]
    assert not [o for cell in code for o in cell.outputs if o.get("name") == "stderr"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert out.stat().st_size < 3e6 and str(out.parent) not in text
    return notebook, code


def test_from_a_folder_like_celeba_to_the_executed_notebook(command, tmp_path):
    faces = celeba(tmp_path / "celeba", 200)
    how = ["--size", 64, "--steps", STAGES[-1], "--sample-every", STAGES[1], "--width", 4]
    how += ["--hidden", 8, "--batch-size", 4, "--run", tmp_path / "runs" / "faces"]
    assert command("train", "wgan-gp", "--data", faces, *how)[0] == 0
    run = gansmith.load(tmp_path / "runs" / "faces")
    measured = full(evaluate(run, Wanted(n=20)), run)
    out = write_notebook(run, tmp_path / "Lab14-2_20191234.ipynb")

    notebook, code = whole(out)
    assert not list(tmp_path.glob(".*"))
    said = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "# Lab14-2: wgan-gp on celeba" in said and "**20191234**" in said
    printed = next(cell for cell in code if cell.id == "data").outputs[0].text
    assert printed.startswith("200 images to train on, 0 held out\n178×218 → 64×64")
    film = re.search(r"data:image/gif;base64,([^\"]+)", outputs(notebook, "film")["text/html"])
    assert Image.open(BytesIO(base64.b64decode(film[1]))).n_frames == len(STAGES)
    assert picture(notebook, "losses").size == (1200, 675)
    assert picture(notebook, "best").size[0] > 2 * 8 * 64
    table = outputs(notebook, "measures")["text/markdown"]
    for one in measured.measurements:
        assert f"| {one.name} | " in table and f"{one.name}: {one.value:.4g}" in said
    calls = [cell.source for cell in code if cell.id == "training"]
    assert "data=DATA" in calls[0] and "steps=6" in calls[0] and "width=4" in calls[0]
    assert "--data celeba --run faces --size 64 --steps 6" in said


@pytest.fixture
def image_run(tmp_path):
    """A run on the digits, of a method that is described by its own words."""
    how = {"width": 4, "hidden": 8, "batch_size": 4, "sample_every": 2, "steps": 4}
    return gansmith.train("dcgan", data="mnist", run=tmp_path / "runs" / "d", **how)


@pytest.mark.slow
def test_where_the_run_is_gone_the_notebook_trains_the_same_again(image_run, tmp_path):
    full(evaluate(image_run, Wanted(n=20)), image_run)
    away = tmp_path / "away"
    out = write_notebook(image_run, away / "lab_1.ipynb", "ko")
    (tmp_path / "runs").rename(tmp_path / "gone")
    notebook = nbformat.read(out, as_version=4)
    kernel.execute(notebook, away)
    again = gansmith.load(away / "d")
    assert (
        again.directory.metrics.read_bytes()
        == (tmp_path / "gone" / "d" / "metrics.jsonl").read_bytes()
    )


def test_a_cell_that_fails_is_named_and_nothing_is_written(image_run, tmp_path, monkeypatch):
    monkeypatch.setattr("gansmith.notebook.code.DATA", "raise ValueError('no such thing')")
    out = tmp_path / "lab_1.ipynb"
    out.write_text("as before")
    with pytest.raises(RunError, match=r'cell "data" .* failed: ValueError: no such thing'):
        write_notebook(image_run, out)
    assert out.read_text() == "as before" and not list(tmp_path.glob(".*"))


def test_what_is_refused(image_run, tmp_path, monkeypatch):
    with pytest.raises(ConfigError, match=r"ends in \.ipynb"):
        write_notebook(image_run, tmp_path / "lab.html")
    with pytest.raises(ConfigError, match="language 'de'"):
        write_notebook(image_run, tmp_path / "lab.ipynb", "de")
    points = gansmith.train("gan", data="8gaussians", run=tmp_path / "p", hidden=(4,), steps=1)
    with pytest.raises(RunError, match="Points"):
        write_notebook(points, tmp_path / "lab.ipynb")
    monkeypatch.setitem(sys.modules, "nbclient", None)
    with pytest.raises(ConfigError, match=r'pip install "gansmith\[notebook\]"'):
        write_notebook(image_run, tmp_path / "lab.ipynb")


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_sections_and_formulas(language):
    english = HEAD.findall((WORDS / "en.md").read_text(encoding="utf-8"))
    assert list(sections(language)) == english
    for name, text in sections(language).items():
        formulas = re.findall(r"\$\$.+?\$\$", text)
        assert len(formulas) == len(re.findall(r"\$\$.+?\$\$", sections("en")[name]))


def test_how_a_curve_went():
    noise = np.random.default_rng(0).normal(size=1000)
    time = np.linspace(0, 1, 1000)
    assert course("a", noise).trend == "level" and not course("a", noise).moving
    falling = course("a", noise - 100 * time)
    assert (falling.trend, falling.moving) == ("fell", True)
    early = course("a", noise + 100 * np.minimum(time, 0.5))
    assert (early.trend, early.moving) == ("rose", False)
    assert float(early.end) == pytest.approx(50, abs=0.5)
    assert course("a", np.full(3, np.nan)) is None


def test_pictures_stay_small(tmp_path, monkeypatch):
    monkeypatch.setattr("gansmith.notebook.show.FILMS", ((8, 200), (4, 200), (4, 100)))
    noise = np.random.default_rng(0).integers(0, 256, (8, 200, 200, 3)).astype(np.uint8)
    assert len(small(Image.fromarray(noise[0]), 40_000).data) <= 40_000
    frames = [tmp_path / f"{number:06}.png" for number in range(8)]
    for frame, path in zip(noise, frames, strict=True):
        Image.fromarray(frame).save(path)
    film = Image.open(BytesIO(content := film_bytes(frames, 330_000)))
    assert len(content) <= 330_000 and (film.n_frames, film.width) == (4, 200)


def test_sizes_of_files_and_names(tmp_path, image_run):
    (made := tmp_path / "made").mkdir()
    for number, size in enumerate([(10, 20), (30, 5)]):
        Image.new("L", size).save(made / f"{number}.png")
    assert sizes_before(str(made)) == "10×5 to 30×20"
    assert Subject(image_run, tmp_path / "Lab14-2_99.ipynb", "en").lab == ("Lab14-2", "99")
    assert Subject(image_run, tmp_path / "notes.ipynb", "en").lab == ("notes", "ID")
    assert Subject(image_run, tmp_path / "x" / "a.ipynb", "en").places == ["../runs/d", "d"]
