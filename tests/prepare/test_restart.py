"""A preparation that is killed and started again gives the bytes of one that never stopped."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from gansmith.data.manifest import AT_WORK, Manifest
from gansmith.errors import DataError
from gansmith.prepare import slots
from gansmith.prepare.job import Job
from gansmith.prepare.part import Part, make_part
from gansmith.prepare.prepare import prepare

POSIX = pytest.mark.skipif(os.name == "nt", reason="wants SIGKILL")
SLOWLY = """
import sys, time
from pathlib import Path
from gansmith.data.decode import Conversion
from gansmith.data.find import find
from gansmith.data.source import FileSource
from gansmith.prepare.job import make_job
from gansmith.prepare.prepare import prepare

class Slow(FileSource):
    def read(self, number):
        time.sleep(0.05)
        return super().read(number)

if __name__ == "__main__":
    found = find(sys.argv[1])
    found = found._replace(train=Slow(**vars(found.train)))
    job = make_job(found, Conversion(height=8, width=8), sys.argv[3], part_size=1)
    prepare(job, Path(sys.argv[2]), workers=int(sys.argv[4]))
"""


@pytest.fixture
def killed(folder, tmp_path):
    """Starts a preparation in parts of one picture, and kills it after so many of them."""

    def kill(out: Path, layout: str, workers: int, after: int) -> list[str]:
        script = tmp_path / "slowly.py"
        script.write_text(SLOWLY)
        arguments = [sys.executable, script, folder, out, layout, str(workers)]
        with subprocess.Popen(arguments, start_new_session=True) as process:
            while process.poll() is None and len(notes(out)) < after:
                time.sleep(0.0005)
            seen = working_on(out)
            process.send_signal(signal.SIGKILL)
        time.sleep(0.05)
        assert not (out / "manifest.json").exists(), "it came to its end before it was killed"
        return seen

    return kill


def notes(out: Path) -> list[Path]:
    """Of the parts that are done."""
    return list((out / AT_WORK).glob("[0-9]*.json"))


@POSIX
@pytest.mark.parametrize(
    "how",
    [("array", 2, 1), ("array", 1, 2), ("shards", 2, 1)],
    ids=["array-two-then-one", "array-one-then-two", "shards-two-then-one"],
)
def test_killed_and_started_again(folder, tmp_path, job_of, killed, hashes, how):
    layout, first, then = how
    (folder / "b" / "05.png").write_bytes(b"damaged")
    job = job_of(folder, layout=layout, part_size=1)
    prepare(job, tmp_path / "undisturbed", workers=1)
    out = tmp_path / "out"
    for _ in range(2):  # killed twice, each time at another moment
        done = len(notes(out))
        killed(out, layout, first, done + random.randint(1, 6))
        assert len(notes(out)) > done
    prepare(job, out, workers=then)
    assert hashes(out) == hashes(tmp_path / "undisturbed")
    assert Manifest.read(out).left_out == {"b/05.png": "not an image"}


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks into /proc")
def test_no_process_works_on_when_the_first_is_killed(folder, tmp_path, killed):
    out = tmp_path / "out"
    assert len(killed(out, "array", 2, 1)) > 1, "there were others"
    deadline = time.monotonic() + 30
    while (left := working_on(out)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def working_on(out: Path) -> list[str]:
    """Command lines of processes that have to do with the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(out.parent) in words:
            found.append(words)
    return found


@pytest.mark.parametrize("layout", ["array", "shards"])
@pytest.mark.parametrize("workers", [2, 3])
def test_the_number_of_processes_changes_nothing(folder, tmp_path, job_of, hashes, layout, workers):
    job = job_of(folder, layout=layout)
    prepare(job, tmp_path / "one", workers=1)
    told: list[int] = []
    prepare(job, tmp_path / "more", workers=workers, advance=told.append)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "more")
    assert sum(told) == 23


@pytest.fixture
def stopped(folder, tmp_path, job_of):
    """A preparation of five parts that was stopped after three."""

    def stop(pictures: int) -> None:
        if len(notes(tmp_path / "out")) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(job_of(folder), tmp_path / "out", workers=1, advance=stop)
    return tmp_path / "out"


@pytest.fixture
def made(monkeypatch):
    """The numbers of the parts that are made from now on."""
    numbers: list[int] = []

    def noted(job: Job, out: Path, number: int) -> Part:
        numbers.append(number)
        return make_part(job, out, number)

    monkeypatch.setattr("gansmith.prepare.workers.make_part", noted)
    return numbers


def test_parts_that_are_done_are_not_made_again(folder, stopped, job_of, made):
    prepare(job_of(folder), stopped, workers=1)
    assert made == [3, 4]


def test_a_part_of_pictures_that_have_changed_is_made_again(
    folder, stopped, tmp_path, job_of, made, hashes
):
    Image.new("RGB", (8, 8), "red").save(sorted(folder.rglob("*.png"))[5])
    prepare(job_of(folder), stopped, workers=1)
    assert made == [1, 3, 4]
    prepare(job_of(folder), tmp_path / "anew", workers=1)
    assert hashes(stopped) == hashes(tmp_path / "anew")


def test_a_part_that_was_written_by_half_is_made_again(folder, stopped, job_of, made):
    pixels = slots.slots(stopped)
    pixels.write_bytes(pixels.read_bytes()[:-1] + b"\xff")
    prepare(job_of(folder), stopped, workers=1)
    assert made == [2, 3, 4]


def test_going_on_with_other_settings_is_refused(folder, tmp_path, job_of):
    def stop(pictures: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(job_of(folder), tmp_path / "out", workers=1, advance=stop)
    with pytest.raises(DataError, match=r"conversion\.quick: False, now True"):
        prepare(job_of(folder, quick=True), tmp_path / "out", workers=1)


def test_two_at_the_same_time_are_refused(folder, tmp_path, job_of):
    met: list[str] = []

    def second(pictures: int) -> None:
        with pytest.raises(DataError, match="is being prepared by another process") as refused:
            prepare(job_of(folder), tmp_path / "out", workers=1)
        met.append(str(refused.value))

    prepare(job_of(folder), tmp_path / "out", workers=1, advance=second)
    assert len(met) == 5
