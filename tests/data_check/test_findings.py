"""What is said of sizes, kinds, classes and numbers, and how one picture is looked at."""

from __future__ import annotations

import io
import threading

import numpy as np
import pytest
from PIL import Image

from gansmith.data.decode import Conversion
from gansmith.data.found import Found
from gansmith.data_check import look as looking
from gansmith.data_check import progress as showing
from gansmith.data_check.conversion import kept
from gansmith.data_check.enough import enough
from gansmith.data_check.look import Look, look_at
from gansmith.data_check.names import escaped, shortened, some
from gansmith.data_check.report import judge
from gansmith.data_check.room import Room
from gansmith.data_check.sharing import imbalance
from gansmith.data_check.sheet import MOST_BYTES, write_sheet

SQUARE = Conversion(height=32, width=32)


def found(source, conversion: Conversion = SQUARE) -> dict:
    """The findings by their kinds, without the rule of thumb."""
    report = judge(Found(source), conversion, None, quiet=True)
    return {one.kind: one for one in report.findings if one.kind != "number"}


def jpeg(image: Image.Image, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, "JPEG", **options)
    return content.getvalue()


def test_the_part_that_the_crop_keeps():
    looks = [Look(width=width, height=100) for width in (100, 100, 200, 400, 50)]
    told = kept(looks, SQUARE)
    assert told is not None and told.count == 3 and told.severity == "warning"
    assert "keeps 50% of the median picture and 25% of the one that loses most" in told.says
    assert kept(looks[:2], SQUARE) is None
    whole = kept([Look(width=96, height=64)] * 3, Conversion(height=64, width=96))
    assert whole is None


def test_a_size_counts_upright(builder, held):
    exif = Image.Exif()
    exif[0x0112] = 6
    lies = builder.picture(0, 80, 40)
    report = judge(Found(held(jpeg(lies, exif=exif))), Conversion(height=80, width=40), None, True)
    assert (report.looks[0].width, report.looks[0].height) == (40, 80)
    assert {one.kind for one in report.findings} == {"turned", "number"}


def test_sixteen_bits_are_seen_in_colour_too(held):
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    pixels = np.random.default_rng(0).integers(0, 65536, (40, 40, 3)).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    first = struct.pack(">IIBBBBB", 40, 40, 16, 2, 0, 0, 0)
    deep = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", first) + chunk(b"IDAT", zlib.compress(rows))
    assert set(found(held(deep + chunk(b"IEND", b"")))) == {"16-bit"}


def test_a_camera_file_with_a_preview_is_not_animated(builder, held):
    content = io.BytesIO()
    builder.picture(0).save(
        content, "MPO", save_all=True, append_images=[builder.picture(1)], quality=90
    )
    assert found(held(content.getvalue())) == {}


def test_pixels_without_a_file(builder, held):
    arrays = [np.asarray(builder.picture(seed, 40)) for seed in range(3)]
    assert found(held(*arrays)) == {}
    told = found(held(*arrays, np.zeros((40, 40), np.uint8), arrays[0].astype(np.float64)))
    assert set(told) == {"one-colour", "damaged"}


def test_grey_among_colours_names_the_rarer(builder, held):
    images = [builder.picture(seed) for seed in range(4)]
    stored = [np.asarray(images[0].convert("L")), *map(np.asarray, images[1:])]
    told = found(held(*stored))["mixed-colours"]
    assert told.names == ("0.png",) and "1 picture is grey and 3 in colour" in told.says
    stored[0] = np.asarray(images[0].convert("L").convert("RGB"))
    assert "mixed-colours" in found(held(*stored)), "however it is stored"
    assert found(held(stored[0], stored[0][::-1])) == {}, "all are grey"


def test_imbalance_names_the_rare_classes():
    assert imbalance({"a": 100, "b": 10}) == []
    (told,) = imbalance({"a": 101, "b": 10, "c": 0, "d": 50})
    assert told.names == ("c", "b") and "c 0, a 101" in told.says
    assert imbalance({}) == imbalance({"a": 3}) == []


def test_classes_are_counted_without_faulty_pictures(builder, held):
    array = np.asarray(builder.picture(0))
    source = held(array, array[::-1], b"", labels=(1, 0, 1), classes=("cat", "dog"))
    assert judge(Found(source), SQUARE, None, True).classes == {"cat": 1, "dog": 1}


@pytest.mark.parametrize(
    ("number", "severity", "source"),
    [
        (100, "warning", "2006.10738"),
        (1_000, "warning", "2006.10738"),
        (5_000, "note", "2006.06676"),
        (70_000, "note", "2006.06676"),
    ],
)
def test_the_rule_of_thumb_tells_its_evidence(number, severity, source):
    (told,) = enough(number, (64, 64), "dcgan")
    assert told.severity == severity and source in told.says and f"{number:,}" in told.says
    assert "more than 256" not in told.says
    assert "more than 256" in enough(number, (512, 64), None)[0].says


def test_cyclegan_wants_ten_thousand_of_each_domain():
    *_, told = enough(19_999, (64, 64), "cyclegan")
    assert told.severity == "warning" and "10,000 pictures of each" in told.says
    assert len(enough(20_000, (64, 64), "cyclegan")) == 1


def test_bands_do_not_change_what_is_seen(builder, monkeypatch):
    for side, height in ((97, 131), (640, 3), (3, 640)):
        image = np.asarray(builder.picture(9, side, height))
        whole = look_at(image, Room())
        monkeypatch.setattr(looking, "BAND_PIXELS", 500)
        parts = look_at(image, Room())
        monkeypatch.undo()
        assert whole.prints and parts.prints and whole.prints.digest == parts.prints.digest
        assert whole._replace(prints=None) == parts._replace(prints=None)


def test_what_takes_too_much_memory_is_known_by_its_header(builder, held, monkeypatch):
    monkeypatch.setattr(looking, "ROOM", 96 * 96 * 4 - 1)
    array = np.asarray(builder.picture(0))
    told = found(held(array))
    assert set(told) == {"not-decoded"} and told["not-decoded"].names == ("0.png",)


def test_room_is_handed_out_only_where_it_is_free():
    room, inside, most = Room(10), [], []

    def work() -> None:
        for _ in range(200):
            with room.taken(4):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    with room.taken(99):
        assert not inside, "more than there is means all"
    for thread in threads:
        thread.join()
    assert len(most) == 1200 and max(most) <= 2


def test_names():
    assert escaped("a\n\x1b\\ 한글\udc80\u202e") == r"a\n\x1b\\ 한글\udc80\u202e"
    assert len(shortened("x" * 300)) <= 120 and shortened("x" * 300).startswith("xx")
    assert some(list("abc"), 3) == "a, b, c" and some(list("abcd"), 2) == "a, b and 2 more"


@pytest.mark.parametrize("size", [(16, 16), (64, 64), (200, 120)])
def test_the_sheet_is_small_seeded_and_shows_converted_pictures(builder, held, tmp_path, size):
    noise = np.random.default_rng(0).integers(0, 256, (80, 64, 64, 3), dtype=np.uint8)
    report = judge(Found(held(*noise, b"")), Conversion(height=size[0], width=size[1]), None, True)
    for name in ("a.png", "b.png"):
        write_sheet(report, tmp_path / name)
    content = (tmp_path / "a.png").read_bytes()
    assert content == (tmp_path / "b.png").read_bytes() and len(content) < MOST_BYTES
    with Image.open(tmp_path / "a.png") as sheet:
        assert " of 81 pictures, converted; seed 0" in sheet.info["Description"]
        pixels = np.asarray(sheet.convert("RGB"))
    if size == (64, 64):
        tile = pixels[2:66, 2:66]
        assert any(np.array_equal(tile, image) for image in noise), "the first one, as it is"
    assert (pixels[-20:, 200:] == 255).all(), "the list of what is left out is below"
    assert (pixels[-40:, :200] < 128).any()


def test_a_sheet_of_nothing_is_a_list(held, tmp_path):
    broken = Found(held(b"", OSError(5, "I/O error")))
    write_sheet(judge(broken, SQUARE, None, True), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as sheet:
        assert sheet.height > 40


def test_progress_is_lines_in_a_pipe_and_nothing_where_it_is_quiet(capsys, monkeypatch):
    monkeypatch.setattr(showing, "LINE_SECONDS", 0)
    for quiet in (True, False):
        with showing.progress("Reading", 1_200, quiet) as advance:
            for _ in range(1_200):
                advance()
        out, err = capsys.readouterr()
        assert out == "" and ("\r" in err or "\x1b" in err) is False
        assert err.endswith("Reading: 1,200 of 1,200\n") is not quiet
        assert bool(err) is not quiet
