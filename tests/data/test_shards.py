"""Tar files in the WebDataset layout; the package itself says what is in them."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import torch
from PIL import Image

from gansmith.batch import CaptionedImages, LabeledImages
from gansmith.data import batch_name, open_data
from gansmith.data.form import Form
from gansmith.data.shards import shard_pictures
from gansmith.errors import DataError

SMALL = Form(size=4)


def png(value: int) -> bytes:
    """An even grey picture as a file."""
    file = io.BytesIO()
    Image.new("L", (4, 4), value).save(file, "PNG")
    return file.getvalue()


def write_tar(path: Path, files: dict[str, bytes]) -> Path:
    """A tar file of these members."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def sample(number: int, **more: str) -> dict[str, bytes]:
    """The files of one sample."""
    return {f"{number:04}.png": png(number)} | {
        f"{number:04}.{suffix}": text.encode() for suffix, text in more.items()
    }


@pytest.fixture
def labelled(tmp_path):
    """Three tar files of two samples, with labels 2, 10, 2, 10, ... and keys that repeat."""
    for tar in (2, 0, 1):
        files = {}
        for number in (2 * tar + 1, 2 * tar):  # not in the order of the names
            files |= sample(number, cls="2" if number % 2 else "10")
        write_tar(tmp_path / "set" / f"train-{tar:06}.tar", files)
    return tmp_path / "set"


def everything(data):
    return data.take(torch.arange(data.spec.size))


def test_order_and_labels(labelled, greys):
    assert batch_name(str(labelled)) == "LabeledImages"
    data = open_data(str(labelled), SMALL)
    assert greys(data) == [0, 1, 2, 3, 4, 5]
    assert isinstance(everything(data), LabeledImages)
    assert data.spec.class_names == ("2", "10") and everything(data).y.tolist() == [1, 0] * 3


def test_one_tar_file(labelled, greys):
    assert greys(open_data(str(labelled / "train-000001.tar"), SMALL)) == [2, 3]


ORACLE = """
import hashlib, json, sys, webdataset
for sample in webdataset.WebDataset(sys.argv[1:], shardshuffle=False):
    texts = {key: sample.get(key, b"").decode() for key in ("cls", "json", "txt")}
    digest = hashlib.sha256(sample["png"]).hexdigest()
    print(json.dumps({"key": sample["__key__"], "png": digest, **texts}))
"""


def oracle(*tars: Path) -> list[dict[str, str]]:
    """What the webdataset package reads; in a process of its own, as it leaves files open."""
    pytest.importorskip("webdataset")
    done = subprocess.run(
        [sys.executable, "-c", ORACLE, *map(str, tars)], capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_same_as_webdataset_reads(labelled):
    tars = sorted(labelled.glob("*.tar"))
    read = [{"tar": tar.name, **sample} for tar in tars for sample in oracle(tar)]
    assert len(read) == 6
    source = shard_pictures(labelled, SMALL).train
    found = {
        name: (hashlib.sha256(source.read(n)).hexdigest(), source.class_names[source.labels[n]])
        for n, name in enumerate(source.names)
    }
    assert found == {f"{s['tar']}/{s['key']}": (s["png"], s["cls"]) for s in read}


def test_captions_as_webdataset_reads_them(tmp_path):
    files = {}
    for number in range(4):
        files |= sample(number, json=json.dumps({"caption": f"Nummer {number} für dich"}))
    tar = write_tar(tmp_path / "a.tar", files)
    wanted = [json.loads(sample["json"])["caption"] for sample in oracle(tar)]
    assert list(open_data(str(tar), SMALL).captions) == wanted and len(wanted) == 4


@pytest.mark.parametrize(
    "more",
    [{"txt": " a\n red  cat "}, {"json": json.dumps({"text": "a red cat", "n": 1})},
     {"json": json.dumps({"caption": "a red cat"})}, {"txt": "a red cat", "json": "{}"}],
    ids=["txt", "json-text", "json-caption", "txt-first"],
)  # fmt: skip
def test_captions(tmp_path, more):
    tar = write_tar(tmp_path / "a.tar", {**sample(0, **more), **sample(1, **more)})
    assert batch_name(str(tar)) == "CaptionedImages"
    data = open_data(str(tar), SMALL)
    assert isinstance(everything(data), CaptionedImages)
    assert data.captions == ("a red cat", "a red cat")


def test_other_members_are_passed_over(tmp_path, greys):
    files = {"readme.md": b"x", "./dir/1.seg.png": png(9), "./dir/1.PNG": png(5), "2.json": b"{}"}
    data = open_data(str(write_tar(tmp_path / "a.tar", files)), SMALL)
    assert greys(data) == [5]


def test_a_source_can_be_sent_to_another_process(labelled):
    source = shard_pictures(labelled, SMALL).train
    again = pickle.loads(pickle.dumps(source))
    assert [again.read(n) for n in range(6)] == [png(n) for n in range(6)]


def test_pictures_beside_tar_files_go_before(labelled, paint):
    paint(labelled / "1.png")
    assert open_data(str(labelled), SMALL).spec.size == 1


def test_a_damaged_picture_in_a_tar_file_is_named(tmp_path):
    files = {"1.png": png(1), "2.png": png(2)[:30], "3.png": png(3)}
    data = open_data(str(write_tar(tmp_path / "a.tar", files)), SMALL)
    assert data.spec.size == 2 and data.spec.unreadable[0].startswith("a.tar/2: ")


@pytest.mark.parametrize("what", ["label", "caption"])
def test_what_only_some_have(tmp_path, what):
    known = {"cls": "1"} if what == "label" else {"txt": "x"}
    tar = write_tar(tmp_path / "a.tar", {**sample(0, **known), **sample(1)})
    with pytest.raises(DataError, match=rf"1 of 2 samples have no {what}.* such as a\.tar/0001"):
        open_data(str(tar), SMALL)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no whole tar file"), (b"no tar" * 200, "no whole tar file"), (None, "No images in")],
    ids=["empty", "text", "no-images"],
)
def test_what_is_no_tar_file_of_pictures(tmp_path, content, words):
    tar = write_tar(tmp_path / "a.tar", {"1.txt": b"x"})
    if content is not None:
        tar.write_bytes(content)
    with pytest.raises(DataError, match=words):
        open_data(str(tar), SMALL)


def test_a_tar_file_that_is_cut_short(tmp_path):
    files = {f"{number}.bmp": bytes(3000) for number in range(3)}
    tar = write_tar(tmp_path / "a.tar", files)
    tar.write_bytes(tar.read_bytes()[:5000])
    with pytest.raises(DataError, match=r"no whole tar file|cannot be read"):
        open_data(str(tar), SMALL)
    tar.write_bytes(tar.read_bytes()[:700])
    with pytest.raises(DataError, match=r"no whole tar file|cannot be read"):
        open_data(str(tar), SMALL)


@pytest.mark.parametrize(
    "bad", [{"1.json": b"{"}, {"1.txt": b"\xff\xfe\xff"}, {"1.cls": b"\xff"}], ids=str
)
def test_damaged_notes_are_named(tmp_path, bad):
    tar = write_tar(tmp_path / "a.tar", {"1.png": png(1), **bad})
    with pytest.raises(DataError, match=r"a\.tar/1\.\w+ is no"):
        open_data(str(tar), SMALL)
