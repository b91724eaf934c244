"""Writes a measured result beside the command, the machine and the commit that gave it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

from gansmith.environment import processor

RESULTS = Path(__file__).parent / "results"


def write(name: str, result: dict[str, Any]) -> Path:
    """results/NAME.json; also printed."""
    content = {
        "command": " ".join(["python", Path(sys.argv[0]).name, *map(_elsewhere, sys.argv[1:])]),
        "commit": commit(),
        "machine": machine(),
        "result": result,
    }
    path = RESULTS / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")
    print(json.dumps(result, indent=2))
    return path


def _elsewhere(argument: str) -> str:
    """An argument without the folders of an absolute path, which mean nothing on other machines."""
    name, equals, path = argument.rpartition("=")
    return f"{name}{equals}{Path(path).name}" if Path(path).is_absolute() else argument


def commit() -> str:
    """The commit that is checked out, with "+" where files of the package differ from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return head + ("+" if _git("status", "--porcelain", "--", "../src") else "")


def _git(*arguments: str) -> str:
    answer = subprocess.run(
        ["git", *arguments], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def machine() -> dict[str, Any]:
    """What a reader needs to compare times."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "bf16_in_hardware": torch.cpu._is_amx_tile_supported()
        or torch.cpu._is_avx512_bf16_supported(),
        "amx": torch.cpu._is_amx_tile_supported(),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
