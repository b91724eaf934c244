"""Folders of images: what is found, how it is decoded, and what is said of what cannot be."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.batch import DataSet, LabeledImages
from gansmith.data import open_data
from gansmith.data.form import Form
from gansmith.errors import DataError

POSIX = pytest.mark.skipif(os.name == "nt", reason="wants a POSIX file system")
SIDE = 4
SMALL = Form(size=SIDE)
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
    x = everything(open_data(str(folder), Form(size=size))).x
    return ((x + 1) * 127.5).round().to(torch.int64).numpy()


def test_labels_are_the_first_folders_below(tmp_path):
    for name in ("dog/1.png", "cat/a.png", "cat/deep/er/b.png", "bird/1.png"):
        save(tmp_path / name)
    data = open_data(str(tmp_path), SMALL)
    assert data.spec.class_names == ("bird", "cat", "dog")
    assert sorted(everything(data).y.tolist()) == [0, 1, 1, 2]
    assert data.spec.size == 4 and data.spec.batch is LabeledImages
    assert data.held_out() is None


def test_each_image_has_the_label_of_its_folder(tmp_path):
    for value, name in enumerate(["c", "a", "b", "a", "c", "b", "b"]):
        save(tmp_path / name / f"{value}.png", grey(20 * value))
    batch = everything(open_data(str(tmp_path), SMALL))
    values = ((batch.x[:, 0, 0, 0] + 1) * 127.5 / 20).round().long().tolist()
    assert dict(zip(values, batch.y.tolist(), strict=True)) == dict(
        enumerate([2, 0, 1, 0, 2, 1, 1])
    )


@pytest.mark.parametrize("names", [("1.png", "2.png"), ("1.png", "a/2.png")], ids=["flat", "mixed"])
def test_images_beside_the_folders_mean_no_classes(tmp_path, names):
    for name in names:
        save(tmp_path / name)
    data = open_data(str(tmp_path), SMALL)
    assert data.spec.class_names == () and everything(data).y.tolist() == [0, 0]


def test_the_order_is_that_of_the_names_not_of_creation(tmp_path):
    names = [f"{folder}/{number}.png" for folder in "ab" for number in range(5)]
    for place, order in (("one", names), ("two", names[::-1]), ("three", names[3:] + names[:3])):
        for name in order:
            save(tmp_path / place / name, grey(20 * names.index(name)))
    sets = [open_data(str(tmp_path / place), SMALL) for place in ("one", "two", "three")]
    assert len({data.spec.fingerprint for data in sets}) == 1
    assert pixels(tmp_path / "two")[:, 0, 0, 0].tolist() == [20 * n for n in range(10)]


def test_the_fingerprint_follows_pixels_and_labels(tmp_path):
    save(tmp_path / "a" / "1.png", grey(5))
    save(tmp_path / "a" / "2.png", grey(6))
    before = open_data(str(tmp_path), SMALL).spec.fingerprint
    assert open_data(str(tmp_path), SMALL).spec.fingerprint == before
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "2.png").rename(tmp_path / "b" / "2.png")
    relabelled = open_data(str(tmp_path), SMALL).spec.fingerprint
    save(tmp_path / "b" / "2.png", grey(7))
    changed = open_data(str(tmp_path), SMALL).spec.fingerprint
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
    x = everything(open_data(str(tmp_path), SMALL)).x
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
    data = open_data(str(tmp_path / "data set"), SMALL)
    assert data.spec.size == 1
    if "/" in name:
        assert data.spec.class_names == ("그림",)


def test_other_files_are_passed_over(tmp_path):
    save(tmp_path / "1.png")
    (tmp_path / "labels.csv").write_text("1.png,cat")
    (tmp_path / "png").write_text("no suffix")
    assert open_data(str(tmp_path), SMALL).spec.size == 1


def test_a_folder_named_like_an_image(tmp_path):
    save(tmp_path / "holiday.png" / "1.png")
    assert open_data(str(tmp_path), SMALL).spec.class_names == ("holiday.png",)


@POSIX
def test_links_that_lead_round_are_not_walked(tmp_path):
    save(tmp_path / "cat" / "1.png")
    (tmp_path / "cat" / "round").symlink_to(tmp_path)
    (tmp_path / "cat" / "self.png").symlink_to(tmp_path / "cat" / "self.png")
    (tmp_path / "cat" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    data = open_data(str(tmp_path), SMALL)
    assert data.spec.size == 1 and data.spec.class_names == ("cat",)


@pytest.mark.parametrize("inside", [[], ["readme.txt"], ["deep/"]], ids=["nothing", "text", "deep"])
def test_a_folder_without_images(tmp_path, inside):
    for name in inside:
        (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).write_text("x")
    with pytest.raises(DataError, match=r"No images in .*: looked in it and below for .*png"):
        open_data(str(tmp_path))


def damaged(folder: Path) -> list[str]:
    """Makes four files that are no images, two of them once were; gives their names."""
    random = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    for name, kept in (("cut.png", 2000), ("cut.jpg", 1000)):
        whole = save(folder / name, Image.fromarray(random))
        whole.write_bytes(whole.read_bytes()[:kept])
    (folder / "letter.jpg").write_text("Dear reader, this is no photograph.")
    (folder / "empty.gif").touch()
    return ["cut.jpg", "cut.png", "empty.gif", "letter.jpg"]


def test_the_others_are_used_where_some_cannot_be_read(tmp_path, capsys):
    names = damaged(tmp_path)
    for value in (10, 20, 30, 40):
        save(tmp_path / f"ok{value}.png", grey(value))
    data = open_data(str(tmp_path), SMALL)
    assert pixels(tmp_path)[:, 0, 0, 0].tolist() == [10, 20, 30, 40]
    assert data.spec.size == 4
    assert [line.partition(":")[0] for line in data.spec.unreadable] == names
    assert data.spec.unreadable[3] == "letter.jpg: not an image"
    assert capsys.readouterr().out == ""


def test_labels_stay_with_their_images_where_some_cannot_be_read(tmp_path):
    for number, folder in enumerate("abc"):
        save(tmp_path / folder / "2.png", grey(number))
        save(tmp_path / folder / "3.png", grey(number))
        (tmp_path / folder / "1.png").write_text("no")
    data = open_data(str(tmp_path), SMALL)
    assert everything(data).y.tolist() == [0, 0, 1, 1, 2, 2]
    assert pixels(tmp_path)[:, 0, 0, 0].tolist() == [0, 0, 1, 1, 2, 2]


def test_more_unreadable_images_than_readable_stand_in_one_error(tmp_path):
    names = damaged(tmp_path)
    for number in range(3):
        save(tmp_path / f"ok{number}.png")
    with pytest.raises(DataError, match=r"4 of 7 images in .* cannot be read") as raised:
        open_data(str(tmp_path), SMALL)
    said = str(raised.value)
    assert str(tmp_path) in said and all(f"  {name}: " in said for name in names)
    assert "ok" not in said and "letter.jpg: not an image" in said


def test_as_many_unreadable_images_as_readable_are_still_passed_over(tmp_path):
    save(tmp_path / "1.png")
    (tmp_path / "2.png").write_text("no")
    assert open_data(str(tmp_path), SMALL).spec.size == 1


def test_a_long_list_of_unreadable_images_is_counted(tmp_path):
    for number in range(9):
        (tmp_path / f"{number}.png").write_text("no")
    with pytest.raises(DataError, match=r"9 of 9 images in .* cannot be read") as raised:
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
    with pytest.raises(DataError, match=r"of 25 images in .* cannot be read"):
        open_data(str(tmp_path), SMALL)


def test_notes_of_a_camera_that_make_no_sense(tmp_path):
    # Little-endian EXIF of two entries: a width that is a text, and "turn me by 90 degrees".
    entries = b"\x00\x01\x02\x00\x06\x00\x00\x00\x26\x00\x00\x00"
    entries += b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
    exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0" + entries + b"\0\0\0\0hello\0"
    save(tmp_path / "1.jpg", grey(100), exif=exif)
    try:
        data = open_data(str(tmp_path), SMALL)
    except DataError as error:
        assert "  1.jpg: " in str(error)
    else:
        assert data.spec.size == 1


def test_an_image_too_large_to_be_honest(tmp_path):
    content = save(tmp_path / "1.png").read_bytes()
    # Width and height of a PNG are the 8 bytes from 16 on, covered by a checksum at 29.
    header = content[12:16] + (60_000).to_bytes(4, "big") * 2 + content[24:29]
    content = content[:12] + header + zlib.crc32(header).to_bytes(4, "big") + content[33:]
    (tmp_path / "1.png").write_bytes(content)
    with pytest.raises(DataError, match=r"1\.png: it claims more than 89 million pixels"):
        open_data(str(tmp_path), SMALL)


def test_a_path_that_is_no_folder(tmp_path):
    file = save(tmp_path / "1.png")
    with pytest.raises(DataError, match="is not a folder"):
        open_data(str(file))
    with pytest.raises(DataError, match="No data set and no folder called"):
        open_data(str(tmp_path / "nowhere"))


def test_a_misspelt_name_is_put_right():
    with pytest.raises(DataError, match="Did you mean mnist"):
        open_data("mnits")


def test_a_folder_called_train_has_its_held_out_pictures_beside_it(tmp_path):
    for part, values in (("train", (10, 20)), ("held_out", (30,))):
        for value in values:
            save(tmp_path / part / "a" / f"{value}.png", grey(value))
    data = open_data(str(tmp_path / "train"), Form(size=SIDE))
    held_out = data.held_out()
    assert held_out is not None and data.spec.size == 2
    assert ((held_out.x + 1) * 127.5).round().unique().tolist() == [30]
    (tmp_path / "held_out" / "a").rename(tmp_path / "held_out" / "b")
    assert open_data(str(tmp_path / "train"), Form(size=SIDE)).held_out() is None
