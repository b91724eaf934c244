"""Folders of images: what is found, how it is decoded, and what is said of what cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.batch import DataSet, LabeledImages
from gansmith.data import open_data
from gansmith.errors import DataError

POSIX = pytest.mark.skipif(os.name == "nt", reason="wants a POSIX file system")
SIDE = 4
PATTERN = np.arange(SIDE * SIDE, dtype=np.uint8).reshape(SIDE, SIDE) * 16
TURNED = {
    1: PATTERN,
    2: PATTERN[:, ::-1],
    3: PATTERN[::-1, ::-1],
    4: PATTERN[::-1],
    5: PATTERN.T,
    6: PATTERN[::-1].T,
    7: PATTERN[::-1, ::-1].T,
    8: PATTERN.T[::-1],
}
"""PATTERN upright, by the orientation under which it is stored."""


def grey(value: int, side: int = SIDE) -> Image.Image:
    """An even grey image."""
    return Image.new("L", (side, side), value)


def save(path: Path, image: Image.Image | None = None, **options: object) -> Path:
    """Save an image, black unless given, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    (image or grey(0)).save(path, **options)
    return path


def everything(data: DataSet) -> LabeledImages:
    """All samples in their order."""
    return data.take(torch.arange(data.spec.size))


def pixels(folder: Path, size: int = SIDE) -> np.ndarray:
    """All samples as whole numbers 0 ... 255: (N, C, H, W)."""
    x = everything(open_data(str(folder), size)).x
    return ((x + 1) * 127.5).round().to(torch.int64).numpy()


def test_labels_are_the_first_folders_below(tmp_path):
    for name in ("dog/1.png", "cat/a.png", "cat/deep/er/b.png", "bird/1.png"):
        save(tmp_path / name)
    data = open_data(str(tmp_path), SIDE)
    assert data.spec.class_names == ("bird", "cat", "dog")
    assert sorted(everything(data).y.tolist()) == [0, 1, 1, 2]
    assert data.spec.size == 4 and data.spec.batch is LabeledImages
    assert data.held_out() is None


def test_each_image_has_the_label_of_its_folder(tmp_path):
    for value, name in enumerate(["c", "a", "b", "a", "c", "b", "b"]):
        save(tmp_path / name / f"{value}.png", grey(20 * value))
    batch = everything(open_data(str(tmp_path), SIDE))
    values = ((batch.x[:, 0, 0, 0] + 1) * 127.5 / 20).round().long().tolist()
    assert dict(zip(values, batch.y.tolist(), strict=True)) == dict(
        enumerate([2, 0, 1, 0, 2, 1, 1])
    )


@pytest.mark.parametrize("names", [("1.png", "2.png"), ("1.png", "a/2.png")], ids=["flat", "mixed"])
def test_images_beside_the_folders_mean_no_classes(tmp_path, names):
    for name in names:
        save(tmp_path / name)
    data = open_data(str(tmp_path), SIDE)
    assert data.spec.class_names == () and everything(data).y.tolist() == [0, 0]


def test_the_order_is_that_of_the_names_not_of_creation(tmp_path):
    names = [f"{folder}/{number}.png" for folder in "ab" for number in range(5)]
    for place, order in (("one", names), ("two", names[::-1]), ("three", names[3:] + names[:3])):
        for name in order:
            save(tmp_path / place / name, grey(20 * names.index(name)))
    sets = [open_data(str(tmp_path / place), SIDE) for place in ("one", "two", "three")]
    assert len({data.spec.fingerprint for data in sets}) == 1
    assert pixels(tmp_path / "two")[:, 0, 0, 0].tolist() == [20 * n for n in range(10)]


def test_the_fingerprint_follows_pixels_and_labels(tmp_path):
    save(tmp_path / "a" / "1.png", grey(5))
    save(tmp_path / "a" / "2.png", grey(6))
    before = open_data(str(tmp_path), SIDE).spec.fingerprint
    assert open_data(str(tmp_path), SIDE).spec.fingerprint == before
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "2.png").rename(tmp_path / "b" / "2.png")
    relabelled = open_data(str(tmp_path), SIDE).spec.fingerprint
    save(tmp_path / "b" / "2.png", grey(7))
    changed = open_data(str(tmp_path), SIDE).spec.fingerprint
    assert len({before, relabelled, changed}) == 3


def test_grey_images_stay_grey(tmp_path):
    save(tmp_path / "1.png", grey(10))
    save(tmp_path / "2.jpg", grey(200))
    assert pixels(tmp_path)[:, :, 0, 0].tolist() == [[10], [200]]


def test_one_colour_image_makes_all_colour(tmp_path):
    save(tmp_path / "1.png", grey(10))
    save(tmp_path / "2.png", Image.new("RGB", (SIDE, SIDE), (10, 20, 30)))
    assert pixels(tmp_path)[:, :, 0, 0].tolist() == [[10, 10, 10], [10, 20, 30]]


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".gif", ".tif", ".tiff", ".PNG", ".TIF"])
def test_lossless_kinds_are_read_exactly(tmp_path, suffix):
    save(tmp_path / f"1{suffix}", Image.fromarray(PATTERN))
    assert (pixels(tmp_path)[0, 0] == PATTERN).all()


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".webp", ".JPG"])
def test_lossy_kinds_are_read_nearly(tmp_path, suffix):
    save(tmp_path / f"1{suffix}", Image.new("RGB", (16, 16), (200, 100, 50)), quality=95)
    colours = pixels(tmp_path, 16)[0].reshape(3, -1).T
    assert abs(colours - [200, 100, 50]).max() <= 6


@pytest.mark.parametrize(("alpha", "expected"), [(0, [255] * 3), (255, [0, 100, 200])])
def test_transparency_is_laid_on_white(tmp_path, alpha, expected):
    save(tmp_path / "1.png", Image.new("RGBA", (SIDE, SIDE), (0, 100, 200, alpha)))
    assert pixels(tmp_path)[0, :, 0, 0].tolist() == expected


def test_half_transparency_is_half_white(tmp_path):
    save(tmp_path / "1.png", Image.new("RGBA", (SIDE, SIDE), (0, 100, 200, 102)))  # 40 %
    found = pixels(tmp_path)[0, :, 0, 0]
    assert abs(found - (0.4 * np.array([0, 100, 200]) + 0.6 * 255)).max() <= 1


@pytest.mark.parametrize(("alpha", "expected"), [(0, 255), (255, 100), (102, 193)])
def test_grey_with_transparency_stays_grey(tmp_path, alpha, expected):
    save(tmp_path / "1.png", Image.new("LA", (SIDE, SIDE), (100, alpha)))
    found = pixels(tmp_path)
    assert found.shape == (1, 1, SIDE, SIDE)
    assert abs(found - expected).max() <= 1


@pytest.mark.parametrize("suffix", [".png", ".gif"])
def test_palettes_are_looked_up(tmp_path, suffix):
    image = Image.new("P", (SIDE, SIDE), 1)
    image.putpalette([0, 0, 0, 250, 120, 60, 9, 8, 7])
    image.putpixel((0, 0), 2)
    save(tmp_path / f"1{suffix}", image)
    found = pixels(tmp_path)[0]
    assert found[:, 0, 0].tolist() == [9, 8, 7] and found[:, 1, 1].tolist() == [250, 120, 60]


@pytest.mark.parametrize("suffix", [".png", ".gif"])
def test_a_transparent_colour_of_a_palette_is_white(tmp_path, suffix):
    image = Image.new("P", (SIDE, SIDE), 1)
    image.putpalette([0, 0, 0, 250, 120, 60, 9, 8, 7])
    image.putpixel((0, 0), 2)
    save(tmp_path / f"1{suffix}", image, transparency=2)
    found = pixels(tmp_path)[0]
    assert found[:, 0, 0].tolist() == [255] * 3 and found[:, 1, 1].tolist() == [250, 120, 60]


def test_a_transparent_colour_without_a_palette_is_white(tmp_path):
    image = Image.new("RGB", (SIDE, SIDE), (1, 2, 3))
    image.putpixel((0, 0), (9, 9, 9))
    save(tmp_path / "1.png", image, transparency=(9, 9, 9))
    found = pixels(tmp_path)[0]
    assert found[:, 0, 0].tolist() == [255] * 3 and found[:, 1, 1].tolist() == [1, 2, 3]


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_are_scaled_to_eight(tmp_path, suffix):
    values = np.linspace(0, 65535, SIDE * SIDE).astype(np.uint16).reshape(SIDE, SIDE)
    save(tmp_path / f"1{suffix}", Image.fromarray(values))
    expected = (values.astype(np.float64) / 65535 * 255).round()
    found = pixels(tmp_path)
    assert found.shape == (1, 1, SIDE, SIDE) and (found[0, 0] == expected).all()


def test_black_and_white_is_grey(tmp_path):
    save(tmp_path / "1.png", Image.fromarray(PATTERN > 100))
    assert (pixels(tmp_path)[0, 0] == np.where(PATTERN > 100, 255, 0)).all()


def test_four_inks_become_colours(tmp_path):
    save(tmp_path / "1.jpg", Image.new("CMYK", (16, 16), (255, 0, 0, 0)), quality=95)
    assert abs(pixels(tmp_path, 16)[0, :, 8, 8] - [0, 255, 255]).max() <= 6


@pytest.mark.parametrize("orientation", TURNED)
def test_images_are_turned_upright(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    save(tmp_path / "1.png", Image.fromarray(PATTERN), exif=exif)
    assert (pixels(tmp_path)[0, 0] == TURNED[orientation]).all()


@pytest.mark.parametrize("tall", [False, True], ids=["wide", "tall"])
def test_the_central_square_is_cut_out(tmp_path, tall):
    bands = np.repeat(np.array([[0] * 4 + [100] * 4 + [200] * 4], dtype=np.uint8), 4, axis=0)
    save(tmp_path / "1.png", Image.fromarray(bands.T.copy() if tall else bands))
    assert (pixels(tmp_path, 4) == 100).all()


@pytest.mark.parametrize("size", [1, 3, 8, 100])
def test_images_of_all_sizes_become_one(tmp_path, size):
    for side in (1, 5, 64):
        save(tmp_path / f"{side:02}.png", grey(side, side))
    save(tmp_path / "99.png", Image.new("L", (33, 7), 99))
    found = pixels(tmp_path, size)
    assert found.shape == (4, 1, size, size)
    assert (found == np.array([1, 5, 64, 99])[:, None, None, None]).all()


def test_shrinking_keeps_the_mean(tmp_path):
    fine = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    save(tmp_path / "1.png", Image.fromarray(fine))
    assert pixels(tmp_path, 4).mean() == pytest.approx(fine.mean(), abs=2)
    assert pixels(tmp_path, 4).std() < fine.std() / 4  # averaged, not picked


def test_the_size_is_64_unless_given(tmp_path):
    save(tmp_path / "1.png")
    assert open_data(str(tmp_path)).spec.shape == (1, 64, 64)


def test_values_are_in_the_range(tmp_path):
    save(tmp_path / "1.png", grey(0))
    save(tmp_path / "2.png", grey(255))
    x = everything(open_data(str(tmp_path), SIDE)).x
    assert x.dtype is torch.float32
    assert x[:, 0, 0, 0].tolist() == [-1, 1]


@pytest.mark.parametrize(
    "name",
    [
        "two words.png",
        "한글.png",
        "그림/고양이 1.png",
        "émigré [1] {x} %s.png",
        pytest.param("two\nlines.png", marks=POSIX),
        "-rf.png",
        "many.dots.png",
    ],
)
def test_names_of_all_sorts(tmp_path, name):
    save(tmp_path / "data set" / name, grey(9))
    data = open_data(str(tmp_path / "data set"), SIDE)
    assert data.spec.size == 1
    if "/" in name:
        assert data.spec.class_names == ("그림",)


def test_other_files_are_passed_over(tmp_path):
    save(tmp_path / "1.png")
    (tmp_path / "labels.csv").write_text("1.png,cat")
    (tmp_path / "png").write_text("no suffix")
    assert open_data(str(tmp_path), SIDE).spec.size == 1


def test_a_folder_named_like_an_image(tmp_path):
    save(tmp_path / "holiday.png" / "1.png")
    assert open_data(str(tmp_path), SIDE).spec.class_names == ("holiday.png",)


@POSIX
def test_links_that_lead_round_are_not_walked(tmp_path):
    save(tmp_path / "cat" / "1.png")
    (tmp_path / "cat" / "round").symlink_to(tmp_path)
    (tmp_path / "cat" / "self.png").symlink_to(tmp_path / "cat" / "self.png")
    (tmp_path / "cat" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    data = open_data(str(tmp_path), SIDE)
    assert data.spec.size == 1 and data.spec.class_names == ("cat",)


@pytest.mark.parametrize("inside", [[], ["readme.txt"], ["deep/"]], ids=["nothing", "text", "deep"])
def test_a_folder_without_images(tmp_path, inside):
    for name in inside:
        (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).write_text("x")
    with pytest.raises(DataError, match=r"No images in .*: looked in it and below for .*png"):
        open_data(str(tmp_path))


def test_all_unreadable_images_stand_in_one_error(tmp_path):
    random = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    whole = save(tmp_path / "ok.png", Image.fromarray(random))
    (tmp_path / "cut.png").write_bytes(whole.read_bytes()[:2000])
    photo = save(tmp_path / "ok.jpg", Image.fromarray(random))
    (tmp_path / "cut.jpg").write_bytes(photo.read_bytes()[:1000])
    (tmp_path / "letter.jpg").write_text("Dear reader, this is no photograph.")
    (tmp_path / "empty.gif").touch()
    with pytest.raises(DataError, match="4 of 6 images cannot be read") as raised:
        open_data(str(tmp_path), SIDE)
    said = str(raised.value)
    for name in ("cut.png", "cut.jpg", "letter.jpg", "empty.gif"):
        assert str(tmp_path / name) in said
    assert "ok." not in said and "letter.jpg: not an image" in said


def test_a_long_list_of_unreadable_images_is_counted(tmp_path):
    for number in range(9):
        (tmp_path / f"{number}.png").write_text("no")
    with pytest.raises(DataError, match="9 of 9 images cannot be read") as raised:
        open_data(str(tmp_path))
    said = str(raised.value)
    named = said.count(".png:")
    assert 1 <= named < 9 and f"and {9 - named} more" in said


@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "bmp", "tif", "webp"])
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow may say more of a damaged file
def test_a_cut_file_is_read_or_named_wherever_the_cut(tmp_path, kind):
    random = np.random.default_rng(0).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    whole = save(tmp_path / f"whole.{kind}", Image.fromarray(random))
    everything_of_it = whole.read_bytes()
    whole.unlink()
    places = np.linspace(0, len(everything_of_it) - 1, 25).astype(int)
    for number, place in enumerate(places):
        (tmp_path / f"{number:02}.{kind}").write_bytes(everything_of_it[:place])
    with pytest.raises(DataError, match=r"of 25 images cannot be read"):
        open_data(str(tmp_path), SIDE)


def test_notes_of_a_camera_that_make_no_sense(tmp_path):
    # Little-endian EXIF of two entries: a width that is a text, and "turn me by 90 degrees".
    entries = b"\x00\x01\x02\x00\x06\x00\x00\x00\x26\x00\x00\x00"
    entries += b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
    exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0" + entries + b"\0\0\0\0hello\0"
    photo = save(tmp_path / "1.jpg", grey(100), exif=exif)
    try:
        data = open_data(str(tmp_path), SIDE)
    except DataError as error:
        assert str(photo) in str(error)
    else:
        assert data.spec.size == 1


def test_an_image_too_large_to_be_honest(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 7)
    bomb = save(tmp_path / "1.png")
    with pytest.raises(DataError, match="decompression bomb") as raised:
        open_data(str(tmp_path), SIDE)
    assert str(bomb) in str(raised.value)


def test_a_path_that_is_no_folder(tmp_path):
    file = save(tmp_path / "1.png")
    with pytest.raises(DataError, match="is not a folder"):
        open_data(str(file))
    with pytest.raises(DataError, match="No data set and no folder called"):
        open_data(str(tmp_path / "nowhere"))


def test_a_misspelt_name_is_put_right():
    with pytest.raises(DataError, match="Did you mean mnist"):
        open_data("mnits")
