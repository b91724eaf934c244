"""Prepared pictures: what is stored, that it is what was there, and what is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data import open_data
from gansmith.data.form import Form
from gansmith.data.manifest import Manifest
from gansmith.errors import DataError
from gansmith.prepare.prepare import prepare

SIDE = 8
LAYOUTS = ("array", "shards")
KEYS = {
    *("out", "format", "pictures", "held_out", "shape", "classes", "notes", "left_out", "licence"),
    "fingerprint",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_samples_are_those_of_the_folder(folder, prepared, layout):
    expected, found = (
        open_data(str(folder), Form(size=SIDE)),
        open_data(str(prepared(folder, layout=layout))),
    )
    assert found.spec.fingerprint == expected.spec.fingerprint
    assert found.spec.shape == expected.spec.shape == (3, SIDE, SIDE)
    assert found.spec.class_names == expected.spec.class_names == ("a", "b")
    rows = torch.tensor([7, 0, 22, 7])
    for one, other in zip(found.take(rows), expected.take(rows), strict=True):
        assert one.equal(other) and one.stride() == other.stride()
    assert found.held_out() is None


def test_the_array_is_plain_numpy_in_the_order_of_names(folder, prepared):
    out = prepared(folder)
    images, labels = (np.load(out / f"{name}.npy", mmap_mode="r") for name in ("images", "labels"))
    names = json.loads((out / "names.json").read_text())
    assert images.shape == (23, SIDE, SIDE, 3) and images.dtype == np.uint8
    assert names == sorted(names) and names[0] == "a/00.png"
    assert labels.tolist() == [0 if name.startswith("a") else 1 for name in names]
    whole = np.asarray(Image.open(folder / "a" / "00.png"))  # grey, stored upright
    assert images[0].mean() == pytest.approx(whole[:, 1:12].mean(), abs=4)


READS = """
import hashlib, json, sys, webdataset
samples = webdataset.WebDataset(sys.argv[1], shardshuffle=False).decode("rgb8")
told = [(s["__key__"], s["cls"], s["json"]["name"], hashlib.sha256(s["pnm"].tobytes()).hexdigest())
        for s in samples]
print(json.dumps(told))
"""


def test_the_webdataset_package_reads_the_shards(folder, prepared):
    pytest.importorskip("webdataset")
    out = prepared(folder, layout="shards")
    arguments = [sys.executable, "-W", "ignore", "-c", READS, str(out / "{00000..00004}.tar")]
    told = json.loads(subprocess.run(arguments, capture_output=True, check=True).stdout)
    keys, classes, names, pixels = zip(*told, strict=True)
    assert list(keys) == [f"{number:08}" for number in range(23)]
    assert list(classes) == np.load(out / "labels.npy").tolist()
    assert list(names) == json.loads((out / "names.json").read_text())
    images = np.load(prepared(folder, "other") / "images.npy")
    assert list(pixels) == [hashlib.sha256(image.tobytes()).hexdigest() for image in images]


def test_tar_files_do_not_tell_when_or_by_whom(folder, prepared):
    out = prepared(folder, layout="shards")
    with tarfile.open(out / "00001.tar") as tar:
        members = tar.getmembers()
    assert len(members) == 15
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname) for m in members} == {(0, 0, 0, "", "")}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_grey_pictures_stay_grey(tmp_path, noise, prepared, layout):
    for number in range(7):
        path = tmp_path / "grey" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        noise(number, 1).save(path)
    found = open_data(str(prepared(tmp_path / "grey", layout=layout)))
    expected = open_data(str(tmp_path / "grey"), Form(size=SIDE))
    assert found.spec.shape == (1, SIDE, SIDE)
    assert found.spec.fingerprint == expected.spec.fingerprint
    x, y = (data.take(torch.arange(7)).x for data in (found, expected))
    assert x.equal(y) and x.stride() == y.stride()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("damaged", [0, 6, 22], ids=["first", "middle", "last"])
def test_what_cannot_be_read_is_left_out_and_named(folder, prepared, layout, damaged):
    path = sorted(folder.rglob("*.png"))[damaged]
    path.write_bytes(b"no picture")
    out = prepared(folder, layout=layout)
    name = path.relative_to(folder).as_posix()
    made, found = Manifest.read(out), open_data(str(out))
    assert made.left_out == {name: "not an image"} and made.count == 22
    assert name not in json.loads((out / "names.json").read_text())
    expected = open_data(str(folder), Form(size=SIDE))
    assert found.spec.fingerprint == expected.spec.fingerprint
    assert found.spec.unreadable == expected.spec.unreadable != ()
    assert found.take(torch.arange(22)).x.equal(expected.take(torch.arange(22)).x)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_colour_that_begins_late_makes_all_colour(tmp_path, noise, prepared, layout):
    for number in range(12):  # two whole parts are grey
        path = tmp_path / "late" / f"{number:02}.png"
        path.parent.mkdir(exist_ok=True)
        noise(number, 3 if number == 11 else 1).save(path)
    found = open_data(str(prepared(tmp_path / "late", layout=layout)))
    expected = open_data(str(tmp_path / "late"), Form(size=SIDE))
    assert found.spec.shape == (3, SIDE, SIDE)
    assert found.spec.fingerprint == expected.spec.fingerprint
    assert found.take(torch.arange(12)).x.equal(expected.take(torch.arange(12)).x)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_held_out_pictures_stay_held_out(tmp_path, prepared, layout):
    random = np.random.default_rng(0)
    arrays = {
        "x_train": random.integers(0, 256, (11, 9, 9), dtype=np.uint8),
        "y_train": np.arange(11) % 3,
        "x_test": random.integers(0, 256, (4, 9, 9), dtype=np.uint8),
        "y_test": np.arange(4) % 3,
    }
    np.savez(tmp_path / "digits.npz", **arrays)
    found = open_data(str(prepared(tmp_path / "digits.npz", layout=layout)))
    expected = open_data(str(tmp_path / "digits.npz"), Form(size=SIDE))
    assert found.spec.size == 11 and found.spec.fingerprint == expected.spec.fingerprint
    held_out, others = found.held_out(), expected.held_out()
    assert held_out.x.equal(others.x) and held_out.y.equal(others.y)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_captions_go_along(tmp_path, noise, prepared, layout):
    for number in range(6):
        path = tmp_path / "told" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        noise(number).save(path)
        path.with_suffix(".txt").write_text(f"noise, {number}: 그림")
    found = open_data(str(prepared(tmp_path / "told", layout=layout)))
    expected = open_data(str(tmp_path / "told"), Form(size=SIDE))
    assert found.captions == expected.captions == tuple(f"noise, {n}: 그림" for n in range(6))
    assert found.spec.batch is expected.spec.batch
    assert found.spec.fingerprint == expected.spec.fingerprint
    rows = torch.tensor([4, 1])
    assert all(a.equal(b) for a, b in zip(found.take(rows), expected.take(rows), strict=True))


def test_a_mapped_array_is_not_sent_to_workers(tmp_path, job_of):
    import pickle

    np.save(
        tmp_path / "many.npy",
        np.arange(10 * 900, dtype=np.uint16).astype(np.uint8).reshape(10, 30, 30),
    )
    source = job_of(tmp_path / "many.npy").source
    sent = pickle.dumps(source)
    assert len(sent) < 2000
    assert (pickle.loads(sent).read(7) == source.read(7)).all()


def test_a_second_call_does_nothing(folder, prepared, hashes):
    out = prepared(folder)
    times = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    before = hashes(out)
    assert prepared(folder) == out and hashes(out) == before
    assert times == {path: path.stat().st_mtime_ns for path in out.iterdir()}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"quick": True}, "conversion.quick"),
        ({"licence": "CC0"}, "licence"),
        ({"layout": "shards"}, "layout"),
    ],
    ids=["conversion", "licence", "layout"],
)
def test_other_settings_are_refused(folder, prepared, changed, named):
    prepared(folder)
    with pytest.raises(DataError, match=rf"begun with other settings:\n  {named}: "):
        prepared(folder, **changed)


def test_other_pictures_are_refused(folder, prepared):
    prepared(folder)
    (folder / "a" / "00.png").unlink()
    with pytest.raises(DataError, match=r"source\.pictures: 23, now 22"):
        prepared(folder)


def test_a_folder_with_something_else_is_refused(folder, tmp_path, prepared, hashes):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    before = hashes(tmp_path / "out")
    with pytest.raises(DataError, match="holds something else"):
        prepared(folder)
    assert hashes(tmp_path / "out") == before


def test_a_file_is_refused(folder, tmp_path, prepared):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(DataError, match="is a file"):
        prepared(folder)


def test_mostly_unreadable_pictures_are_refused(folder, prepared):
    for path in sorted(folder.rglob("*.png"))[:12]:
        path.write_bytes(b"")
    with pytest.raises(DataError, match=r"12 of 23 images .* cannot be read"):
        prepared(folder)


@pytest.mark.parametrize("name", ["images.npy", "labels.npy", "manifest.json"])
def test_a_changed_file_is_noticed(folder, prepared, name):
    out = prepared(folder)
    content = bytearray((out / name).read_bytes())
    content[-5] ^= 1
    (out / name).write_bytes(content)
    with pytest.raises(DataError, match=r"changed|holds no pictures|damaged"):
        open_data(str(out))


def test_an_unfinished_folder_is_not_trained_on(folder, tmp_path, job_of):
    job = job_of(folder)

    def stop(pictures: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(job, tmp_path / "out", workers=1, advance=stop)
    with pytest.raises(DataError, match="not prepared to its end"):
        open_data(str(tmp_path / "out"))
    prepare(job, tmp_path / "out", workers=1)
    assert open_data(str(tmp_path / "out")).spec.size == 23


def test_the_manifest_holds_the_hash_of_every_other_file(folder, prepared, hashes):
    for layout in LAYOUTS:
        out = prepared(folder, layout, layout=layout)
        found = hashes(out)
        assert found.pop("manifest.json") and Manifest.read(out).sha256 == found


def test_another_place_gives_the_same_bytes(folder, tmp_path, prepared, hashes):
    shutil.copytree(folder, tmp_path / "elsewhere" / folder.name)
    one = prepared(folder, "one")
    other = prepared(tmp_path / "elsewhere" / folder.name, "other")
    assert hashes(one) == hashes(other)


class TestCommand:
    def test_it_tells_what_it_made(self, command, folder, tmp_path):
        out = tmp_path / "out"
        given = ["data", "prepare", folder, out, "--size", "8x12", "--licence", "CC0"]
        code, said, _ = command(*given)
        assert code == 0 and "23 pictures of 8x12, in colour" in said
        code, said, _ = command(*given, "--json")
        told = json.loads(said)
        assert code == 0 and set(told) == KEYS
        assert told["shape"] == [3, 8, 12] and told["format"] == "array"
        assert told["fingerprint"] == open_data(str(out)).spec.fingerprint

    def test_a_path_that_is_not_there(self, command, tmp_path):
        code, _, err = command("data", "prepare", tmp_path / "nowhere", tmp_path / "out")
        assert code == 2 and "No data set and no folder called" in err
        assert not (tmp_path / "out").exists()

    def test_two_domains(self, command, folder, tmp_path):
        code, _, err = command("data", "prepare", f"{folder}/a,{folder}/b", tmp_path / "out")
        assert code == 2 and "two domains are not prepared together" in err

    @pytest.mark.parametrize("flag", ["--size", "--crop", "--background"])
    def test_training_asks_for_no_other_form(self, command, folder, prepared, flag):
        value = {"--size": "16", "--crop": "pad", "--background": "black"}[flag]
        out = prepared(folder)
        code, _, err = command("train", "gan", "--data", out, flag, value, "--steps", 1)
        assert code == 2 and flag in err and "anew" in err
