"""The film shows the frames that it was given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gansmith.plots import animation
from gansmith.plots.animation import CAPTION_HEIGHT, animate, thinned
from gansmith.plots.palette import in_few_colours

SIDE = 40


def saved(folder: Path, count: int, mode: str = "L") -> list[Path]:
    """Frames with a bright block that moves: no two are equal."""
    paths = [folder / f"{index:06d}.png" for index in range(count)]
    for index, path in enumerate(paths):
        pixels = np.zeros((SIDE, SIDE, 3), dtype=np.uint8)
        pixels[index % SIDE, : 1 + index // SIDE] = (255, 80, 10)
        Image.fromarray(pixels).convert(mode).save(path)
    return paths


def read(path: Path) -> tuple[list[np.ndarray], list[int], Image.Image]:
    film = Image.open(path)
    frames, durations = [], []
    for index in range(getattr(film, "n_frames", 1)):
        film.seek(index)
        frames.append(np.asarray(film.convert("RGB")).astype(int))
        durations.append(film.info.get("duration", 0))
    film.seek(0)
    return frames, durations, film


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_frames_durations_and_content(tmp_path: Path, mode: str) -> None:
    paths = saved(tmp_path, 12, mode)
    assert animate(paths, tmp_path / "out.gif", milliseconds=90) == tmp_path / "out.gif"
    frames, durations, film = read(tmp_path / "out.gif")
    with film:
        assert durations == [90] * 11 + [2500]
        assert film.info["loop"] == 0
        assert b"enerated" in film.info["comment"]
    for frame, path in zip(frames, paths, strict=True):
        expected = np.asarray(Image.open(path).convert("RGB")).astype(int)
        assert np.abs(frame - expected).max() <= (2 if mode == "L" else 0)


def test_greyscale_stays_greyscale(tmp_path: Path) -> None:
    animate(saved(tmp_path, 3), tmp_path / "out.gif", ["a", "b", "c"])
    frames, _, film = read(tmp_path / "out.gif")
    with film:
        assert film.mode == "L"
    assert all((frame == frame[..., :1]).all() for frame in frames)


def test_long_films_are_thinned_and_keep_both_ends(tmp_path: Path) -> None:
    paths = saved(tmp_path, 50)
    animate(paths, tmp_path / "out.gif", most=7)
    frames, durations, film = read(tmp_path / "out.gif")
    film.close()
    assert len(frames) == 7
    assert durations[0] == 500
    assert frames[0][0, 0, 0] > 100
    assert frames[-1][49 % SIDE, 0, 0] > 100


def test_thinned_indices_are_even() -> None:
    assert thinned(5, 120) == [0, 1, 2, 3, 4]
    assert thinned(101, 5) == [0, 25, 50, 75, 100]
    assert thinned(9, 1) == [8]
    with pytest.raises(ValueError, match="at most 0"):
        thinned(3, 0)


def test_large_files_lose_every_other_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(animation, "MOST_BYTES", 1)
    paths = saved(tmp_path, 80)
    animate(paths, tmp_path / "out.gif", milliseconds=100)
    frames, durations, film = read(tmp_path / "out.gif")
    film.close()
    assert len(frames) == 20
    assert durations == [400] * 19 + [2500]
    assert frames[-1][79 % SIDE, 1, 0] > 100


def test_captions_stand_below_the_picture(tmp_path: Path) -> None:
    paths = saved(tmp_path, 2, "RGB")
    animate(paths, tmp_path / "out.gif", ["1", "a caption far too long for this picture"])
    frames, _, film = read(tmp_path / "out.gif")
    film.close()
    for frame, path in zip(frames, paths, strict=True):
        assert frame.shape == (SIDE + CAPTION_HEIGHT, SIDE, 3)
        assert (frame[:SIDE] == np.asarray(Image.open(path))).all()
        assert frame[SIDE:].min() < 120
    assert (frames[0][SIDE:] != frames[1][SIDE:]).any()


def test_no_frames_write_nothing(tmp_path: Path) -> None:
    assert animate([], tmp_path / "out.gif", []) is None
    assert list(tmp_path.iterdir()) == []


def test_one_frame(tmp_path: Path) -> None:
    (path,) = saved(tmp_path, 1)
    animate([path], tmp_path / "out.gif", ["step 1"])
    frames, _, film = read(tmp_path / "out.gif")
    film.close()
    assert len(frames) == 1


def test_captions_must_match_frames(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 captions for 2 frames"):
        animate(saved(tmp_path, 2), tmp_path / "out.gif", ["a"])


def test_mixed_sizes_and_modes_become_those_of_the_last_frame(tmp_path: Path) -> None:
    Image.new("L", (10, 20), 200).save(tmp_path / "a.png")
    Image.new("RGB", (1280, 640), (0, 200, 0)).save(tmp_path / "b.png")
    animate([tmp_path / "a.png", tmp_path / "b.png"], tmp_path / "out.gif")
    frames, _, film = read(tmp_path / "out.gif")
    film.close()
    assert [frame.shape for frame in frames] == [(320, 640, 3)] * 2
    assert (frames[1] == (0, 200, 0)).all()


def test_flat_colours_stay_exact_among_many_others() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    flat = {0: (255, 255, 255), 1: (92, 92, 92), 2: (1, 2, 3)}
    for row, colour in flat.items():
        noise[row] = colour
    (painted,) = in_few_colours([Image.fromarray(noise)])
    pixels = np.asarray(painted.convert("RGB"))
    for row, colour in flat.items():
        assert (pixels[row] == colour).all()
    assert np.abs(pixels.astype(int) - noise).mean() < 20


def test_few_greys_keep_black_and_white() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None]
    (painted,) = in_few_colours([Image.fromarray(ramp)])
    levels = np.asarray(painted)[0].astype(int)
    assert levels[0] == 0
    assert levels[-1] == 255
    assert len(set(levels)) == 64
    assert np.abs(levels - np.arange(256)).max() <= 2
