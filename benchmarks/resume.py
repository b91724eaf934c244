"""Whether 100 steps, a kill and a resume give the bytes of 200 steps.

python benchmarks/resume.py
"""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from provenance import write

RUNS = [(name, precision) for name in ("gan", "dcgan", "wgan-gp") for precision in ("fp32", "bf16")]
STEPS, CHECKPOINT_EVERY = 200, 50
FLAGS = {"wgan-gp": ["--width", "8", "--batch-size", "16"]}
"""What keeps the slowest method short; the others run at their defaults."""


def main() -> None:
    """Compare the bytes."""
    rows = [compared(name, precision) for name, precision in RUNS]
    write("resume", {"steps": STEPS, "checkpoint_every": CHECKPOINT_EVERY, "runs": rows})


def compared(name: str, precision: str) -> dict[str, object]:
    """One method in one precision."""
    with tempfile.TemporaryDirectory() as folder:
        flags = ["--steps", str(STEPS), "--checkpoint-every", str(CHECKPOINT_EVERY)]
        flags += ["--precision", precision, "--device", "cpu", *FLAGS.get(name, []), "--json"]
        train = [sys.executable, "-m", "gansmith", "train", name, *flags, "--run", "run"]
        whole, killed = Path(folder, "whole"), Path(folder, "killed")
        whole.mkdir()
        killed.mkdir()
        subprocess.run(train, cwd=whole, check=True, stdout=subprocess.DEVNULL)
        step = kill_after(train, killed, STEPS // 2)
        resume = [sys.executable, "-m", "gansmith", "resume", "run", "--json"]
        subprocess.run(resume, cwd=killed, check=True, stdout=subprocess.DEVNULL)
        same = {name: digest(whole / "run" / path) == digest(killed / "run" / path)
                for name, path in files().items()}  # fmt: skip
    return {"method": name, "precision": precision, "killed_at_step": step, "equal_bytes": same}


def kill_after(command: list[str], folder: Path, step: int) -> int:
    """Start, and kill -9 once the log has passed this step; the last logged step."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    metrics = folder / "run" / "metrics.jsonl"
    checkpoint = folder / "run" / "checkpoints" / f"{step:09d}"
    while not checkpoint.exists():
        time.sleep(0.005)
        assert process.poll() is None, "the run ended before it was killed"
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return metrics.read_bytes().count(b"\n")


def files() -> dict[str, str]:
    """What has to be equal."""
    checkpoint = f"checkpoints/{STEPS:09d}"
    return {
        "weights and average": f"{checkpoint}/networks.safetensors",
        "optimizer state": f"{checkpoint}/optimizers.safetensors",
        "metrics.jsonl": "metrics.jsonl",
        "samples": f"samples/{STEPS:06d}.png",
    }


def digest(path: Path) -> str:
    """sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
