"""The picture of the losses holds what it should."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gansmith.plots.losses import plot_losses

Series = dict[str, tuple[np.ndarray, np.ndarray]]


def pair(count: int, generator_scale: float = 1.0) -> Series:
    random, steps = np.random.default_rng(0), np.arange(count)
    return {
        "discriminator loss": (steps, 0.6 + 0.1 * random.normal(size=count)),
        "generator loss": (steps, generator_scale * (1.3 + 0.2 * random.normal(size=count))),
    }


def drawn(path: Path) -> str:
    """The SVG as text; fails where it is not XML."""
    text = path.read_text(encoding="utf-8")
    ET.fromstring(text)
    return text


@pytest.mark.parametrize("count", [0, 1, 2, 10, 3000])
def test_both_losses_are_in_one_picture(tmp_path: Path, count: int) -> None:
    out = tmp_path / "losses.png"
    assert plot_losses(pair(count), out, "gan on digits") == [out, tmp_path / "losses.svg"]
    text = drawn(tmp_path / "losses.svg")
    for name in ("discriminator-loss", "generator-loss"):
        assert f'id="{name}"' in text
        assert f'id="{name}-raw"' in text
    for label in ("gan on digits", "step", "loss"):
        assert f"<!-- {label} -->" in text
    if count:
        assert "<!-- discriminator loss -->" in text
        assert "<!-- generator loss -->" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["losses.png", "losses.svg"]


def test_the_picture_alone(tmp_path: Path) -> None:
    plot_losses(pair(10), tmp_path / "losses.png", "gan", also_svg=False)
    assert [path.name for path in tmp_path.iterdir()] == ["losses.png"]
    with Image.open(tmp_path / "losses.png") as picture:
        assert picture.size == (1200, 675)
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or []}
    assert {(0, 114, 178), (213, 94, 0)} <= colours


def test_long_runs_make_small_files(tmp_path: Path) -> None:
    plot_losses(pair(200_000), tmp_path / "losses.png", "gan")
    assert (tmp_path / "losses.png").stat().st_size < 300_000
    assert (tmp_path / "losses.svg").stat().st_size < 500_000


def test_the_axis_says_when_it_is_logarithmic(tmp_path: Path) -> None:
    plot_losses(pair(500), tmp_path / "linear.png", "gan")
    plot_losses(pair(500, -1000.0), tmp_path / "log.png", "wgan")
    assert "log scale" not in drawn(tmp_path / "linear.svg")
    assert "<!-- loss (log scale beyond ±0.1) -->" in drawn(tmp_path / "log.svg")


def test_values_outside_and_gaps_are_said(tmp_path: Path) -> None:
    series = pair(1000)
    series["discriminator loss"][1][:3] = [1e6, 2e6, 5e6]
    series["generator loss"][1][500:510] = np.nan
    series["generator loss"][1][900] = -np.inf
    plot_losses(series, tmp_path / "losses.png", "gan")
    text = drawn(tmp_path / "losses.svg").replace("\N{NO-BREAK SPACE}", " ")
    assert (
        "<!-- discriminator loss: 3 outside, furthest 5e6 · generator loss: 11 not finite (×) -->"
    ) in text


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, -7.0, 1e30])
def test_odd_values_still_make_a_picture(tmp_path: Path, value: float) -> None:
    series = {"critic loss": (np.arange(100), np.full(100, value))}
    plot_losses(series, tmp_path / "losses.png", "a_b $ c")
    assert drawn(tmp_path / "losses.svg")


def test_many_losses_and_none(tmp_path: Path) -> None:
    steps = np.arange(20)
    many = {f"loss {index}": (steps, index + steps / 20) for index in range(9)}
    plot_losses(many, tmp_path / "many.png", "many")
    plot_losses({}, tmp_path / "none.png", "none")
    assert "<!-- loss 8 -->" in drawn(tmp_path / "many.svg")
    assert "<!-- no values yet -->" in drawn(tmp_path / "none.svg")


def test_other_curves_have_axes_of_their_own_below(tmp_path: Path) -> None:
    steps = np.arange(40)
    below = {"m_global": (steps, 100.0 + steps), "k": (steps, steps / 1000)}
    plot_losses(pair(40), tmp_path / "losses.png", "began", below=below)
    text = drawn(tmp_path / "losses.svg")
    for name in ("discriminator-loss", "m_global", "k"):
        assert text.count(f'id="{name}"') == 1 and f'id="{name}-raw"' in text
    assert text.count('<g id="axes_') == 3 and text.count("<!-- step -->") == 1
    assert "log scale" not in text, "each has a scale of its own"
    with Image.open(tmp_path / "losses.png") as picture:
        assert picture.size == (1200, 1335)


def test_pyplot_stays_out(tmp_path: Path) -> None:
    loaded = "matplotlib.pyplot" in sys.modules
    plot_losses(pair(10), tmp_path / "losses.png", "gan")
    assert ("matplotlib.pyplot" in sys.modules) == loaded
