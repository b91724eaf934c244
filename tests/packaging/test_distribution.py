"""What must be true of the tree for its archives to be whole: licences, data, versions."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "gansmith"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:work|root|home|tmp|Users|private)/\w")


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pinned}


def requirements() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    return [Requirement(r) for r in [*PROJECT["dependencies"], *(r for e in extras for r in e)]]


def files_of_the_project() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_package_is_typed():
    assert (PACKAGE / "py.typed").is_file()


def test_licences_name_everyone():
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    notice = (ROOT / "LICENSES" / "MNIST.txt").read_text(encoding="utf-8")
    for wanted in ("LeCun", "Cortes", "Burges", "BY-SA 3.0", "Raschka", "BSD-3-Clause"):
        assert wanted in notice


def test_embedded_digits_are_small_balanced_and_disjoint():
    path = PACKAGE / "data" / "mnist.npz"
    assert path.stat().st_size <= 1_500_000
    with np.load(path) as stored:
        arrays = dict(stored)
    seen = {}
    for part, per_class in (("train", 400), ("held_out", 100)):
        images, labels = arrays.pop(f"{part}_images"), arrays.pop(f"{part}_labels")
        assert images.shape == (10 * per_class, 28, 28)
        assert images.dtype == labels.dtype == np.uint8
        np.testing.assert_array_equal(labels, np.tile(np.arange(10), per_class))
        seen[part] = {image.tobytes() for image in images}
        assert len(seen[part]) == len(images)
    assert not arrays
    assert not seen["train"] & seen["held_out"]


def test_constraints_pin_every_direct_dependency():
    pinned = pins()
    for requirement in requirements():
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not pinned"
        assert version in requirement.specifier
        assert "+" not in version, "a local version cannot be had everywhere"


def test_changelog_knows_the_version():
    source = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', source, re.MULTILINE)
    assert found
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog or f"## [{found[1]}]" in changelog
    assert found[1] in changelog


def test_no_path_of_one_machine_is_committed():
    found = []
    for path in files_of_the_project():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT)
        found += [f"{name}:{n}: {s}" for n, s in enumerate(lines, 1) if MACHINE_PATH.search(s)]
    assert not found
