"""The short check before training: counts what conversion has shown, and reads nothing again."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from gansmith.data import brief
from gansmith.data.brief import brief_check
from gansmith.data.convert import convert
from gansmith.data.decode import Conversion
from gansmith.data.folder import image_folder


def test_what_is_said(tmp_path):
    random = np.random.default_rng(0)
    for number in range(5):
        pixels = random.integers(0, 256, (8, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
        if number < 2:
            Image.fromarray(pixels).save(tmp_path / f"{number} again.bmp")
    Image.new("L", (8, 8), 9).save(tmp_path / "even.png")
    (tmp_path / "empty.png").touch()
    source = image_folder(tmp_path)
    converted = convert(source, Conversion(height=8, width=8))
    first, few = brief_check(source, converted)
    assert first == "9 pictures, 1 left out, 2 exact duplicates, 1 of one colour all over"
    assert few.startswith("Few pictures, 8: ") and f"`gansmith data check {tmp_path}`" in few
    first, _ = brief_check(source, converted, held_out=1200)
    assert first.startswith("9 pictures, 1,200 more held out, 1 left out")


def test_nothing_but_the_number_is_said_of_good_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(brief, "FEW", 20)
    pixels = np.random.default_rng(0).integers(0, 256, (20, 8, 8), dtype=np.uint8)
    for number, image in enumerate(pixels):
        content = io.BytesIO()
        Image.fromarray(image).save(content, "BMP")
        (tmp_path / f"{number}.bmp").write_bytes(content.getvalue())
    source = image_folder(tmp_path)
    converted = convert(source, Conversion(height=8, width=8))
    assert brief_check(source, converted) == ["20 pictures"]
