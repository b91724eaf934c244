"""Archives give plain files that were asked for, whatever else they hold."""

from __future__ import annotations

import stat
import tarfile
import zipfile

import pytest

from gansmith.errors import DataError
from gansmith.recipes.archives import Limits, members
from gansmith.recipes.deb import MAGIC

from .conftest import deb_bytes, tar_bytes, write_archive

KINDS = ("one.tgz", "one.whl", "one.deb")
HOSTILE = {
    "../up.png": b"1",
    "a/../../up.png": b"2",
    "/etc/absolute.png": b"3",
    "a//empty.png": b"4",
    "a\\..\\back.png": b"5",
    "C:/drive.png": b"6",
}


def entry(name: str, kind: bytes, target: str = "", size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, size
    return info


@pytest.mark.parametrize("kind", KINDS)
class TestAnyKind:
    def test_gives_what_the_patterns_name_and_nothing_else(self, tmp_path, kind):
        files = {"a/1.png": b"one", "a/2.txt": b"two", "b/3.png": b"three"}
        path = write_archive(tmp_path / kind, files)
        assert dict(members(path, ["a/*"])) == {"a/1.png": b"one", "a/2.txt": b"two"}
        assert [name for name, _ in members(path, ["*.png"])] == ["a/1.png", "b/3.png"]
        assert not list(members(path, ["c/*"]))

    def test_no_name_leads_out_and_nothing_is_unpacked(self, tmp_path, kind):
        folder = tmp_path / "inner"
        folder.mkdir()
        path = write_archive(folder / kind, {**HOSTILE, "a/good.png": b"good"})
        before = sorted(tmp_path.rglob("*"))
        assert dict(members(path, ["*"])) == {"a/good.png": b"good"}
        assert sorted(tmp_path.rglob("*")) == before

    def test_the_limits_hold(self, tmp_path, kind):
        path = write_archive(tmp_path / kind, {f"a/{n}.png": bytes(100) for n in range(5)})
        assert len(list(members(path, ["*"], Limits(5, 500)))) == 5
        for limits in (Limits(4, 500), Limits(5, 499)):
            with pytest.raises(DataError, match="more than a recipe reads"):
                list(members(path, ["*"], limits))
        with pytest.raises(DataError, match="unpacks to more"):
            list(members(path, ["nothing"], Limits(passed=499)))

    def test_a_bomb_is_refused_before_it_is_read(self, tmp_path, kind):
        path = write_archive(tmp_path / kind, {"a/bomb.png": bytes(20_000_000)})
        assert path.stat().st_size < 100_000
        read = members(path, ["*"], Limits(bytes=1_000_000))
        with pytest.raises(DataError, match="more than a recipe reads"):
            next(read)

    @pytest.mark.parametrize("part", [0.5, 0.98])
    def test_a_damaged_file_is_named(self, tmp_path, kind, part):
        import random

        content = random.Random(0).randbytes(50_000)  # which no compression shortens
        path = write_archive(tmp_path / kind, {"a/1.png": content})
        whole = path.read_bytes()
        path.write_bytes(whole[: int(part * len(whole))])
        with pytest.raises(DataError, match=kind):
            list(members(path, ["*"]))

    def test_a_file_of_another_kind_is_refused(self, tmp_path, kind):
        path = tmp_path / kind
        path.write_bytes(b"not an archive at all" * 100)
        with pytest.raises(DataError, match=kind):
            list(members(path, ["*"]))


@pytest.mark.parametrize("kind", ["one.tgz", "one.deb"])
def test_links_and_devices_of_a_tar_archive_are_passed_over(tmp_path, kind):
    more = [
        entry("a/soft.png", tarfile.SYMTYPE, "/etc/passwd"),
        entry("a/hard.png", tarfile.LNKTYPE, "a/good.png"),
        entry("a/device.png", tarfile.CHRTYPE),
        entry("a/pipe.png", tarfile.FIFOTYPE),
        entry("a/folder.png", tarfile.DIRTYPE),
    ]
    path = write_archive(tmp_path / kind, {"a/good.png": b"good"}, more=more)
    assert dict(members(path, ["*"])) == {"a/good.png": b"good"}


def test_links_of_a_zip_archive_are_passed_over(tmp_path):
    path = tmp_path / "one.whl"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("a/soft.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a/good.png", b"good")
    assert dict(members(path, ["*"])) == {"a/good.png": b"good"}


def test_the_first_of_two_files_of_one_name_counts(tmp_path):
    path = tmp_path / "one.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for content in (b"first", b"second"):
            (tmp_path / "x").write_bytes(content)
            archive.add(tmp_path / "x", "a/1.png")
    assert dict(members(path, ["*"])) == {"a/1.png": b"first"}


def test_a_debian_package_is_read_as_dpkg_reads_it(tmp_path):
    path = write_archive(tmp_path / "one.deb", {"./usr/share/a.txt": b"odd length"})
    assert dict(members(path, ["usr/*"])) == {"usr/share/a.txt": b"odd length"}
    plain = tmp_path / "plain.deb"
    plain.write_bytes(deb_bytes(tar_bytes({"./usr/a.txt": b"1"}), b"data.tar"))
    assert dict(members(plain, ["usr/*"])) == {"usr/a.txt": b"1"}


def test_a_debian_package_with_another_compression_says_so(tmp_path):
    path = tmp_path / "one.deb"
    path.write_bytes(deb_bytes(b"1234", b"data.tar.zst"))
    with pytest.raises(DataError, match=r"data\.tar\.zst; expected data\.tar\.xz"):
        list(members(path, ["*"]))
    path.write_bytes(MAGIC + b"x" * 60)
    with pytest.raises(DataError, match="no header"):
        list(members(path, ["*"]))
