"""Build the wheel and the sdist, then install and try each in an empty environment elsewhere.

    python scripts/check_package.py -c constraints.txt

The archives stay in dist/. Everything else happens in a temporary folder, so that what runs is what
was installed and never this checkout.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
IN_WHEEL = (
    "gansmith/py.typed",
    "gansmith/data/mnist.npz",
    "/licenses/LICENSE",
    "/licenses/LICENSES/MNIST.txt",
)
TRAIN = "train dcgan --data mnist --steps 3 --run first"
COMMANDS = ("--version", "--help", "list", TRAIN)
INSPECT = """
import importlib.metadata, pathlib, sys, gansmith
home = pathlib.Path(gansmith.__file__).resolve()
assert home.is_relative_to(pathlib.Path(sys.prefix).resolve()), f"imported from {home}"
for name in ("py.typed", "data/mnist.npz"):
    assert (home.parent / name).is_file(), f"{name} was not installed"
installed = importlib.metadata.version("gansmith")
assert installed == gansmith.__version__, (installed, gansmith.__version__)
licences = {f.name for f in importlib.metadata.files("gansmith") if "licenses" in f.parts}
assert {"LICENSE", "MNIST.txt"} <= licences, f"licence files: {licences}"
"""


def run(shown: str, command: list[str | Path], folder: Path) -> None:
    """Run a command in a folder, on the CPU; stop at the first that fails."""
    print(f"$ {shown}", flush=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    clean["CUDA_VISIBLE_DEVICES"] = ""
    if status := subprocess.run(command, cwd=folder, env=clean, check=False).returncode:
        raise SystemExit(f"check_package: exit status {status} from: {shown}")


def build() -> list[Path]:
    """The sdist, and the wheel made from it, fresh in dist/."""
    for old in [*DIST.glob("gansmith-*.whl"), *DIST.glob("gansmith-*.tar.gz")]:
        old.unlink()
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", DIST, ROOT]
    run("python -m build", command, ROOT)
    (wheel,) = DIST.glob("*.whl")
    (sdist,) = DIST.glob("*.tar.gz")
    return [wheel, sdist]


def check_contents(wheel: Path) -> None:
    """Stop unless the wheel carries the data and the licences."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    missing = [wanted for wanted in IN_WHEEL if not any(n.endswith(wanted) for n in names)]
    if missing:
        raise SystemExit(f"check_package: {wheel.name} lacks {', '.join(missing)}")


def try_out(archive: Path, constraints: list[str]) -> None:
    """Install an archive where nothing is installed yet, and use it."""
    print(f"\n== {archive.name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="gansmith-package-") as temporary:
        folder = Path(temporary)
        venv.create(folder / "env", with_pip=True)
        scripts = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        python = scripts / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run(f"pip install {archive.name}", [*install, *constraints, archive], folder)
        run("look at what was installed", [python, "-c", INSPECT], folder)
        for arguments in COMMANDS:
            run(f"gansmith {arguments}", [scripts / "gansmith", *arguments.split()], folder)
        if not (folder / "first" / "config.json").is_file():
            raise SystemExit("check_package: training left no run directory")


def main() -> None:
    """Build both archives, look into the wheel, try both out."""
    parser = argparse.ArgumentParser(description="Build, install and try the package.")
    parser.add_argument("-c", "--constraint", type=Path, help="passed on to pip install")
    constraint = parser.parse_args().constraint
    constraints = ["-c", str(constraint.resolve())] if constraint else []
    wheel, sdist = build()
    check_contents(wheel)
    for archive in (wheel, sdist):
        try_out(archive, constraints)
    print("\ncheck_package: both install and run")
    for archive in (wheel, sdist):
        print(f"  {archive.relative_to(ROOT)}  {archive.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
