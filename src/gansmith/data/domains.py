"""Two domains of pictures without pairs: two folders, or the layout of CycleGAN's data.

Source of the layout: Zhu et al. 2017, arXiv:1703.10593, reference code (trainA, trainB, ...).
"""

from __future__ import annotations

from pathlib import Path

from gansmith.data.folder import image_folder
from gansmith.data.form import Form
from gansmith.data.found import Found


def has_domains(path: Path) -> bool:
    """Whether a folder holds trainA and trainB."""
    return (path / "trainA").is_dir() and (path / "trainB").is_dir()


def two_domains(path: Path, form: Form) -> Found:
    """trainA and trainB; testA and testB, where both are there, are held out."""
    held_out = (path / "testA").is_dir() and (path / "testB").is_dir()
    first, second = (
        Found(
            image_folder(path / f"train{domain}"),
            image_folder(path / f"test{domain}") if held_out else None,
        )
        for domain in "AB"
    )
    return first._replace(other=second)


def named_pair(name: str) -> tuple[str, str] | None:
    """The two names in "A,B" where both lie on disk; None for anything else."""
    parts = name.split(",")
    for middle in range(1, len(parts)):  # a name may hold commas itself
        pair = ",".join(parts[:middle]), ",".join(parts[middle:])
        if all(part and Path(part).exists() for part in pair):
            return pair
    return None
