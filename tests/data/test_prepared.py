"""Training from prepared pictures: the same runs as from the folder, however they are read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data import open_data, prepared
from gansmith.data.decode import Conversion
from gansmith.data.find import find
from gansmith.data.form import Form
from gansmith.data.loader import AHEAD, Loader
from gansmith.data.prepared import prepared_set
from gansmith.errors import DataError
from gansmith.prepare.job import make_job
from gansmith.prepare.prepare import prepare

SIDE, PICTURES = 8, 40


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    """The same pictures as a folder, as an array and as shards."""
    root = tmp_path_factory.mktemp("prepared")
    for number in range(PICTURES):
        pixels = np.random.default_rng(number).integers(0, 256, (9, 9, 3), dtype=np.uint8)
        path = root / "folder" / "ab"[number % 2] / f"{number:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
    conversion = Conversion(height=SIDE, width=SIDE)
    for layout in ("array", "shards"):
        job = make_job(find(str(root / "folder")), conversion, layout, part_size=7)
        prepare(job, root / layout, workers=1)
    return {name: root / name for name in ("folder", "array", "shards")}


@pytest.fixture(params=["array", "shards"])
def streamed(request, folders):
    """Each kind, read ahead as if nothing fitted into memory."""
    return prepared_set(folders[request.param], room=0)


@pytest.fixture
def no_room(monkeypatch):
    """No prepared set fits into memory."""
    monkeypatch.setattr(prepared, "_room", lambda: 0)


def trained(command, data: Path, run: Path, steps: int = 5) -> Path:
    arguments = ["--hidden", 8, "--batch-size", 8, "--device", "cpu", "--checkpoint-every", 3]
    size = ["--size", SIDE] if data.name == "folder" else []
    code, _, err = command(
        "train", "gan", "--data", data, *size, *arguments, "--run", run, "--steps", steps
    )
    assert code == 0, err
    return run


@pytest.fixture(scope="module")
def _from_folder(folders, tmp_path_factory) -> bytes:
    """metrics.jsonl of a run from the folder itself."""
    import gansmith

    run = gansmith.train(
        "gan", data=str(folders["folder"]), size=SIDE, hidden=(8,), batch_size=8, device="cpu",
        checkpoint_every=3, run=tmp_path_factory.mktemp("run") / "run", steps=5,
    )  # fmt: skip
    return (run.path / "metrics.jsonl").read_bytes()


@pytest.mark.parametrize("layout", ["array", "shards"])
@pytest.mark.parametrize("room", ["in-memory", "streamed"])
def test_runs_are_equal_to_the_byte(command, folders, tmp_path, request, layout, room):
    if room == "streamed":
        request.getfixturevalue("no_room")
    expected = request.getfixturevalue("_from_folder")
    run = trained(command, folders[layout], tmp_path / "run")
    assert (run / "metrics.jsonl").read_bytes() == expected
    assert len(expected.splitlines()) == 5
    raw = json.loads((run / "config.json").read_text())
    assert (
        raw["spec"]["fingerprint"]
        == open_data(str(folders["folder"]), Form(size=SIDE)).spec.fingerprint
    )


@pytest.mark.parametrize("stop", [1, 3, 4])
def test_a_run_from_shards_resumes_exactly(command, folders, tmp_path, request, no_room, stop):
    run = trained(command, folders["shards"], tmp_path / "run", steps=stop)
    assert command("resume", run, "--steps", 5)[0] == 0
    expected = request.getfixturevalue("_from_folder")
    assert (run / "metrics.jsonl").read_bytes() == expected


def served(loader: Loader, steps: range, rows: int) -> list[torch.Tensor]:
    return [loader(step, 0, rows).x for step in steps]


def test_what_is_streamed_is_what_is_in_memory(streamed, folders):
    resident = prepared_set(folders["array"])
    assert resident.expect is None and streamed.expect is not None
    for one, other in zip(
        served(Loader(streamed, 0), range(17), 6), served(Loader(resident, 0), range(17), 6),
        strict=True,
    ):  # fmt: skip
        assert one.equal(other) and one.stride() == other.stride()


def test_one_process_with_64_rows_and_two_with_32_take_the_same(streamed):
    whole = Loader(streamed, 3)
    halves = [Loader(streamed, 3, process=(rank, 2)) for rank in (0, 1)]
    for step in range(4):
        parts = [half(step, 0, 64) for half in halves]
        assert [len(part.x) for part in parts] == [32, 32]
        batch = whole(step, 0, 64)
        assert torch.cat([part.x for part in parts]).equal(batch.x)
        assert torch.cat([part.y for part in parts]).equal(batch.y)


@pytest.mark.parametrize("first", [0, 1, 7, 40])
def test_a_loader_that_begins_at_any_step_serves_the_same(streamed, first):
    whole = served(Loader(streamed, 1), range(45), 6)
    again = served(Loader(streamed, 1), range(first, 45), 6)
    assert all(one.equal(other) for one, other in zip(whole[first:], again, strict=True))


def test_phases_with_other_numbers_of_rows_see_what_they_would_alone(streamed, folders):
    resident = Loader(prepared_set(folders["array"]), 2, repeats=3)
    loader = Loader(streamed, 2, repeats=3)
    for step in (0, 1, 2, 9, 3):  # not always the step that was expected
        for repeat, rows in ((0, 4), (1, 4), (2, 4), (0, 6)):
            assert loader(step, repeat, rows).x.equal(resident(step, repeat, rows).x)


def test_nothing_is_read_twice_and_no_more_than_was_told(folders, monkeypatch):
    data = prepared_set(folders["array"], room=0)
    read: list[bytes] = []
    images = data.take.__self__
    gather = images.ahead._gather
    monkeypatch.setattr(
        images.ahead, "_gather", lambda rows: (read.append(rows.tobytes()), gather(rows))[1]
    )
    loader = Loader(data, 0)
    for step in range(6):
        loader(step, 0, 5)
        assert images.ahead.waiting == AHEAD - 1
    images.ahead._pool.shutdown()
    assert len(read) == len(set(read)) == 6 + AHEAD - 1


def test_taking_needs_no_telling(streamed, folders):
    rows = torch.tensor([39, 0, 0, 12])
    assert streamed.take(rows).x.equal(prepared_set(folders["array"]).take(rows).x)


def test_a_damaged_tar_file_is_an_error_of_the_one_who_takes(folders, tmp_path):
    import shutil

    copy = Path(shutil.copytree(folders["shards"], tmp_path / "copy"))
    path = copy / "00002.tar"
    path.write_bytes(path.read_bytes()[:512] + bytes(path.stat().st_size - 512))
    data = prepared_set(copy, room=0)
    assert len(data.take(torch.arange(14)).x) == 14
    data.expect([torch.arange(14, 20)])
    with pytest.raises(DataError, match=r"00002\.tar is damaged: .* Prepare it anew"):
        data.take(torch.arange(14, 20))
    with pytest.raises(DataError, match="its content has changed"):
        prepared_set(copy)


def test_captions_can_be_left_aside_while_streaming(folders, streamed):
    from gansmith.batch import without_captions

    assert without_captions(streamed).expect == streamed.expect
