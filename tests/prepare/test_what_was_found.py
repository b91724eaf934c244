"""Preparing refuses what would be wrong or could not end: each was met once."""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile

import numpy as np
import pytest
from PIL import Image

from gansmith.data import batch_name, open_data
from gansmith.data.find import find
from gansmith.errors import DataError


def png(value: int) -> bytes:
    content = io.BytesIO()
    Image.new("L", (8, 8), value).save(content, "PNG")
    return content.getvalue()


def write_tar(path, members: list[tuple[str, bytes]]) -> None:
    with tarfile.open(path, "w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def test_other_pictures_of_the_same_names_and_sizes_are_another_job(tmp_path, command):
    for folder, value in (("a", 0), ("b", 1)):
        (tmp_path / folder).mkdir()
        np.save(tmp_path / folder / "x.npy", np.full((4, 8, 8), value, np.uint8))
    out = tmp_path / "out"
    assert command("data", "prepare", tmp_path / "a" / "x.npy", out)[0] == 0
    assert command("data", "prepare", tmp_path / "a" / "x.npy", out)[0] == 0
    code, _, told = command("data", "prepare", tmp_path / "b" / "x.npy", out)
    assert code == 2 and "was made from other pictures" in told


def test_labels_that_come_after_all_pictures_belong_to_them(tmp_path):
    pictures = [(f"{n}.png", png(n)) for n in range(3)]
    write_tar(tmp_path / "x.tar", pictures + [(f"{n}.cls", str(n % 2).encode()) for n in range(3)])
    source = find(str(tmp_path / "x.tar")).train
    assert source.labels == (0, 1, 0) and source.class_names == ("0", "1")


def test_captions_that_come_after_all_pictures_make_a_captioned_set(tmp_path):
    pictures = [(f"{n}.png", png(n)) for n in range(2)]
    write_tar(tmp_path / "x.tar", pictures + [(f"{n}.txt", b"a dot") for n in range(2)])
    name = str(tmp_path / "x.tar")
    assert batch_name(name) == open_data(name).spec.batch.__name__ == "CaptionedImages"


def test_a_file_that_is_there_twice_is_refused(tmp_path):
    write_tar(tmp_path / "x.tar", [("0.png", png(0)), ("1.png", png(1)), ("0.png", png(2))])
    with pytest.raises(DataError, match=r"0\.png twice"):
        find(str(tmp_path / "x.tar"))


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_names_that_are_no_text_are_prepared(tmp_path, command):
    (tmp_path / "in").mkdir()
    for name in (b"\xff.png", b"a.png"):
        with open(os.path.join(os.fsencode(tmp_path / "in"), name), "wb") as file:
            file.write(png(5))
    with open(os.path.join(os.fsencode(tmp_path / "in"), b"\xfe.png"), "wb") as file:
        file.write(b"no picture")
    assert command("data", "prepare", tmp_path / "in", tmp_path / "out", "--size", 8)[0] == 0
    assert np.load(tmp_path / "out" / "images.npy").shape[0] == 2


@pytest.mark.parametrize(
    ("line", "valid"),
    [
        ({"file_name": "0.png", "text": "red\u2028dot"}, True),
        ({"file_name": "0\0.png", "text": "a"}, False),
        ({"file_name": "0.png", "text": "\ud800"}, False),
    ],
)
def test_lines_of_metadata(tmp_path, line, valid):
    (tmp_path / "0.png").write_bytes(png(1))
    text = json.dumps(line, ensure_ascii="\ud800" in str(line.values()) or not valid)
    (tmp_path / "metadata.jsonl").write_text(text + "\n", encoding="utf-8")
    if valid:
        assert find(str(tmp_path)).train.captions
    else:
        with pytest.raises(DataError, match="line 1"):
            find(str(tmp_path))


def test_a_damaged_note_of_a_begun_job_is_one_message(tmp_path, command):
    np.save(tmp_path / "x.npy", np.zeros((4, 8, 8), np.uint8))
    (tmp_path / "out" / ".parts").mkdir(parents=True)
    (tmp_path / "out" / ".parts" / "job.json").write_text("{")
    code, _, told = command("data", "prepare", tmp_path / "x.npy", tmp_path / "out")
    assert code == 2 and "is damaged" in told


def test_a_size_that_no_machine_holds_is_refused(tmp_path, command):
    np.save(tmp_path / "x.npy", np.zeros((4, 8, 8), np.uint8))
    code, _, told = command(
        "data", "prepare", tmp_path / "x.npy", tmp_path / "out", "--size", 100000
    )
    assert code == 2 and "at most 8192" in told and not (tmp_path / "out").exists()
