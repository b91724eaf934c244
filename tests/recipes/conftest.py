"""Small made-up package files, hostile ones among them, and recipes for them."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from gansmith.recipes.table import Package, Recipe


def tar_bytes(files: Mapping[str, bytes], more: list[tarfile.TarInfo] | None = None) -> bytes:
    """A tar archive of these files, and of entries without content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in more or []:
            archive.addfile(info)
    return out.getvalue()


def deb_bytes(data: bytes, name: bytes = b"data.tar.xz") -> bytes:
    """A Debian package around a compressed tar archive."""
    out = b"!<arch>\n"
    for part, content in ((b"debian-binary", b"2.0\n"), (b"control.tar.xz", b"odd"), (name, data)):
        header = part.ljust(16) + b"0".ljust(12) + b"0".ljust(6) * 2 + b"100644".ljust(8)
        out += header + str(len(content)).encode().ljust(10) + b"`\n" + content
        out += b"\n" * (len(content) % 2)
    return out


def write_archive(path: Path, files: Mapping[str, bytes], **more: Any) -> Path:
    """A .tgz, .whl or .deb file, by its name."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    elif path.suffix == ".deb":
        path.write_bytes(deb_bytes(lzma.compress(tar_bytes(files, **more))))
    else:
        path.write_bytes(gzip.compress(tar_bytes(files, **more)))
    return path


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, and no package manager."""
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "cache"))
    monkeypatch.setattr("shutil.which", lambda program: None)
    return tmp_path / "cache" / "gansmith"


@pytest.fixture
def made_up(tmp_path: Path) -> Callable[..., tuple[Recipe, list[Path]]]:
    """(kind, archives by file name, counts, options) → a recipe, and its package files."""

    def make(
        kind: str,
        archives: Mapping[str, Mapping[str, bytes]],
        counts: tuple[int, int],
        opens: str = "train",
        **options: Any,
    ) -> tuple[Recipe, list[Path]]:
        paths = [write_archive(tmp_path / name, files) for name, files in archives.items()]
        packages = tuple(
            Package(
                client={".whl": "pip", ".deb": "apt"}.get(path.suffix, "npm"),
                name=path.stem,
                version="1",
                file=path.name,
                bytes=path.stat().st_size,
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                members=("*",),
                terms=("*LICENSE",),
            )
            for path in paths
        )
        recipe = Recipe(
            name="photos",  # a name that the table knows, for `cached`
            about="made up",
            licence="MIT",
            attribution="A. Uthor",
            kind=kind,
            opens=opens,
            train=counts[0],
            held_out=counts[1],
            packages=packages,
            options=options,
        )
        return recipe, paths

    return make
