"""Every planted fault is named, nothing is said of clean pictures, and memory stays bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from gansmith.data.decode import Conversion, UnreadableError
from gansmith.data.folder import image_folder
from gansmith.data_check import enough
from gansmith.data_check.faults import FAULTS
from gansmith.data_check.names import escaped

KEYS = {"kind", "severity", "count", "says", "advice", "names", "reasons", "groups"}


@pytest.fixture(scope="module")
def told(planted, module_command) -> dict:
    """The JSON object about the hostile folder."""
    code, out, err = module_command("data", "check", planted[0], "--json")
    assert (code, err) == (1, "")
    return json.loads(out)


@pytest.fixture(scope="module")
def module_command():
    """The command line in a process of its own: arguments -> (exit code, stdout, stderr)."""

    def call(*arguments: object) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "gansmith", *map(str, arguments)],
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return call


def named(told: dict) -> dict[str, set[str]]:
    return {finding["kind"]: set(finding["names"]) for finding in told["findings"]}


def test_every_planted_fault_is_named_and_nothing_else(planted, told):
    found = named(told)
    assert found.pop("number") == set() and found.pop("cropped") == set()
    assert found == planted[1]


def test_each_finding_has_its_keys_its_names_and_its_reasons(told):
    for finding in told["findings"]:
        assert set(finding) == KEYS
        if finding["kind"] in FAULTS:
            assert finding["severity"] == "fault"
            assert finding["count"] == len(finding["names"]) == len(finding["reasons"])
            assert all(finding["reasons"])


def test_duplicates_stand_in_their_groups(told):
    groups = {finding["kind"]: finding["groups"] for finding in told["findings"]}
    assert groups["duplicate"] == [["twin a.png", "twin b.bmp"]]
    assert groups["near-duplicate"] == [["near a.png", "near b.jpg", "near c.png"]]


def test_a_picture_is_faulty_exactly_where_training_leaves_it_out(planted, told):
    source, convert = image_folder(planted[0]), Conversion(height=16, width=16)
    left_out = set()
    for number, name in enumerate(source.names):
        try:
            convert(source.read(number))
        except UnreadableError:
            left_out.add(name)
    assert left_out == set().union(*(named(told).get(kind, set()) for kind in FAULTS))
    assert told["pictures"] - told["readable"] == len(left_out) > 10


def test_the_words_name_every_fault_on_a_line_and_escape_what_does_not_print(
    planted, module_command
):
    code, out, err = module_command("data", "check", planted[0])
    assert code == 1 and "Traceback" not in out + err
    bad = set().union(*(names for kind, names in planted[1].items() if kind in FAULTS))
    for name in bad:
        shown = escaped(name)
        assert (shown if len(shown) < 120 else "...") in out
    assert r"line\nbreak\t\x1b[31m.png: an empty file" in out
    assert "\x1b" not in out and "한글 그림.png" in out and r"a\\b[red].png" in out
    assert "1 picture of 16 bits loses precision." in out
    assert "1 picture with transparency is laid on white." in out


def test_clean_pictures_are_only_few(builder, tmp_path, command):
    builder.clean(tmp_path)
    code, out, _ = command("data", "check", tmp_path, "--json")
    told = json.loads(out)
    assert [finding["kind"] for finding in told["findings"]] == ["number"]
    assert "arXiv:2006.10738" in told["findings"][0]["says"]
    assert (code, told["verdict"], told["readable"]) == (1, "usable with warnings", builder.GOOD)
    assert told["width"] == {"min": 96, "median": 96, "max": 96} and told["sizes"] == 1
    assert told["kinds"] == {"RGB": builder.GOOD}


def test_exit_codes(builder, tmp_path, command, monkeypatch):
    monkeypatch.setattr(enough, "FEW", 10)
    monkeypatch.setattr(enough, "SOME", 20)
    builder.clean(tmp_path, 20)
    assert command("data", "check", tmp_path)[0] == 0
    for number in range(20):
        (tmp_path / f"bad {number}.png").touch()
    assert command("data", "check", tmp_path)[0] == 1, "as many bad as good"
    (tmp_path / "bad more.png").touch()
    code, out, _ = command("data", "check", tmp_path)
    assert code == 2 and "Not usable." in out
    for good in tmp_path.glob("good*"):
        good.unlink()
    told = json.loads(command("data", "check", tmp_path, "--json")[1])
    assert (told["verdict"], told["width"]) == ("not usable", None)


def test_what_may_not_be_opened_is_named(builder, tmp_path, command, monkeypatch):
    (shut, *_) = builder.clean(tmp_path, 4)
    (tmp_path / shut).chmod(0)
    read = Path.read_bytes

    def refused(path: Path) -> bytes:  # as it would be for anyone but root
        if path.name == shut:
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    _, out, _ = command("data", "check", tmp_path, "--json")
    finding = json.loads(out)["findings"][0]
    assert (finding["kind"], finding["names"]) == ("unreadable", [shut])
    assert finding["reasons"] == ["permission denied"]


def test_a_folder_that_may_not_be_entered_is_named(builder, tmp_path, command, monkeypatch):
    builder.clean(tmp_path / "open", 3)
    walk = os.walk

    def refused(path, onerror=None, **more):
        if onerror:
            onerror(PermissionError(13, "Permission denied", str(tmp_path / "shut")))
        return walk(path, onerror=onerror, **more)

    monkeypatch.setattr("gansmith.data_check.surroundings.os.walk", refused)
    told = json.loads(command("data", "check", tmp_path, "--json")[1])
    (finding,) = [one for one in told["findings"] if one["kind"] == "closed-folder"]
    assert (finding["names"], finding["reasons"]) == (["shut"], ["Permission denied"])


def test_a_path_of_300_letters_is_read(builder, tmp_path, command):
    place = builder.long_path(tmp_path)
    builder.picture(0).save(place)
    assert len(str(place)) > 300
    assert json.loads(command("data", "check", tmp_path, "--json")[1])["readable"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "no folder called 'nowhere'"),
        ([__file__], "is not a folder"),
        (["."], "No images in ."),
        ([".", "--size", "0"], "--size 0: give a side in pixels"),
        ([".", "--size", "64x64x3"], "height x width"),
        ([".", "--method", "dcgam"], "Did you mean dcgan"),
        ([".", "--sheet", "sheet.jpg"], "give the name of a .png file"),
    ],
)
def test_what_cannot_be_done_is_one_message(arguments, says, tmp_path, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = command("data", "check", *arguments)
    assert (code, out) == (2, "") and says in err and err.count("\n") == 1


PEAK = """
import re, resource, sys
try:  # of this program alone; the other may be that of the process it was started from
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak, file=sys.stderr)
"""


def test_memory_stays_below_a_gigabyte(builder, planted, tmp_path):
    resource = pytest.importorskip("resource")
    assert resource
    builder.clean(tmp_path, 2)
    for name in ("large a.png", "large b.png"):  # decoded together they take 650 MB, and copies
        Image.new("RGB", (9000, 9000), "navy").save(tmp_path / name, compress_level=1)
    peaks = []
    for folder in (tmp_path, planted[0]):
        code = (
            "import sys\nfrom gansmith.cli import run\n"
            f"code = run(['data', 'check', {str(folder)!r}, '--json'])\n"
            "assert code == 1 and 'torch' not in sys.modules\n"
            f"{PEAK}"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert json.loads(done.stdout)["readable"] >= 4
        peaks.append(int(done.stderr) * (1 if sys.platform == "darwin" else 1024))
    assert 300_000_000 < peaks[0] < 1_000_000_000, "one of them at a time"
    assert peaks[1] < 1_000_000_000
